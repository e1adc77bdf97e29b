// The door between the facade and the module: no answer is a yes, and nothing that a page adds to Object.prototype has a
// word in it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { project } from '../e2e/harness/package.mjs';
import { codeOf, settle } from './harness/package.mjs';

const { resolve } = createRequire(join(project, 'main.js'));
const ENTRIES = ['claviger', 'claviger/implicit', 'claviger/no-wasm', 'claviger/implicit/no-wasm'];
let copies = 0;

/** An entry with a module of its own, which no other test has used. */
const fresh = (entry) => import(`${pathToFileURL(resolve(entry))}?${++copies}`);

const OPTIONS = {
  server: { authorization_endpoint: 'https://as.example/authorize' },
  client_id: 'spa', redirect_uri: 'https://app.example/cb', response_type: 'token',
  resources: ['https://api.example/v1'],
};
const response = (url) => `https://app.example/cb#access_token=AT&token_type=Bearer&expires_in=3600&state=${url.searchParams.get('state')}`;

/** A storage for sessionStorage's place, which Node has not. */
function useStorage(t, wrap = (storage) => storage) {
  const kept = new Map();
  globalThis.sessionStorage = wrap({
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, text) => void kept.set(name, text),
    removeItem: (name) => void kept.delete(name),
  });
  t.after(() => delete globalThis.sessionStorage);
  return kept;
}

/** What fetch is called with, as it would read it; nothing is sent. Node's own Request would read what the tests add. */
function catchFetch(t) {
  const sent = [];
  const body = new TextEncoder().encode(JSON.stringify({ access_token: 'CT', token_type: 'Bearer' }));
  t.mock.method(globalThis, 'fetch', async (input, init) => {
    const { method, redirect, body: given, credentials, mode, signal } = init;
    sent.push([`${input}`, method, redirect, given, credentials, mode, typeof signal, new Map(new Headers(init.headers)).get('authorization')]);
    const parts = [body];
    return {
      __proto__: null,
      ok: true,
      status: 200,
      headers: { get: (name) => (name === 'Content-Type' ? 'application/json' : null) },
      body: { getReader: () => ({ read: async () => ({ value: parts[0], done: !parts.shift() }) }) },
    };
  });
  return sent;
}

