// The packed package, unpacked into the node_modules of a fresh project, and nothing else of the repository.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, normalize } from 'node:path';

export const tarball = process.env.CLAVIGER_TARBALL;
if (!tarball) {
  throw new Error('CLAVIGER_TARBALL is not set: run these tests with `cargo xtask test`.');
}

/** A folder that is gone when the process ends. */
export function temporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'claviger-e2e-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export const project = temporaryFolder();
const folder = join(project, 'node_modules', 'claviger');
mkdirSync(folder, { recursive: true });
writeFileSync(join(project, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
execFileSync('tar', ['-xzf', tarball, '--strip-components=1', '-C', folder]);

/** A file of the package, by its path in the package. */
export function packaged(path) {
  return readFileSync(join(folder, normalize(`/${path}`)));
}
