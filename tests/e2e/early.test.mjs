// `claviger/early`: the first script of the page takes a response away before any other script runs.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { eachEntry, OPTIONS, response, useApp } from './harness/page.mjs';

const HEAD = '<script src="/pkg/wasm/early.js"></script><script src="/next.js"></script>';
/** What the next script of the page can see. */
const NEXT = `globalThis.seen = {
  url: location.href, document: document.URL, entry: navigation.currentEntry.url, state: history.state, length: history.length,
  names: Reflect.ownKeys(globalThis).filter((name) => /claviger/i.test(String(name)) && globalThis.propertyIsEnumerable(name)),
};`;
const at = (text) => OPTIONS.redirect_uri + text;

eachEntry((entry) => {
  const app = useApp({ entry, head: HEAD, scripts: { '/next.js': NEXT } });
  const seen = () => app.evaluate(() => globalThis.seen);
  const isHeld = () => app.evaluate(() => Symbol.for('claviger') in globalThis);

  test('the next script sees nothing of a response, and handleRedirect verifies it', async () => {
    const { state } = await app.startLogin(OPTIONS, { login: { returnTo: '/issues' } });
    await app.open(response(state));
    const { length, ...rest } = await seen();
    assert.deepEqual(rest, { url: at(''), document: at(''), entry: at(''), state: null, names: [] });
    const { value } = await app.handleRedirect();
    assert.deepEqual([value?.token.access_token, value?.returnTo], ['AT', '/issues']);
    assert.deepEqual(await app.place(), { url: at(''), entries: length });
    assert.equal(await isHeld(), false);
    assert.ok(!(await app.history()).some((url) => url.includes('AT')));
  });

  /** What the server sends, what the next script sees, what becomes of it, and what the address bar holds then. */
  const CASES = [
    { name: 'a refusal in the fragment', sent: '#error=access_denied&state={S}', code: 'authorization_error' },
    { name: 'a refusal in the query', sent: '?error=access_denied&state={S}', code: 'authorization_error' },
    { name: 'a response that is not ours', sent: '#access_token=EVIL&token_type=Bearer&state=attacker', code: 'unknown_state' },
    { name: 'a response without state', sent: '#access_token=EVIL&token_type=Bearer', code: 'missing_state' },
    { name: 'a response in the wrong place', sent: '?access_token=EVIL&token_type=Bearer&state={S}', code: 'wrong_location' },
    { name: 'two responses', sent: '?code=C&state={S}#access_token=AT&token_type=Bearer&state={S}', code: 'ambiguous_response' },
    { name: 'a name that is encoded', sent: '#%61ccess_token=AT&token_type=Bearer&state={S}', code: 'ok' },
    { name: 'what the server adds', sent: '?tab=2#user_id=7&access_token=AT&token_type=Bearer&state={S}&authuser=0', seen: '?tab=2', code: 'ok', left: '?tab=2' },
    { name: 'a router that put a slash in front of it', sent: '#/access_token=AT&token_type=Bearer&state={S}', code: 'ok' },
    { name: 'a router that put a question mark in front of it', sent: '#?access_token=AT&token_type=Bearer&state={S}', code: 'ok' },
    { name: 'a state that the query has', sent: '?state={S}#access_token=AT&token_type=Bearer', seen: '?state={S}', code: 'ok' },
    { name: 'a hash router', sent: '#/cb?access_token=AT&token_type=Bearer&state={S}', options: { hashRouter: true }, code: 'ok', left: '#/cb' },
    { name: 'no response: an anchor', sent: '#top', seen: '#top', code: null, left: '#top' },
    { name: 'no response: a search', sent: '?q=access_token#/search?state=CA', seen: '?q=access_token#/search?state=CA', code: null, left: '?q=access_token#/search?state=CA' },
    { name: 'no response: another page', path: '/other', sent: '?code=94107&tab=2#top', seen: '#top', code: null, left: '?code=94107&tab=2#top' },
    { name: 'no response: a route that another library answers', sent: '#/search?code=94107&tab=2', seen: '', code: null, left: '#/search?code=94107&tab=2' },
  ];
  for (const { name, path = '/cb', sent, seen: shown = '', code, left = '', options } of CASES) {
    test(`${name}: ${code ?? 'given back'}`, async () => {
      const given = { ...OPTIONS, ...options };
      const { state } = await app.startLogin(given);
      const base = `https://app.example${path}`;
      await app.open(base + sent.replaceAll('{S}', state));
      const { url, document, entry: current, length } = await seen();
      assert.deepEqual([url, document, current], Array(3).fill(base + shown.replaceAll('{S}', state)));
      const { value, thrown } = await app.handleRedirect(given);
      assert.equal(thrown?.code ?? (value ? 'ok' : null), code);
      assert.deepEqual(await app.place(), { url: base + left, entries: length });
      assert.equal(await isHeld(), false);
    });
  }

  test('history.state is kept by taking, by scrubbing and by giving back', async () => {
    const { state } = await app.startLogin();
    for (const url of [response(state), at('?code=1#top'), 'https://app.example/other?code=1']) {
      await app.evaluate((url) => history.replaceState({ key: 'k1' }, '', url), url);
      await app.page.reload();
      assert.deepEqual((await seen()).state, { key: 'k1' });
      await app.handleRedirect();
      assert.deepEqual(await app.evaluate(() => history.state), { key: 'k1' });
    }
  });

  test('a router that has gone on meanwhile keeps its address', async () => {
    const { state } = await app.startLogin();
    await app.open(response(state));
    await app.evaluate(() => history.replaceState(null, '', '/home'));
    assert.equal((await app.handleRedirect()).value?.token.access_token, 'AT');
    assert.equal((await app.place()).url, 'https://app.example/home');
    await app.open('/other?code=94107');
    await app.evaluate(() => history.pushState(null, '', '/home'));
    assert.deepEqual(await app.handleRedirect(), { value: null });
    assert.equal((await app.place()).url, 'https://app.example/home');
  });

  test('a response for the second client of a page reaches it', async () => {
    const other = { ...OPTIONS, client_id: 'other' };
    const { state } = await app.startLogin(other);
    await app.open(response(state));
    assert.equal((await app.handleRedirect()).thrown?.code, 'state_wrong_client');
    assert.equal((await app.handleRedirect(other)).value?.token.access_token, 'AT');
    assert.equal((await app.place()).url, at(''));
  });

  test('a URL that is handed in leaves what is held to the page', async () => {
    const { state } = await app.startLogin();
    await app.open(response(state));
    assert.equal((await app.handleRedirect(OPTIONS, at('#access_token=EVIL&token_type=Bearer&state=attacker'))).thrown?.code, 'unknown_state');
    assert.equal((await app.handleRedirect()).value?.token.access_token, 'AT');
  });
});
