// What a response meets in real pages: frameworks that ask twice, tabs, history, several clients, routers.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { eachEntry, OPTIONS, response, useApp } from './harness/page.mjs';
import { readRecords, readStores } from './harness/store.mjs';

const LOCAL = { ...OPTIONS, stateStore: 'local' };
const OTHER = { ...OPTIONS, client_id: 'other' };
/** RFC 6749, section 10.15; RFC 9700, section 4.11.1. */
const ELSEWHERE = [
  '//evil.example', '/\\evil.example', 'https:evil.example', 'https://evil.example/', 'javascript:alert(1)',
  '\t//evil.example', '/\t/evil.example', '\\/evil.example', 'path', '', '/path//evil.example', '/\n/evil.example',
];

eachEntry((entry) => {
  const app = useApp({ entry });

  /** Calls handleRedirect so often, at once or one after the other, with what the listeners and the store were told. */
  const handleTwice = (isAtOnce) =>
    app.evaluate(
      async ({ options, isAtOnce }) => {
        const client = await clientFor(options);
        const events = [];
        client.subscribe(({ type }) => events.push(type));
        const call = () => client.handleRedirect().then((value) => ({ value }), (error) => ({ error }));
        const first = call();
        const [a, b] = isAtOnce ? await Promise.all([first, call()]) : [await first, await call()];
        return { isSame: a.value === b.value && a.error === b.error, value: a.value, code: a.error?.code, events };
      },
      { options: OPTIONS, isAtOnce },
    );

  for (const isAtOnce of [true, false]) {
    const how = isAtOnce ? 'at once' : 'one after the other';
    test(`H109 StrictMode: two calls ${how} give the same outcome and one login`, async () => {
      const { state } = await app.startLogin();
      await app.arrive(response(state));
      const { isSame, value, events } = await handleTwice(isAtOnce);
      assert.deepEqual([isSame, value?.token.access_token, events], [true, 'AT', ['login']]);
    });

    test(`H109 StrictMode: two calls ${how} throw the same error`, async () => {
      await app.arrive(response('attacker'));
      const { isSame, code, events } = await handleTwice(isAtOnce);
      assert.deepEqual([isSame, code, events], [true, 'unknown_state', []]);
    });
  }

  test('H109 the outcome is forgotten with the next login, and with logout', async () => {
    for (const forget of ['authorizationUrl', 'logout']) {
      const { state } = await app.startLogin();
      assert.ok((await app.receive(response(state))).value);
      await app.evaluate(async ({ options, forget }) => (await clientFor(options))[forget](), { options: OPTIONS, forget });
      assert.deepEqual(await app.handleRedirect(), { value: null });
    }
  });

  test('H110 a used fragment that comes back is a replay, and the session stays', async () => {
    const { state } = await app.startLogin();
    assert.ok((await app.receive(response(state))).value);
    await app.evaluate((url) => location.assign(url), response(state, { token: 'OLD' }));
    const { thrown } = await app.handleRedirect();
    assert.equal(thrown?.code, 'state_replayed');
    assert.equal((await app.token()).access_token, 'AT');
    assert.equal((await app.place()).url, OPTIONS.redirect_uri);
  });

  test('H110 Back to a page that the browser kept finds it signed in, and Back to one that it did not finds no response', async () => {
    const { state } = await app.startLogin();
    await app.open(response(state));
    assert.ok((await app.handleRedirect()).value);
    await app.open('/elsewhere');
    await app.page.goBack({ waitUntil: 'commit' });
    assert.equal((await app.place()).url, OPTIONS.redirect_uri);
    assert.equal((await app.token()).access_token, 'AT');
    await app.page.reload();
    assert.deepEqual(await app.handleRedirect(), { value: null });
    assert.equal(await app.token(), null);
  });

  test('two tabs: a login comes back in its own tab alone', async (t) => {
    const other = await app.newTab(t);
    const here = await app.startLogin();
    const there = await other.startLogin();
    const { thrown } = await other.receive(response(here.state));
    assert.equal(thrown?.code, 'unknown_state');
    for (const [tab, { state }] of [[app, here], [other, there]]) {
      assert.equal((await tab.receive(response(state))).value?.token.access_token, 'AT');
    }
  });

  test('two tabs: with stateStore local a login comes back in either, once', async (t) => {
    const other = await app.newTab(t);
    const [here, there] = [await app.startLogin(LOCAL), await other.startLogin(LOCAL)];
    for (const [tab, { state }] of [[other, here], [app, there]]) {
      assert.equal((await tab.receive(response(state), LOCAL)).value?.token.access_token, 'AT');
    }
    assert.equal((await app.receive(response(here.state), LOCAL)).thrown?.code, 'state_replayed');
    assert.equal(await app.token(LOCAL), null);
    assert.equal((await other.token(LOCAL)).access_token, 'AT', 'the session of the tab that has it stays');
  });

  test('S7 several logins at once finish in any order', async () => {
    const logins = [];
    for (const options of [OPTIONS, OTHER, LOCAL, OPTIONS]) {
      logins.push({ options, ...(await app.startLogin(options, { login: { appState: logins.length } })) });
    }
    for (const { options, state } of logins.reverse()) {
      const { value } = await app.receive(response(state), options);
      assert.equal(logins.find((login) => login.state === state).url.searchParams.get('client_id'), options.client_id);
      assert.equal(value?.appState, logins.length - 1 - logins.findIndex((login) => login.state === state));
    }
  });

  test('S4 at most 32 logins of a client are under way; the oldest goes first', async () => {
    const other = await app.startLogin(OTHER);
    const states = [];
    for (let count = 0; count < 33; count++) {
      states.push((await app.startLogin()).state);
    }
    assert.equal(Object.keys(await readRecords(app)).length, 33);
    assert.equal((await app.receive(response(states[0]))).thrown?.code, 'unknown_state');
    for (const [state, options] of [[states[1], OPTIONS], [states[32], OPTIONS], [other.state, OTHER]]) {
      assert.ok((await app.receive(response(state), options)).value);
    }
  });

  test('a record of another client is left to that client, which finishes the login', async () => {
    const { state } = await app.startLogin(OTHER);
    const before = await readStores(app);
    assert.equal((await app.receive(response(state))).thrown?.code, 'state_wrong_client');
    assert.equal((await app.place()).url, OPTIONS.redirect_uri);
    assert.deepEqual(await readStores(app), before);
    assert.equal((await app.handleRedirect(OTHER)).value?.token.access_token, 'AT');
    assert.deepEqual([await app.token(), (await app.token(OTHER)).access_token], [null, 'AT']);
    assert.equal(await app.evaluate(() => Symbol.for('claviger') in globalThis), false, 'nothing waits any more');
  });

  test('a held response does not stand in the way of a later one', async () => {
    const held = await app.startLogin(OTHER);
    const { state } = await app.startLogin();
    assert.equal((await app.receive(response(held.state))).thrown?.code, 'state_wrong_client');
    await app.evaluate((url) => location.assign(url), response(state, { token: 'LATER' }));
    assert.equal((await app.handleRedirect()).value?.token.access_token, 'LATER');
    assert.equal((await app.place()).url, OPTIONS.redirect_uri);
  });

  test('a hash router keeps its route and its state, and hears of no change', async () => {
    const options = { ...OPTIONS, hashRouter: true };
    const { state } = await app.startLogin(options);
    const url = `${OPTIONS.redirect_uri}#/cb?access_token=AT&token_type=Bearer&state=${state}&tab=2`;
    await app.arrive(`${OPTIONS.redirect_uri}#/cb`);
    await app.evaluate((url) => {
      globalThis.heard = [];
      for (const type of ['hashchange', 'popstate']) addEventListener(type, () => heard.push(type));
      history.replaceState({ scroll: 7 }, '', url);
    }, url);
    assert.equal((await app.handleRedirect(options)).value?.token.access_token, 'AT');
    assert.equal((await app.place()).url, `${OPTIONS.redirect_uri}#/cb?tab=2`);
    // A task of its own: events of the history's are queued.
    const after = await app.evaluate(() => new Promise((resolve) => setTimeout(() => resolve([history.state, heard]))));
    assert.deepEqual(after, [{ scroll: 7 }, []]);
  });

  test('P17 the scrub keeps history.state', async () => {
    for (const state of [(await app.startLogin()).state, 'attacker']) {
      await app.evaluate((url) => history.replaceState({ key: 'k1', at: [1] }, '', url), response(state));
      await app.handleRedirect();
      assert.deepEqual(await app.evaluate(() => [location.href, history.state]), [OPTIONS.redirect_uri, { key: 'k1', at: [1] }]);
    }
  });

  test('a webview passes the URL that it was opened with, and the page stays where it is', async () => {
    const options = { ...OPTIONS, redirect_uri: 'com.example.app:/cb' };
    const { state } = await app.startLogin(options);
    const before = await app.place();
    const url = response(state, options);
    assert.equal((await app.handleRedirect(options, url)).value?.token.access_token, 'AT');
    assert.equal((await app.handleRedirect(options, url)).value?.token.access_token, 'AT', 'the same outcome');
    const outcome = await app.evaluate(
      ({ options, url }) => settle(async () => (await clientFor(options)).handleRedirect(new URL(url))),
      { options, url },
    );
    assert.equal(outcome.value?.token.access_token, 'AT', 'a URL object');
    assert.deepEqual(await app.place(), before);
  });

  test('what a login was given comes back with it, and with it alone', async () => {
    for (const appState of [{ draft: 'Löcher & <b>', list: [1, null, true] }, null, 0, '', false, 'text', []]) {
      const { state } = await app.startLogin(OPTIONS, { login: { appState, returnTo: '/issues?page=2#last' } });
      const { value } = await app.receive(response(state));
      assert.deepEqual([value.appState, value.returnTo], [appState, '/issues?page=2#last']);
    }
    const { state } = await app.startLogin();
    assert.deepEqual(Object.keys((await app.receive(response(state))).value), ['token']);
  });

  test('H101 a returnTo that leads elsewhere is refused when it is given', async () => {
    const before = await readStores(app);
    for (const returnTo of [...ELSEWHERE, null, 7, {}]) {
      const { thrown } = await app.startLogin(OPTIONS, { login: { returnTo } });
      assert.equal(thrown?.code, 'invalid_return_to', JSON.stringify(returnTo));
    }
    assert.deepEqual(await readStores(app), before);
  });

  test('H101 a returnTo that leads elsewhere is refused when it is read', async () => {
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

  test('login leaves for the authorization endpoint, after its record was stored', async () => {
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

  // The random bytes 0, 1, 2, … as base64url.
  const STATE = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8';
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
    test(`A4 the authorize URL, byte for byte: ${name}`, async () => {
      await app.evaluate(() => {
        crypto.getRandomValues = (bytes) => bytes.set(Array.from(bytes, (_, at) => at)) ?? bytes;
      });
      assert.equal((await app.startLogin(options, { parameters })).url?.href, url);
    });
  }
});
