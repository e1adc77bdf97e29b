// The package as it is installed: what it exports, where it runs, and what it is made of.
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { members, values } from '../types/members.mjs';
import { project } from './harness/package.mjs';
import { eachEntry, hasNoModule, OPTIONS, useApp, withModule } from './harness/page.mjs';
import { readStores } from './harness/store.mjs';

eachEntry((entry) => {
  const specifier = { claviger: 'claviger', 'implicit-no-wasm': 'claviger/implicit/no-wasm' }[entry] ?? `claviger/${entry}`;
  const app = useApp({ entry });

  test('the module, imported by its URL and without a bundler, exports what is declared', async () => {
    assert.deepEqual(await app.evaluate(async () => Object.keys(await claviger).sort()), values(withModule(entry)).sort());
  });

  test('a client is a plain object of exactly the declared functions', async () => {
    const client = await app.client();
    const facts = await client.evaluate((client) => ({
      names: Reflect.ownKeys(client).sort(),
      isPlain: Object.getPrototypeOf(client) === Object.prototype,
      functions: Object.values(client).filter((member) => typeof member === 'function' && !('free' in member)).length,
    }));
    const names = members('Client', withModule(entry)).sort();
    // A promise is the one member that is no function.
    assert.deepEqual(facts, { names, isPlain: true, functions: names.filter((name) => name !== 'ready').length });
  });

  test('its functions need no this', async () => {
    const client = await app.client();
    const outcome = await client.evaluate(async ({ authorizationUrl, handleRedirect, token, subscribe, logout }) => {
      const end = subscribe(() => {});
      const url = await authorizationUrl();
      return [url instanceof URL, await handleRedirect(), token(), end(), await logout()];
    });
    assert.deepEqual(outcome, [true, null, null, undefined, undefined]);
  });

  test('an instance is made for each client, and options are read once', async () => {
    const facts = await app.evaluate(async (given) => {
      const { createClient } = await claviger;
      const options = structuredClone(given);
      const [one, two] = await Promise.all([createClient(options), createClient(options)]);
      options.client_id = options.server.authorization_endpoint = options.redirect_uri = 'changed';
      return [one !== two, (await one.authorizationUrl()).searchParams.get('client_id')];
    }, Object.freeze(OPTIONS));
    assert.deepEqual(facts, [true, 'spa']);
  });

  test('createClient starts no login, stores nothing and sends nothing', async () => {
    const before = app.requests.length;
    await app.evaluate(async (options) => {
      const { createClient } = await claviger;
      for (const more of [{}, { stateStore: 'local' }, { tokenStore: 'session' }, { tokenStore: 'local', autoRenew: true }]) await createClient({ ...options, ...more });
    }, OPTIONS);
    assert.deepEqual([app.requests.slice(before), await readStores(app), (await app.place()).url], [[], { session: {}, local: {} }, 'https://app.example/start']);
  });

  test('OAuthError is a class of real errors', async () => {
    const facts = await app.evaluate(async (options) => {
      const { OAuthError } = await claviger;
      const catchOf = async (url) => (await clientFor(options)).handleRedirect(url).catch((error) => error);
      const state = async () => (await (await clientFor(options)).authorizationUrl()).searchParams.get('state');
      const own = (error) => Object.keys(error).sort();
      const plain = await catchOf('https://app.example/cb#access_token=AT');
      const refused = await catchOf(`https://app.example/cb#error=access_denied&state=${await state()}`);
      const full = await catchOf(`https://app.example/cb#error=x&error_description=d&error_uri=https%3A%2F%2Fas.example%2Fe&state=${await state()}`);
      const made = new OAuthError('login_required', 'words');
      return {
        is: [plain, refused, full, made].map((error) => error instanceof OAuthError && error instanceof Error && Object.prototype.toString.call(error) === '[object Error]'),
        names: [plain.name, String(plain).startsWith('OAuthError: The response has no state')],
        hasStack: typeof plain.stack === 'string' && plain.stack.includes('OAuthError: The response') && plain.stack.includes(' at '),
        codes: [plain.code, refused.code, made.code],
        members: [own(plain), own(refused), own(full), own(made)],
        absent: ['error_description', 'error_uri'].filter((name) => name in refused),
        words: [full.error, full.error_description, full.error_uri],
      };
    }, OPTIONS);
    assert.deepEqual(facts, {
      is: [true, true, true, true],
      names: ['OAuthError', true],
      hasStack: true,
      codes: ['missing_state', 'authorization_error', 'login_required'],
      members: [['code'], ['code', 'error'], ['code', 'error', 'error_description', 'error_uri'], ['code']],
      absent: [],
      words: ['x', 'd', 'https://as.example/e'],
    });
  });

  test('a page whose policy allows no eval, inline script, connection or sink runs it without a complaint', async () => {
    await app.signedIn();
    assert.deepEqual(app.messages, []);
  });

  if (!hasNoModule(entry)) {
    test('the module loads once for all clients', async () => {
      const count = await app.evaluate(async (options) => {
        let count = 0;
        const { Module } = WebAssembly;
        WebAssembly.Module = class extends Module {
          constructor(...values) {
            super(...values);
            count++;
          }
        };
        await Promise.all([1, 2, 3].map((stateLifetime) => clientFor({ ...options, stateLifetime })));
        return count;
      }, OPTIONS);
      assert.equal(count, 1);
    });
  }

  test('in Node the import touches nothing, and a client finds no page', () => {
    const text = execFileSync(process.execPath, ['--input-type=module', '--eval', `
      const globals = ['window', 'self', 'document', 'location', 'history', 'sessionStorage', 'localStorage', 'indexedDB', 'WebAssembly', 'fetch', 'crypto', 'setTimeout', 'atob'];
      const touched = [];
      const originals = globals.map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)]);
      for (const name of globals) {
        Object.defineProperty(globalThis, name, { configurable: true, get: () => void touched.push(name) });
      }
      const before = Reflect.ownKeys(globalThis).length;
      const { createClient, OAuthError } = await import('${specifier}');
      const added = Reflect.ownKeys(globalThis).length - before;
      for (const [name, descriptor] of originals) {
        descriptor ? Object.defineProperty(globalThis, name, descriptor) : delete globalThis[name];
      }
      const client = await createClient(${JSON.stringify(OPTIONS)});
      const { code } = await client.authorizationUrl().catch((error) => error);
      console.log(JSON.stringify({ touched, added, isClass: new OAuthError('x', 'y') instanceof Error, redirect: await client.handleRedirect(), token: client.token(), code }));
    `], { cwd: project, encoding: 'utf8' });
    assert.deepEqual(JSON.parse(text), { touched: [], added: 0, isClass: true, redirect: null, token: null, code: 'storage_unavailable' });
  });
});
