// What importing an entry does: nothing, wherever it is. Each runs in a realm with the language and nothing else, as an
// old jsdom, a bundler's server build or an edge platform may have it.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { packaged, project } from '../e2e/harness/package.mjs';

const { exports } = JSON.parse(packaged('package.json'));
const FILES = Object.values(exports).flatMap((target) => target.default ?? []);

/** Runs `run` in a realm that may have what `globals` says; gives its outcome, and the globals that the import made. */
async function imported(file, { globals = '({})', codeGeneration = {}, run = '() => undefined' } = {}) {
  const script = `
    import { readFileSync } from 'node:fs';
    import { createContext, runInContext, SourceTextModule } from 'node:vm';
    const context = createContext(${globals}, { codeGeneration: ${JSON.stringify(codeGeneration)} });
    const before = new Set(runInContext('Reflect.ownKeys(globalThis)', context));
    const module = new SourceTextModule(readFileSync(${JSON.stringify(file)}, 'utf8'), { context });
    await module.link(() => { throw new Error('It imports another file.'); });
    await module.evaluate();
    const made = runInContext('Reflect.ownKeys(globalThis)', context).filter((name) => !before.has(name)).map(String);
    const outcome = await Promise.resolve((${run})(module.namespace)).catch(({ code, message }) => [code, message]);
    console.log(JSON.stringify({ made, outcome }));
  `;
  const flags = ['--experimental-vm-modules', '--no-warnings', '--input-type=module', '--eval', script];
  const { stdout } = await promisify(execFile)(process.execPath, flags, { cwd: `${project}/node_modules/claviger`, timeout: 30_000 });
  return JSON.parse(stdout);
}

test('every entry is looked at', () => {
  assert.equal(FILES.length, 10);
});

for (const file of FILES) {
  test(`${file} is imported where nothing of the platform is, and leaves nothing there`, async () => {
    assert.deepEqual(await imported(file), { made: [] });
  });
}

const OPTIONS = { server: { authorization_endpoint: 'https://as.example/authorize' }, client_id: 'spa', redirect_uri: 'https://app.example/cb', response_type: 'token' };
const run = `({ createClient }) => createClient(${JSON.stringify(OPTIONS)})`;
const WITHOUT = 'This platform compiles no WebAssembly at run time; import claviger/wasm and give load the module that was compiled before.';

for (const file of ['./wasm/claviger.js', './wasm/implicit.js']) {
  test(`load_failed, word for word: ${file} where the platform compiles nothing at run time`, async () => {
    const { outcome } = await imported(file, { codeGeneration: { wasm: false }, run });
    assert.deepEqual(outcome, ['load_failed', WITHOUT]);
  });

  test(`load_failed, word for word: ${file} in a page whose policy an old Chromium keeps without a word of it`, async () => {
    const { outcome } = await imported(file, { globals: '({ document: {} })', codeGeneration: { wasm: false }, run });
    assert.deepEqual(outcome, ['load_failed', "The page's Content-Security-Policy forbids WebAssembly; add 'wasm-unsafe-eval' to its script-src."]);
  });
}
