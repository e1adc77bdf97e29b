// The packed package, as a program in Node gets it.
import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { project } from '../../e2e/harness/package.mjs';

const { resolve } = createRequire(join(project, 'main.js'));

/** The entry `claviger`, found by way of the package's exports. */
export const claviger = await import(pathToFileURL(resolve('claviger')));

/** The entry `claviger/openid`. */
export const openid = await import(pathToFileURL(resolve('claviger/openid')));

/**
 * Runs a module in a process of its own, which has to end by itself; gives what it printed, as JSON.
 * The module finds `given` as a constant of that name; `options` are Node's.
 */
export async function run(code, given = null, options = []) {
  const script = `const given = ${JSON.stringify(given)};\n${code}`;
  const { stdout } = await promisify(execFile)(process.execPath, [...options, '--input-type=module', '--eval', script], {
    cwd: project,
    timeout: 30_000,
  });
  return JSON.parse(stdout);
}

/** What a promise came to: its value, or of what it was rejected with all that a test compares. */
export async function settle(promise) {
  try {
    return { value: await promise };
  } catch (thrown) {
    return { thrown };
  }
}

/** The stable name of an error; what is none of the package's own is named, too. */
export function codeOf({ thrown }) {
  return thrown && (thrown.code ?? thrown.name);
}