/** Every name that the declarations have, every text of an answer by its position, and what promises and iterators look for. */
const NAMES = [
  ...new Set(readFileSync(resolve('claviger').replace(/wasm\/[\w-]+\.js$/, 'index.d.ts'), 'utf8').match(/\b[a-z]\w*(?=\??[:(])/g)),
  ...Array.from({ length: 40 }, (_, at) => `${at}`),
  'url', 'header', 'value', 'body', 'status', 'code', 'message', 'address', 'expected', 'record', 'relay', 'access', 'until', 'storage', 'exchange', 'refused', 'relayed', 'rescue', 'begin', 'finish', 'cause', 'number', 'job', 'type', 'error', 'revoke', 'signal', 'turns', 'outcome', 'wait', 'hasOther', 'response',
];

for (const entry of ENTRIES) {
  test(`${entry}: whatever is added to Object.prototype, each URL, token and refusal stays what it was`, async (t) => {
    useStorage(t);
    const sent = catchFetch(t);
    const { createClient, createFetch, requestToken } = await fresh(entry);

    async function everything() {
      sent.length = 0;
      const client = await createClient(OPTIONS);
      const url = await client.authorizationUrl({ prompt: 'login' }, { appState: 1, returnTo: '/x' });
      const redirect = await client.handleRedirect(response(url));
      await client.fetch('https://api.example/v1/me');
      const refused = await settle(client.fetch('https://other.example/'));
      const replayed = await settle(client.handleRedirect(`${response(url)}&`));
      const token = client.token();
      await client.logout();
      const after = await settle(client.fetch('https://api.example/v1/me'));
      if (createFetch) {
        const own = await createFetch({ credential: { type: 'bearer', token: 'PAT' }, resources: [{ url: 'https://api.example/v1', header: 'X-Token' }] });
        await own('https://api.example/v1/x');
        await requestToken({ server: { token_endpoint: 'https://as.example/token' }, client_id: 'spa', grant_type: 'client_credentials' });
      }
      url.searchParams.delete('state');
      return JSON.stringify([url.href, redirect, token, codeOf(refused), codeOf(replayed), codeOf(after), sent]).replaceAll(/"expires_at":\d+/g, '');
    }

    const expected = await everything();
    assert.match(expected, /\["https:\/\/api\.example\/v1\/me",.*"Bearer AT"/);
    const changed = [];
    for (const name of NAMES) {
      if (name in Object.prototype) continue;
      // Not enumerable, as an attacker would hide it; with a setter, because a page's own code goes on.
      Object.defineProperty(Object.prototype, name, { get: () => 'https://evil.example/', set(value) { Object.defineProperty(this, name, { value, writable: true, enumerable: true, configurable: true }); }, configurable: true });
      let outcome;
      try {
        outcome = await everything();
      } catch (error) {
        outcome = String(error);
      } finally {
        delete Object.prototype[name];
      }
      if (outcome !== expected) changed.push([name, outcome]);
    }
    assert.deepEqual(changed, []);
  });

  test(`${entry}: a call from within a call is refused, and the outer one is answered`, async (t) => {
    let inner;
    let client;
    useStorage(t, (storage) => ({
      ...storage,
      setItem(name, text) {
        inner ??= settle(client.authorizationUrl());
        storage.setItem(name, text);
      },
    }));
    const { createClient } = await fresh(entry);
    client = await createClient(OPTIONS);
    const url = await client.authorizationUrl();
    assert.equal(codeOf(await inner), 'module_failed');
    assert.match((await inner).thrown.message, /from within/);
    assert.equal((await client.handleRedirect(response(url))).token.access_token, 'AT');
  });

  test(`${entry}: an appState of more than 64 KiB is a TypeError, and one of exactly 64 KiB is not`, async (t) => {
    useStorage(t);
    const { createClient } = await fresh(entry);
    const client = await createClient(OPTIONS);
    const appState = 'ä'.repeat((65_536 - 2) / 2);
    const url = await client.authorizationUrl({}, { appState });
    assert.equal((await client.handleRedirect(response(url))).appState, appState);
    const { thrown } = await settle(client.authorizationUrl({}, { appState: `${appState}x` }));
    assert.deepEqual([thrown.name, thrown.message], ['TypeError', 'appState must take at most 64 KiB as JSON.']);
  });
}

for (const entry of ENTRIES.slice(0, 2)) {
  /** The entry's module, with other functions in the place of the first ones of these names. */
  async function withExports(t, replace) {
    const { Instance } = WebAssembly;
    t.mock.method(WebAssembly, 'Instance', function (module, imports) {
      const { exports } = new Instance(module, imports);
      const memory = Object.values(exports).find((value) => value instanceof WebAssembly.Memory);
      const [call, room] = Object.entries(exports).filter(([, value]) => typeof value === 'function').sort(([, one], [, other]) => other.length - one.length);
      const names = Object.entries(exports).find(([, value]) => value === memory);
      return { exports: { [names[0]]: memory, [call[0]]: call[1], [room[0]]: room[1], ...replace({ call, room }) } };
    });
    return fresh(entry);
  }

  test(`${entry}: after a trap nothing is answered any more, and nothing succeeds`, async (t) => {
    useStorage(t);
    const sent = catchFetch(t);
    let traps = false;
    const { createClient } = await withExports(t, ({ call: [name, call] }) => ({
      [name](...numbers) {
        if (traps) throw new WebAssembly.RuntimeError('unreachable');
        return call(...numbers);
      },
    }));
    const client = await createClient(OPTIONS);
    const url = await client.authorizationUrl();
    await client.handleRedirect(response(url));
    traps = true;
    const calls = [
      () => client.fetch('https://api.example/v1'),
      () => client.authorizationUrl(),
      () => client.handleRedirect(`${response(url)}&again=1`),
      () => createClient(OPTIONS),
    ];
    for (const call of calls) assert.equal(codeOf(await settle(call())), 'module_failed');
    traps = false;
    // Nobody knows what the memory holds, so it stays so.
    for (const call of calls) assert.equal(codeOf(await settle(call())), 'module_failed');
    assert.deepEqual(sent, []);
    // What needs no answer still happens; a session that tabs may share says that it could not tell them.
    const { thrown } = await settle(client.logout());
    assert.deepEqual([client.token(), thrown?.code], [null, entry === 'claviger' ? 'module_failed' : undefined]);
  });

  for (const what of entry === 'claviger' ? ['renewal', 'login'] : []) {
    test(`${entry}: who waits for a ${what} hears of a trap in what ends it`, async (t) => {
      const answers = [];
      t.mock.method(globalThis, 'fetch', () => new Promise((resolve) => answers.push(resolve)));
      function answer(access_token) {
        answers.shift()(new Response(JSON.stringify({ access_token, token_type: 'Bearer', refresh_token: 'RT' }), { headers: { 'Content-Type': 'application/json' } }));
      }
      let traps = false;
      const { createClient } = await withExports(t, ({ call: [name, call] }) => ({
        [name](...numbers) {
          if (traps) throw new WebAssembly.RuntimeError('unreachable');
          return call(...numbers);
        },
      }));
      const server = { ...OPTIONS.server, token_endpoint: 'https://as.example/token' };
      const client = await createClient({ ...OPTIONS, server, response_type: 'code', stateStore: 'memory' });
      const url = await client.authorizationUrl();
      const login = settle(client.handleRedirect(`https://app.example/cb?code=C&state=${url.searchParams.get('state')}`));
      let waiting = [login];
      if (what === 'renewal') {
        answer('FIRST');
        assert.equal((await login).value?.token.access_token, 'FIRST');
        waiting = [settle(client.renew()), settle(client.renew())];
        // The request is sent when the renewal's turn has come.
        await new Promise(setImmediate);
      }
      traps = true;
      answer('LAST');
      assert.deepEqual((await Promise.all(waiting)).map(codeOf), waiting.map(() => 'module_failed'));
    });
  }

  test(`${entry}: a status of 0 is no answer, and counts as none`, async (t) => {
    useStorage(t);
    const sent = catchFetch(t);
    let isSilent = false;
    const { createClient } = await withExports(t, ({ call: [name, call] }) => ({ [name]: (...numbers) => (isSilent ? 0 : call(...numbers)) }));
    const client = await createClient(OPTIONS);
    await client.handleRedirect(response(await client.authorizationUrl()));
    isSilent = true;
    for (const call of [() => client.fetch('https://evil.example/'), () => client.fetch('https://api.example/v1'), () => client.authorizationUrl(), () => createClient({ ...OPTIONS, client_id: '' })]) {
      assert.equal(codeOf(await settle(call())), 'module_failed');
    }
    assert.deepEqual(sent, []);
    isSilent = false;
    await client.fetch('https://api.example/v1');
    assert.equal(sent.length, 1);
  });

  test(`${entry}: without memory a call is out_of_memory, and the next one is answered`, async (t) => {
    useStorage(t);
    let isFull = false;
    const { createClient } = await withExports(t, ({ room: [name, room] }) => ({ [name]: (bytes) => (isFull ? 0 : room(bytes)) }));
    const client = await createClient(OPTIONS);
    isFull = true;
    assert.equal(codeOf(await settle(client.authorizationUrl())), 'out_of_memory');
    isFull = false;
    assert.equal((await client.handleRedirect(response(await client.authorizationUrl()))).token.access_token, 'AT');
  });
}
