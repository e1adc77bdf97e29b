// The request for a login: its URL, its record, and what comes back with its response.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { eachEntry, OPTIONS, response, useApp } from './harness/page.mjs';
import { readStores } from './harness/store.mjs';
import { requests } from './harness/vectors.mjs';

/** RFC 6749, section 10.15; RFC 9700, section 4.11.1. */
const ELSEWHERE = [
  '//evil.example', '/\\evil.example', 'https:evil.example', 'https://evil.example/', 'javascript:alert(1)',
  '\t//evil.example', '/\t/evil.example', '\\/evil.example', 'path', '', '/path//evil.example', '/\n/evil.example',
];

eachEntry((entry) => {
  const app = useApp({ entry });

  test('what a login was given comes back with it, and with it alone', async () => {
    for (const appState of [{ draft: 'Löcher & <b>', list: [1, null, true] }, null, 0, '', false, 'text', []]) {
      const { state } = await app.startLogin(OPTIONS, { login: { appState, returnTo: '/issues?page=2#last' } });
      const { value } = await app.receive(response(state));
      assert.deepEqual([value.appState, value.returnTo], [appState, '/issues?page=2#last']);
    }
    const { state } = await app.startLogin();
    assert.deepEqual(Object.keys((await app.receive(response(state))).value), ['token']);
  });

  test('what a login was given comes back with its error, too, and with no other', async () => {
    const login = { appState: { draft: 7 }, returnTo: '/issues' };
    const given = ({ thrown }) => [thrown?.code, thrown?.appState, thrown?.returnTo];
    const refusal = (state) => `${OPTIONS.redirect_uri}#error=access_denied&state=${state}`;
    const { state } = await app.startLogin(OPTIONS, { login });
    assert.deepEqual(given(await app.receive(refusal(state))), ['authorization_error', { draft: 7 }, '/issues']);
    await app.arrive('/start');
    assert.deepEqual(given(await app.receive(refusal(state))), ['state_replayed', undefined, undefined]);
    assert.deepEqual(given(await app.receive(refusal('attacker'))), ['unknown_state', undefined, undefined]);
    const OTHER = { ...OPTIONS, client_id: 'other' };
    const other = await app.startLogin(OTHER, { login });
    assert.deepEqual(given(await app.receive(refusal(other.state))), ['state_wrong_client', undefined, undefined]);
    const unfit = await app.startLogin(OPTIONS, { login });
    assert.deepEqual(given(await app.receive(response(unfit.state, { more: '&iss=https%3A%2F%2Fevil.example' }))), ['issuer_mismatch', { draft: 7 }, '/issues']);
  });

  test('a login that came too late has what it was given, and says where the clock was set back', async () => {
    for (const [seconds, words] of [[-3700, /took longer/], [3700, /clock was set back/]]) {
      const { state } = await app.startLogin(OPTIONS, { login: { appState: 7, returnTo: '/a' } });
      await app.evaluate((seconds) => {
        for (const [key, text] of Object.entries({ ...sessionStorage })) {
          sessionStorage.setItem(key, text.replace(/(?<=&time=)\d+/, (time) => +time + seconds));
        }
      }, seconds);
      const { thrown } = await app.receive(response(state));
      assert.deepEqual([thrown?.code, thrown.appState, thrown.returnTo], ['state_expired', 7, '/a']);
      assert.match(thrown.message, words);
    }
  });

  test('rule S1: a record whose appState is no JSON is no login, and nobody is signed in', async () => {
    const { state } = await app.startLogin(OPTIONS, { login: { appState: 'STATE' } });
    await app.evaluate(() => {
      for (const [key, text] of Object.entries({ ...sessionStorage })) sessionStorage.setItem(key, text.replace('%22STATE%22', '%7Bno'));
    });
    const { thrown } = await app.receive(response(state));
    assert.deepEqual([thrown?.name, thrown.code], ['OAuthError', 'unknown_state']);
    assert.equal(await app.token(), null);
    assert.equal((await app.place()).url, OPTIONS.redirect_uri);
  });

  test('rule P18: H101: a returnTo that leads elsewhere is refused when it is given', async () => {
    const before = await readStores(app);
    for (const returnTo of [...ELSEWHERE, null, 7, {}]) {
      const { thrown } = await app.startLogin(OPTIONS, { login: { returnTo } });
      assert.equal(thrown?.code, 'invalid_return_to', JSON.stringify(returnTo));
    }
    assert.deepEqual(await readStores(app), before);
  });

  test('rule P18: H101: a returnTo that leads elsewhere is refused when it is read', async () => {
    for (const returnTo of ELSEWHERE.filter(Boolean)) {
      const { state } = await app.startLogin(OPTIONS, { login: { returnTo: '/RETURN' } });
      await app.evaluate((returnTo) => {
        for (const [key, text] of Object.entries({ ...sessionStorage })) {
          sessionStorage.setItem(key, text.replace('%2FRETURN', encodeURIComponent(returnTo)));
        }
      }, returnTo);
      assert.equal((await app.receive(response(state))).thrown?.code, 'invalid_return_to', JSON.stringify(returnTo));
      assert.equal(await app.token(), null);
    }
  });

  test('rule A6: login leaves for the authorization endpoint, after its record was stored', async () => {
    await app.page.goto('https://app.example/start');
    const arrived = app.page.waitForURL('https://as.example/**');
    await app.evaluate(async (options) => {
      await (await clientFor(options)).login({ prompt: 'login' }, { returnTo: '/back' });
    }, OPTIONS);
    await arrived;
    const url = new URL(app.page.url());
    assert.equal(url.searchParams.get('prompt'), 'login');
    await app.open('/start');
    assert.equal((await app.receive(response(url.searchParams.get('state')))).value?.returnTo, '/back');
  });

  test('a login that cannot start stays on the page', async () => {
    const { thrown } = await app.evaluate(
      (options) => settle(async () => (await clientFor(options)).login({}, { returnTo: '//evil.example' })),
      OPTIONS,
    );
    assert.equal(thrown?.code, 'invalid_return_to');
    assert.equal((await app.place()).url, 'https://app.example/start');
  });

  // The random bytes 0, 1, 2, … as base64url; its first character names the place where the record stands.
  const STATE = 'BAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8';
  const GOLDEN = [
    {
      name: 'RFC 6749, section 4.2.1',
      options: { server: { authorization_endpoint: 'https://server.example.com/authorize' }, client_id: 's6BhdRkqt3', redirect_uri: 'https://client.example.com/cb', response_type: 'token' },
      url: `https://server.example.com/authorize?response_type=token&client_id=s6BhdRkqt3&redirect_uri=https%3A%2F%2Fclient.example.com%2Fcb&state=${STATE}`,
    },
    {
      name: "SeeClickFix's",
      options: { server: { authorization_endpoint: 'https://seeclickfix.com/oauth/authorize' }, client_id: 'YOUR_CLIENT_ID', redirect_uri: 'https://app.example/', response_type: 'token' },
      url: `https://seeclickfix.com/oauth/authorize?response_type=token&client_id=YOUR_CLIENT_ID&redirect_uri=https%3A%2F%2Fapp.example%2F&state=${STATE}`,
    },
    {
      name: 'an endpoint with a query, a scope, and parameters of the caller',
      options: { ...OPTIONS, server: { authorization_endpoint: 'https://as.example/authorize?tenant=a%20b' } },
      parameters: { prompt: 'login', login_hint: 'ö & +=~', left_out: undefined },
      url: `https://as.example/authorize?tenant=a%20b&response_type=token&client_id=spa&redirect_uri=https%3A%2F%2Fapp.example%2Fcb&scope=read+write&state=${STATE}&prompt=login&login_hint=%C3%B6+%26+%2B%3D%7E`,
    },
  ];
  for (const { name, options, parameters, url } of GOLDEN) {
    test(`rule A4: the authorize URL, byte for byte: ${name}`, async () => {
      await app.evaluate(() => {
        crypto.getRandomValues = (bytes) => bytes.set(Array.from(bytes, (_, at) => at)) ?? bytes;
      });
      assert.equal((await app.startLogin(options, { parameters })).url?.href, url);
    });
  }

  for (const { id, note, endpoint, scope, parameters, refused, url } of requests.authorization) {
    test(`rule A3: ${id}: ${note}`, async () => {
      const options = { ...OPTIONS, server: { authorization_endpoint: endpoint }, ...(scope === null && { scope: undefined }) };
      const started = await app.startLogin(options, { parameters });
      if (refused) assert.match(started.thrown?.text, new RegExp(`^TypeError: ${refused} must `));
      else assert.equal(started.url?.href.replace(started.state, '{S}'), url, started.thrown?.stack);
    });
  }
});
