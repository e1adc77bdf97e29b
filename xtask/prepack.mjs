// Before npm packs: everything that package.json publishes is there, or there is no package.
import { existsSync, readFileSync } from 'node:fs';

const { exports, files, main, module, types } = JSON.parse(readFileSync('package.json', 'utf8'));

/** The files that a value of `exports` leads to. */
const filesOf = (value) => (typeof value === 'string' ? [value] : Object.values(value).flatMap(filesOf));

const named = [main, module, types, ...filesOf(exports), ...files.filter((name) => !name.includes('*'))];
const missing = [...new Set(named)].filter((name) => !existsSync(name));
if (missing.length > 0) {
  console.error(`The package has no ${missing.join(', ')}; build it with cargo xtask build first.`);
  process.exitCode = 1;
}
