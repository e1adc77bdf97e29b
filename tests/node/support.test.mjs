// docs/browsers.md's table of the oldest browsers: what the scripts and modules of the package need, by the data of MDN.
// tests/matrix/ signs in with Chromium 80.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { packaged } from '../e2e/harness/package.mjs';
import { ENGINES, keysOfScript, minimumOf } from './harness/engine-support.mjs';
import { needsOfModule } from './harness/module-needs.mjs';
import { run } from './harness/package.mjs';
import { needsOf } from './harness/script-needs.mjs';

const BROWSERS = readFileSync(new URL('../../docs/browsers.md', import.meta.url), 'utf8');
const { exports } = JSON.parse(packaged('package.json'));

const versionsOf = (keys) => Object.values(minimumOf(keys)).map(({ version }) => version);

/** The rows of the table, each with the entries that it is for. */
function rows() {
  const [, table] = /^\| entries \|(.*?)\n\n/ms.exec(BROWSERS);
  const lines = table.split('\n');
  assert.deepEqual(lines[0].split('|').slice(0, -1).map((cell) => cell.trim()), Object.keys(ENGINES));
  return lines.slice(2).map((line) => {
    const [, entries, ...versions] = line.split('|').slice(0, -1);
    return { entries: [...entries.matchAll(/`([^`]+)`/g)].map(([, name]) => name), versions: versions.map(Number) };
  });
}

/** The module inside of an entry: the bytes that it compiles. */
async function moduleIn(entry) {
  const bytes = await run(
    `
    let compiled;
    const { Module } = WebAssembly;
    WebAssembly.Module = class extends Module {
      constructor(bytes) {
        super(bytes);
        compiled = bytes;
      }
    };
    const { createClient, verifyIdToken } = await import(given);
    // What comes of it does not matter: the module is compiled first.
    await (createClient ?? verifyIdToken)({ server: { authorization_endpoint: 'https://as.example/a' }, client_id: 'spa', redirect_uri: 'https://app.example/', response_type: 'token', stateStore: 'session' }).catch(() => {});
    console.log(JSON.stringify(Buffer.from(compiled).toString('base64')));
    `,
    entry,
  );
  return Buffer.from(bytes, 'base64');
}

async function needsOfEntry(entry, { default: file, production = file }) {
  const scripts = [...new Set([file, production])].map((name) => needsOf(String(packaged(name))));
  const keys = new Set(scripts.flatMap((needs) => [...keysOfScript(needs)]));
  const isWithModule = !/no-wasm|early|callback/.test(entry);
  if (!isWithModule) return keys;
  const module = entry === 'claviger/wasm' ? packaged('wasm/claviger.wasm') : await moduleIn(entry);
  return new Set([...keys, ...needsOfModule(module)]);
}

/** All but the one for tests, which no user's browser loads. */
const ENTRIES = Object.entries(exports).filter(([path, target]) => target.default && path !== './testing').map(([path, target]) => [path.replace('.', 'claviger'), target]);

test('each entry has one row in the table of the oldest browsers', () => {
  assert.deepEqual(rows().flatMap(({ entries }) => entries).sort(), ENTRIES.map(([entry]) => entry).sort());
});

test('the table says what the entries need, no less and no more', async () => {
  for (const { entries, versions } of rows()) {
    const all = await Promise.all(ENTRIES.filter(([entry]) => entries.includes(entry)).map(([entry, target]) => needsOfEntry(entry, target)));
    const minimum = minimumOf(new Set(all.flatMap((keys) => [...keys])));
    assert.deepEqual(versions, Object.values(minimum).map(({ version }) => version), `${entries}: ${JSON.stringify(minimum)}`);
  }
});

test('docs/browsers.md says from which browsers on a policy can allow WebAssembly alone', () => {
  const [chrome, firefox, safari] = versionsOf(['http.headers.Content-Security-Policy.script-src.wasm-unsafe-eval']);
  assert.ok(BROWSERS.includes(`Chrome ${chrome}, Firefox ${firefox} and Safari ${safari}`));
});

test('docs/browsers.md says from which browsers on WebCrypto has Ed25519', () => {
  const [chrome, firefox, safari] = versionsOf(['api.SubtleCrypto.verify.ed25519']);
  assert.ok(BROWSERS.includes(`Browsers below Chrome ${chrome}, Firefox ${firefox} and Safari ${safari} lack the last one`));
});

test('what came later is seen, in scripts and in modules', () => {
  const LATER = {
    'a ??= 1': 85, 'a?.b': 80, 'Object.hasOwn(a, b)': 93, 'a.at(-1)': 92, 'AbortSignal.any([])': 116, 'AbortSignal.timeout(1)': 124, 'signal.throwIfAborted()': 100, 'structuredClone(a)': 98,
    'new CompressionStream("gzip")': 80, 'class A { #a }': 74, 'class A { static { a } }': 94, 'const { hasOwn } = Object': 93, '/a/v.test(b)': 112, 'await 1': 89, 'navigator.userActivation': 72, 'a.replaceAll(b, c)': 85,
  };
  for (const [script, chrome] of Object.entries(LATER)) {
    const { keys, globals, members } = needsOf(script);
    for (const name of ['a', 'b', 'c', 'signal']) globals.delete(name);
    assert.equal(versionsOf(keysOfScript({ keys, globals, members }))[0], chrome, script);
  }
  assert.throws(() => keysOfScript(needsOf('unheardOf()')), /No key is known for unheardOf/);
  const MODULES = {
    '(module)': 57,
    '(module (func (export "a") (param i32) (drop (i32.extend8_s (local.get 0)))))': 69,
    '(module (func (export "a") (param f32) (drop (i32.trunc_sat_f32_s (local.get 0)))))': 75,
    '(module (memory 1) (func (memory.fill (i32.const 0) (i32.const 0) (i32.const 0))))': 75,
    '(module (func (result i32 i32) (unreachable)))': 86,
    '(module (table 1 externref))': 96,
  };
  for (const [module, chrome] of Object.entries(MODULES)) assert.equal(versionsOf(needsOfModule(module))[0], chrome, module);
});

test('an abort has its reason where signals keep none, and options are read where there is no Object.hasOwn', async () => {
  const outcomes = await run(`
    delete Object.hasOwn;
    delete AbortSignal.prototype.reason;
    delete AbortSignal.prototype.throwIfAborted;
    globalThis.fetch = (_url, { signal }) => new Promise((_, reject) => {
      const abort = () => reject(new Error('aborted'));
      if (signal.aborted) abort();
      else signal.addEventListener('abort', abort);
    });
    const { createClient, discover } = await import('claviger');
    const settle = (promise) => promise.then(() => 'done', ({ name, code }) => (name === 'OAuthError' ? code : name));
    const server = { authorization_endpoint: 'https://as.example/authorize', token_endpoint: 'https://as.example/token' };
    const client = await createClient({ server, client_id: 'spa', redirect_uri: 'https://app.example/', response_type: 'code', stateStore: 'memory' });
    const exchange = async (options) => client.handleRedirect('https://app.example/?code=C&state=' + (await client.authorizationUrl()).searchParams.get('state'), options);
    const before = new AbortController();
    before.abort();
    const during = new AbortController();
    const waiting = settle(exchange({ signal: during.signal }));
    setTimeout(() => during.abort(), 50);
    const outcomes = [await settle(discover('https://as.example', { signal: before.signal })), await waiting];
    const ended = settle(exchange());
    setTimeout(() => client.logout(), 50);
    outcomes.push(await ended);
    console.log(JSON.stringify(outcomes));
    // The exchange is still to say what has to be revoked.
    process.exit();
  `);
  assert.deepEqual(outcomes, ['AbortError', 'AbortError', 'session_ended']);
});
