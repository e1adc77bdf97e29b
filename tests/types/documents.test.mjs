// The documents: what they link to is there, and their snippets are what the declarations accept.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../..', import.meta.url));
const here = fileURLToPath(new URL('.', import.meta.url));
const read = (path) => readFileSync(join(root, path), 'utf8');

const documents = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  'src/README.md', 'bench/README.md',
  ...readdirSync(join(root, 'docs'), { recursive: true }).filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`),
];

/** The text of a document without its code. */
const prose = (document) => read(document).replace(/^```.*?^```/gms, '').replace(/`[^`\n]*`/g, (code) => code.replace(/[[\]]/g, ''));

/** What a heading is linked by. */
const anchorOf = (heading) => heading.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-');

for (const document of documents) {
  test(`the links of ${document} lead somewhere`, () => {
    for (const [, target] of prose(document).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^(https?|mailto):/.test(target)) continue;
      const [path, anchor] = target.split('#');
      const file = path ? join(root, dirname(document), path) : join(root, document);
      assert.ok(existsSync(file), `${target} in ${document}`);
      if (!anchor || statSync(file).isDirectory()) continue;
      const headings = [...prose(relative(root, file)).matchAll(/^#+ (.*)$/gm)].map(([, heading]) => anchorOf(heading));
      assert.ok(headings.includes(anchor), `#${anchor} of ${target} in ${document}`);
    }
  });
}

test('every page of docs/ is linked from the README or from a page that is', () => {
  const reached = new Set(['README.md']);
  for (const document of reached) {
    for (const [, target] of prose(document).matchAll(/\]\(([^)\s#]+\.md)/g)) {
      const path = relative(root, join(root, dirname(document), target));
      if (!target.includes(':')) reached.add(path);
    }
  }
  assert.deepEqual(documents.filter((document) => document.startsWith('docs/') && !reached.has(document)), []);
});

test('the README has less than 200 lines', () => {
  assert.ok(read('README.md').split('\n').length < 200);
});

/** Pages whose examples run in tests/e2e, with a framework's or a library's own types; and one that is for adapters. */
const FOR_OTHERS = /^(docs\/(frameworks|libraries|testing|migrating\/.*)|bench\/README)\.md$/;
/** Those for programs that have no page. */
const WITHOUT_A_PAGE = ['docs/without-a-page.md'];

/** What a snippet takes from the program around it. */
const AROUND = `
type Registration = Omit<import('claviger').ClientOptions, 'resources' | 'stateStore' | 'tokenStore' | 'autoRenew'>;
declare const registration: Registration;
declare const client: import('claviger').Client;
declare const token: string, client_id: string, client_secret: string, body: string;
declare const button: { onclick: () => unknown }, signIn: { onclick: () => unknown };
declare const shell: { open(url: string): void; onOpened: (url: string) => unknown };
declare function askFor(scope: string | undefined): void;
declare function showMessage(text: string): void;
declare module '*?url' { const url: string; export default url; }
`;

for (const [name, lib, types, chosen] of [
  ['a page', ['es2022', 'dom', 'dom.iterable'], [], (document) => !WITHOUT_A_PAGE.includes(document)],
  ['Node, without the DOM', ['es2022'], ['node'], (document) => WITHOUT_A_PAGE.includes(document)],
]) {
  test(`the snippets for ${name} compile with --strict`, async (t) => {
    const folder = mkdtempSync(join(here, '.snippets-'));
    t.after(() => rmSync(folder, { recursive: true }));
    let count = 0;
    for (const document of documents.filter((document) => chosen(document) && !FOR_OTHERS.test(document))) {
      for (const [, code] of read(document).matchAll(/^```(?:js|ts)\n(.*?)^```/gms)) {
        const imported = /^import .*createClient/m.test(code) ? '' : "import { createClient } from 'claviger';\n";
        // A module, as in a bundler's project, so that its names are its own.
        writeFileSync(join(folder, `${document.replace(/\W/g, '-')}-${count}.mts`), `${imported}${code}\nexport {};\n`);
        count += 1;
      }
    }
    assert.ok(count > 0);
    writeFileSync(join(folder, 'around.d.ts'), AROUND);
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({
      extends: '../tsconfig.json',
      // Beyond --strict, and against the way in which a reader would write it.
      compilerOptions: { lib, types, noPropertyAccessFromIndexSignature: false },
      include: ['*.mts', '*.d.ts'],
    }));
    const tsc = fileURLToPath(new URL('bin/tsc', import.meta.resolve('typescript/package.json')));
    await promisify(execFile)(process.execPath, [tsc, '-p', folder]).catch((error) => assert.fail(error.stdout || error.stderr));
  });
}
