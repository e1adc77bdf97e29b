// The declarations of the package: what they accept and refuse, and that they tell what the crate
// and the documents tell.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { members } from './members.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const text = (path) => readFile(new URL(path, import.meta.url), 'utf8');
const all = (pattern, within) => [...within.matchAll(pattern)].map(([, captured]) => captured);

for (const [compiler, module, resolution] of [
  ['typescript', 'esnext', 'bundler'],
  ['typescript', 'node16', 'node16'],
  ['typescript', 'nodenext', 'nodenext'],
  ['typescript-5.9', 'esnext', 'bundler'],
  ['typescript-5.9', 'nodenext', 'nodenext'],
]) {
  test(`${compiler} --strict --moduleResolution ${resolution}`, async () => {
    const tsc = fileURLToPath(new URL('bin/tsc', import.meta.resolve(`${compiler}/package.json`)));
    const settings = ['--strict', '--module', module, '--moduleResolution', resolution];
    await promisify(execFile)(process.execPath, [tsc, '-p', here, ...settings]).catch((error) =>
      assert.fail(error.stdout || error.stderr),
    );
  });
}

/** The codes of the errors that the facade makes itself. */
async function codesOfFacade() {
  const folder = new URL('../../pkg/facade/', import.meta.url);
  const files = (await readdir(folder)).filter((name) => name.endsWith('.js'));
  const texts = await Promise.all(files.map((name) => readFile(new URL(name, folder), 'utf8')));
  return texts.flatMap((text) => all(/new OAuthError\(\s*'([a-z_]+)'/g, text));
}

test('every code of the crate and of the facade is declared, and no other', async () => {
  const codes = all(/: "([a-z_]+)", "/g, await text('../../src/error/table.rs'));
  // Some have several sentences.
  assert.deepEqual(members('OAuthErrorCode').sort(), [...new Set([...codes, ...(await codesOfFacade())])].sort());
});

test('the doc comment of OAuthErrorCode tells of every code once, and once more of what has another sense elsewhere', async () => {
  const [before] = (await text('../../pkg/index.d.ts')).split('export type OAuthErrorCode');
  const comment = before.slice(before.lastIndexOf('/**'));
  const told = all(/^ \* - `([a-z_]+)`(?!, of)/gm, comment);
  assert.deepEqual(told.sort(), members('OAuthErrorCode').sort());
});

test('docs/errors.md has every code in its table once', async () => {
  const table = await text('../../docs/errors.md');
  assert.deepEqual(all(/^\| `([a-z_]+)` \|/gm, table).sort(), members('OAuthErrorCode').sort());
});
