// Logins in other windows: popups, and hidden frames that renew without the user.
import { beforeEach, test } from 'node:test';
import assert from 'node:assert/strict';
import { json, openClientApp, SECRET, useClientApp } from './harness/authorization-server.mjs';
import { App } from './harness/page.mjs';
import { startServer } from './harness/servers.mjs';
import { readRecords, readStores } from './harness/store.mjs';
import { comingBackTo, follow, framesSeen, isWaiting, openPopup, outcome, PATHS, told, watchFrames, WINDOWS } from './harness/windows.mjs';

const own = useClientApp(WINDOWS);
let app;
let server;
beforeEach(() => ({ app, server } = own));

const IMPLICIT = { response_type: 'token' };
const ISOLATED = { 'cross-origin-opener-policy': 'same-origin' };
const tokenOf = (options, tab = app) => tab.token(options).then((token) => token?.access_token ?? null);
const stateOf = (popup) => new URL(popup.url()).searchParams.get('state');
const evil = (options, state, token = 'EVIL') => `${options.redirect_uri}#access_token=${token}&token_type=Bearer&expires_in=3600&state=${state}`;

/** As a link of the page's would: a navigation from outside could take the opener away. */
async function lead(popup, url) {
  await popup.evaluate((url) => void setTimeout(() => location.assign(url)), url);
}

/** The window's own close is awaited: it closes itself, or is closed. */
async function allow(popup) {
  const closed = popup.waitForEvent('close');
  await popup.click('#allow', { noWaitAfter: true });
  await closed;
}

/** A context of its own, for what changes all windows in it. */
async function openAlone(t, more) {
  const alone = await openClientApp(t, { ...WINDOWS, ...more });
  await alone.app.open('/start');
  return alone;
}

/** For an init script: what a page hears is delivered to its channel, too, after the end of that, and counted in `globalThis.late`. */
function deliverLate() {
  let heard;
  const hear = ({ data }) => (heard = data);
  globalThis.late = 0;
  globalThis.addEventListener('message', hear);
  globalThis.BroadcastChannel = class extends BroadcastChannel {
    #isClosed = false;
    constructor(name) {
      super(name);
      this.addEventListener('message', hear);
    }
    postMessage(data) {
      if (this.#isClosed) throw new DOMException('Channel is closed', 'InvalidStateError');
      super.postMessage(data);
    }
    close() {
      super.close();
      if (this.#isClosed) return;
      this.#isClosed = true;
      globalThis.late += 1;
      this.dispatchEvent(new MessageEvent('message', { data: heard }));
    }
  };
}

/** What a page waits for in another window stands in its memory alone (rule M15). */
async function assertNothingStored(tab = app) {
  assert.deepEqual(await readStores(tab), { session: {}, local: {} });
}

// Popups

for (const path of PATHS) {
  for (const response_type of ['code', 'token']) {
    test(`a popup that comes back to ${path} signs in with a ${response_type}, closes itself, and leaves the page alone`, async () => {
      const options = comingBackTo(path, own, { response_type });
      const place = await app.place();
      const popup = await openPopup(app, options, { appState: { page: 2 }, returnTo: '/issues' });
      const state = stateOf(popup);
      await allow(popup);
      const { value, thrown } = await outcome(app);
      assert.equal(thrown, undefined);
      assert.deepEqual([value.appState, value.returnTo, await tokenOf(options)], [{ page: 2 }, '/issues', value.token.access_token]);
      assert.deepEqual([await told(app), await app.place()], [['login popup'], place]);
      const status = await app.evaluate(async ({ options, url }) => (await (await clientFor(options)).fetch(url)).status, { options, url: `${server.origin}/api` });
      assert.equal(status, 200);
      assert.equal(server.sent('/token').length, response_type === 'code' ? 1 : 0);
      await assertNothingStored();
      await own.assertNoTrace([], []);
      const again = await app.handleRedirect(options, evil(options, state));
      assert.deepEqual([again.thrown?.code, await tokenOf(options)], ['unknown_state', value.token.access_token]);
    });
  }

  test(`attack 08: a server that isolates its pages, so that ${path} has no opener: the answer comes by the channel`, async () => {
    const options = comingBackTo(path, own, { headers: ISOLATED });
    await app.evaluate(() => {
      const { open } = globalThis;
      globalThis.open = (...values) => (globalThis.popup = open(...values));
    });
    const popup = await openPopup(app, options);
    assert.deepEqual([await popup.evaluate(() => opener), await app.evaluate(() => globalThis.popup.closed)], [null, true]);
    await allow(popup);
    assert.ok((await outcome(app)).value);
    assert.deepEqual(await told(app), ['login popup']);
  });

  test(`a popup at ${path} without BroadcastChannel answers by postMessage`, async (t) => {
    const alone = await openAlone(t, { init: ['delete globalThis.BroadcastChannel'] });
    const options = comingBackTo(path, alone);
    const popup = await openPopup(alone.app, options);
    assert.equal(await popup.evaluate(() => typeof BroadcastChannel), 'undefined');
    await allow(popup);
    assert.ok((await outcome(alone.app)).value);
  });

  test(`a popup at ${path} leaves nothing in its address, its history and its storage`, async (t) => {
    const alone = await openAlone(t, { init: ['globalThis.close = () => {}'] });
    for (const more of [{}, IMPLICIT]) {
      const options = comingBackTo(path, alone, more);
      const popup = await openPopup(alone.app, options);
      await popup.click('#allow');
      assert.ok((await outcome(alone.app)).value);
      const tab = new App(alone.app.world, popup);
      assert.equal((await tab.place()).url, options.redirect_uri);
      await alone.assertNoTrace([], [], tab);
      await assertNothingStored(tab);
      await popup.close();
    }
  });

  test(`a denial in a popup at ${path} is the page's error, in the server's words`, async () => {
    for (const more of [{}, IMPLICIT]) {
      const options = comingBackTo(path, own, more);
      const popup = await openPopup(app, options);
      const closed = popup.waitForEvent('close');
      await popup.click('#deny', { noWaitAfter: true });
      await closed;
      const { thrown } = await outcome(app);
      assert.deepEqual([thrown?.code, thrown.error, thrown.error_description], ['authorization_error', 'access_denied', 'No']);
      assert.deepEqual([await tokenOf(options), await told(app)], [null, []]);
    }
  });
}

test('the popup is opened in the click itself, and goes to the server afterwards', async () => {
  const options = comingBackTo('/callback', own);
  const client = await app.client(options);
  await client.evaluate((client) => {
    const { open } = globalThis;
    const opened = [];
    globalThis.open = (url, ...more) => {
      opened.push(url);
      return open(url, ...more);
    };
    const button = document.body.appendChild(document.createElement('button'));
    button.textContent = 'Sign in';
    button.onclick = () => {
      const login = client.loginPopup();
      // Whatever comes of it is not known yet.
      globalThis.inClick = [...opened, Object.keys(sessionStorage).some((key) => key.startsWith('claviger:'))];
      globalThis.outcome = settle(() => login);
    };
  });
  const opened = app.world.context.waitForEvent('page');
  await app.page.click('button');
  await allow(await opened);
  assert.ok((await outcome(app)).value);
  assert.equal((await app.evaluate(() => globalThis.inClick))[0], 'about:blank');
});

test('popup_blocked: a browser that opens no window, and nothing was started', async () => {
  const options = comingBackTo('/callback', own);
  const client = await app.client(options);
  const { thrown } = await client.evaluate((client) => {
    globalThis.open = () => null;
    return settle(() => client.loginPopup());
  });
  assert.deepEqual([thrown?.code, await readRecords(app), app.requests], ['popup_blocked', {}, []]);
});

test('popup_blocked: the browser itself, where no user has clicked', async (t) => {
  const scripts = {};
  const alone = await openClientApp(t, { ...WINDOWS, scripts, pages: { '/unasked': '<script type="module" src="/in-page.js?entry=claviger"></script><script type="module" src="/unasked.js"></script>' } });
  const options = comingBackTo('/callback', alone);
  scripts['/unasked.js'] = `const client = await clientFor(${JSON.stringify(options)}); globalThis.outcome = settle(() => client.loginPopup()); console.log('asked');`;
  // No script of the test's before that: what it evaluates counts as a user's click.
  await Promise.all([alone.app.page.waitForEvent('console', (message) => message.text() === 'asked'), alone.app.open('/unasked')]);
  const { thrown } = await outcome(alone.app);
  assert.deepEqual([thrown?.code, await readRecords(alone.app)], ['popup_blocked', {}]);
});

test('a login that can not start closes its window', async () => {
  const options = comingBackTo('/callback', own);
  const client = await app.client(options);
  const opened = app.world.context.waitForEvent('page');
  const { thrown } = await client.evaluate((client) => settle(() => client.loginPopup({ state: 'own' })));
  const popup = await opened;
  if (!popup.isClosed()) await popup.waitForEvent('close');
  assert.equal(thrown?.type, 'TypeError');
});

test('rule M15: a popup signs in where the page has no storage', async () => {
  const options = comingBackTo('/callback', own);
  await app.evaluate(() => {
    for (const name of ['sessionStorage', 'localStorage']) {
      Object.defineProperty(globalThis, name, {
        get() {
          throw new DOMException('No.', 'SecurityError');
        },
      });
    }
  });
  const popup = await openPopup(app, options);
  await allow(popup);
  assert.ok((await outcome(app)).value);
  assert.deepEqual(await told(app), ['login popup']);
});

test("rule M15: a second popup of a client ends the first one's waiting, and takes its place", async () => {
  const options = comingBackTo('/callback', own);
  const first = await openPopup(app, options);
  const closed = first.waitForEvent('close');
  await app.evaluate(() => void (globalThis.first = outcome));
  const second = await openPopup(app, options);
  const { thrown } = await app.evaluate(() => first);
  assert.deepEqual([thrown?.code, thrown.message], ['popup_closed', 'Another login took the place of this one; go on with that, or sign in again.']);
  await closed;
  await allow(second);
  assert.ok((await outcome(app)).value);
  assert.equal(server.sent('/token').length, 1);
});

/** A popup in a page whose clock the tests turn. */
async function openWithClock(t, more) {
  const alone = await openClientApp(t, WINDOWS);
  await alone.app.page.clock.install();
  await alone.app.open('/start');
  const options = comingBackTo('/callback', alone, more);
  const popup = await openPopup(alone.app, options);
  await alone.app.evaluate(() => void globalThis.outcome.then(() => (globalThis.isDone = true)));
  return { app: alone.app, popup, clock: alone.app.page.clock, isDone: () => alone.app.evaluate(() => globalThis.isDone ?? false) };
}

test('popup_closed: when it has been closed for 10 seconds', async (t) => {
  const { app, popup, clock, isDone } = await openWithClock(t);
  await clock.runFor(60_000);
  assert.equal(await isDone(), false, 'an open window is waited for');
  await popup.close();
  await clock.runFor(9_500);
  assert.equal(await isDone(), false);
  await clock.runFor(1_500);
  assert.deepEqual([(await outcome(app)).thrown?.code, await told(app)], ['popup_closed', []]);
});

test('attack 08: a popup that only seems closed is waited for while the user is not in the page', async (t) => {
  const { app, popup, clock, isDone } = await openWithClock(t, { headers: ISOLATED });
  await app.evaluate(() => (Document.prototype.hasFocus = () => false));
  await clock.runFor(120_000);
  assert.equal(await isDone(), false);
  await allow(popup);
  assert.ok((await outcome(app)).value);
});

test('a signal that aborts closes the popup, and its reason is the error', async () => {
  const options = comingBackTo('/callback', own);
  const popup = await openPopup(app, options);
  const closed = popup.waitForEvent('close');
  await app.evaluate(() => caller.abort(new RangeError('own')));
  assert.equal((await outcome(app)).thrown?.text, 'RangeError: own');
  await closed;
  const client = await app.client(options);
  const { length } = app.world.context.pages();
  const { thrown } = await client.evaluate((client) => settle(() => client.loginPopup({}, { signal: AbortSignal.abort(new RangeError('early')) })));
  assert.deepEqual([thrown?.text, app.world.context.pages().length], ['RangeError: early', length]);
  const wrong = await client.evaluate((client) => settle(() => client.loginPopup({}, { signal: 7 })));
  assert.deepEqual([wrong.thrown?.type, app.world.context.pages().length], ['TypeError', length]);
});

test('two popups at once are two logins, and each has its own answer', async () => {
  const options = [comingBackTo('/callback', own), comingBackTo('/callback', own, { client_id: 'other' })];
  const first = await openPopup(app, options[0], { appState: 1 });
  await app.evaluate(() => void (globalThis.first = outcome));
  const second = await openPopup(app, options[1], { appState: 2 });
  await allow(second);
  assert.equal((await outcome(app)).value?.appState, 2);
  await allow(first);
  assert.equal((await app.evaluate(() => first)).value?.appState, 1);
});

// What is not the popup's answer

test('attacks 21, 22: a message of a foreign origin is no answer, and nothing is logged', async (t) => {
  const script = `const state = new URL(location).searchParams.get('state');
    const uri = new URL(location).searchParams.get('redirect_uri');
    opener.postMessage(uri + '#access_token=EVIL&token_type=Bearer&expires_in=3600&state=' + state, '*');`;
  const foreign = await startServer(t, (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Foreign</title>'));
  const options = comingBackTo('/callback', own, { ...IMPLICIT, script });
  await app.evaluate(() => {
    globalThis.heard = [];
    addEventListener('message', ({ origin }) => heard.push(origin));
  });
  const popup = await openPopup(app, options);
  const url = evil(options, stateOf(popup));
  await app.evaluate((src) => {
    const frame = document.createElement('iframe');
    frame.src = src;
    document.body.append(frame);
    return new Promise((resolve) => (frame.onload = resolve));
  }, foreign.origin);
  await app.page.frames().at(-1).evaluate((url) => parent.postMessage(url, '*'), url);
  // As from an origin that only begins like this one, and from a window that is gone.
  await app.evaluate((url) => {
    const frame = document.querySelector('iframe').contentWindow;
    for (const origin of [`${location.origin}0`, `${location.origin}.evil.example`, 'null', 'https://evil.example']) {
      for (const source of [frame, null]) dispatchEvent(new MessageEvent('message', { data: url, origin, source }));
    }
  }, url);
  assert.ok(await isWaiting(app));
  assert.deepEqual(await app.evaluate(() => [heard.length, heard.includes(location.origin)]), [10, false]);
  await allow(popup);
  const { value } = await outcome(app);
  assert.ok(value?.token.access_token.startsWith(SECRET));
  assert.deepEqual([await told(app), app.messages], [['login popup'], []]);
});

test('attacks 34, 40: a frame of the same origin neither answers for the popup nor hears what it says', async () => {
  const options = comingBackTo('/client', own, IMPLICIT);
  const popup = await openPopup(app, options);
  const state = stateOf(popup);
  await app.evaluate(() => {
    const frame = document.createElement('iframe');
    frame.src = '/elsewhere';
    document.body.append(frame);
    return new Promise((resolve) => (frame.onload = resolve));
  });
  const frame = app.page.frames().at(-1);
  await frame.evaluate(({ url, names }) => {
    globalThis.heard = [];
    addEventListener('message', ({ data }) => heard.push(data));
    for (const name of names) new BroadcastChannel(name).onmessage = ({ data }) => heard.push(data);
    parent.postMessage(url, location.origin);
  }, { url: evil(options, state), names: ['claviger', 'claviger:', `claviger:spa ${options.server.authorization_endpoint}`, `claviger:${'A'.repeat(43)}`] });
  assert.ok(await isWaiting(app));
  await allow(popup);
  const { value } = await outcome(app);
  assert.ok(value?.token.access_token.startsWith(SECRET));
  const heard = JSON.stringify(await frame.evaluate(() => globalThis.heard));
  assert.ok(!heard.includes(SECRET) && !heard.includes(state), heard);
});

test('attack 12: a response with another state is no answer, on whatever way it comes', async () => {
  for (const path of PATHS) {
    const options = comingBackTo(path, own, IMPLICIT);
    const popup = await openPopup(app, options);
    const state = stateOf(popup);
    for (const url of [evil(options, 'A'.repeat(43)), evil(options, state.slice(1)), evil(options, '')]) {
      await lead(popup, url);
      await popup.waitForURL(options.redirect_uri);
      if (path === '/client') assert.match((await popup.evaluate(() => globalThis.arrived)).thrown?.code, /^(unknown|missing)_state$/);
      await popup.evaluate(({ url, state }) => {
        for (const data of [url, 7, null, {}, [url], `claviger:${state}`, state]) {
          opener.postMessage(data, location.origin);
          new BroadcastChannel(`claviger:${state}`).postMessage(data);
        }
      }, { url, state });
      assert.ok(await isWaiting(app), url);
      await lead(popup, '/elsewhere');
      await popup.waitForURL('**/elsewhere');
    }
    const closed = popup.waitForEvent('close');
    await lead(popup, evil(options, state, 'AT'));
    await closed;
    assert.deepEqual([(await outcome(app)).value?.token.access_token, await told(app)], ['AT', ['login popup']]);
  }
});

test('attack 12: what comes from a popup is verified as from a redirect', async () => {
  const responses = {
    issuer_mismatch: (options, state) => `${evil(options, state)}&iss=https%3A%2F%2Fevil.example`,
    unsupported_token_type: (options, state) => evil(options, state).replace('Bearer', 'mac'),
    duplicate_parameter: (options, state) => `${evil(options, state)}&access_token=AT`,
    wrong_location: (options, state) => evil(options, state).replace('#', '?'),
  };
  for (const [code, response] of Object.entries(responses)) {
    const options = comingBackTo('/callback', own, IMPLICIT);
    const popup = await openPopup(app, options);
    const closed = popup.waitForEvent('close');
    await lead(popup, response(options, stateOf(popup)));
    await closed;
    assert.deepEqual([(await outcome(app)).thrown?.code, await told(app)], [code, []]);
  }
});

test('a response that is handed over twice is used once', async () => {
  const options = comingBackTo('/callback', own);
  const popup = await openPopup(app, options);
  const state = stateOf(popup);
  const url = await own.respond(popup.url().replace('/sign-in', '/authorize'));
  await lead(popup, `${app.origin}/elsewhere`);
  await popup.waitForURL('**/elsewhere');
  await popup.evaluate(({ url, state }) => {
    const channel = new BroadcastChannel(`claviger:${state}`);
    for (let count = 0; count < 3; count++) {
      opener.postMessage(url, location.origin);
      channel.postMessage(url);
    }
  }, { url, state });
  assert.ok((await outcome(app)).value);
  assert.deepEqual([await told(app), server.sent('/token').length], [['login popup'], 1]);
});

test('a channel that was closed hears nothing, where an engine delivers what had been posted before', async (t) => {
  const alone = await openAlone(t, { init: [deliverLate] });
  const errors = [];
  alone.app.page.on('pageerror', (error) => errors.push(String(error)));
  const popup = await openPopup(alone.app, comingBackTo('/callback', alone, IMPLICIT));
  await allow(popup);
  assert.ok((await outcome(alone.app)).value);
  await alone.app.page.waitForFunction(() => globalThis.late === 1, undefined, { timeout: 5_000 });
  assert.deepEqual([errors, await told(alone.app)], [[], ['login popup']]);
});

for (const path of PATHS) {
  test(`a response at ${path} whose page is gone signs nobody in, and leaves nothing`, async () => {
    const options = comingBackTo(path, own, { stateStore: 'local' });
    const popup = await openPopup(app, options);
    const url = await own.respond(popup.url().replace('/sign-in', '/authorize'));
    await app.open('/start');
    await app.open(url);
    await app.page.waitForURL(options.redirect_uri);
    // A page with a client says so to its program; the other one says it to its user (rule M15).
    if (path !== '/client') assert.match(await app.page.locator('p').textContent(), /^Nobody waits for this sign-in any more\. Close this window, or go on at [\w.:]+ and sign in there\.$/);
    const thrown = path === '/client' ? (await app.evaluate(() => globalThis.arrived)).thrown : undefined;
    if (path === '/client') {
      assert.deepEqual([thrown?.code, thrown.message], ['unknown_state', "The response answers no login that this browser has under way; sign in again, and set stateStore to 'local' if the redirect comes back in another tab or view."]);
      assert.equal(await tokenOf(options), null);
    }
    assert.deepEqual([app.page.isClosed(), server.sent('/token')], [false, []]);
    await own.assertNoTrace([], thrown);
    await popup.close();
  });
}

// Hidden frames

/** The options of a client that renews in a frame, the client, and what its page sees of frames. */
async function framing(path, more, { app: tab, ...rest } = own) {
  const options = comingBackTo(path, { app: tab, ...rest }, more);
  // No page for the user.
  options.server.authorization_endpoint = `${rest.server.origin}/authorize`;
  const client = await tab.client(options);
  await client.evaluate(follow);
  await tab.evaluate(watchFrames);
  return { options, client };
}
const renew = (client) => client.evaluate((client) => settle(() => client.renew()));

/** A server that gives codes and tokens, but no refresh tokens. */
function withoutRefreshTokens(at = own) {
  let count = 0;
  at.server.instead['/token'] = (_, response) => json(response, 200, { access_token: `${SECRET}AT-C${(count += 1)}`, token_type: 'Bearer', expires_in: 3600 });
}

/** What the server answers without its user. */
function refusing(error) {
  return ({ path }, response) => {
    const asked = new URL(path, server.origin).searchParams;
    const mark = asked.get('response_type') === 'code' ? '?' : '#';
    response.writeHead(302, { location: `${asked.get('redirect_uri')}${mark}error=${error}&error_description=No.&state=${asked.get('state')}` }).end();
  };
}

for (const path of PATHS) {
  for (const response_type of ['code', 'token']) {
    test(`a frame that comes back to ${path} begins a session and takes its place, with a ${response_type} and without a trace`, async () => {
      const { options, client } = await framing(path, { response_type });
      withoutRefreshTokens();
      const tokens = [];
      // Without proof that it is the same user, the second one is a logout and a login (rule M4).
      for (const expected of [['login frame'], ['login frame', 'logout frame', 'login frame']]) {
        const { value, thrown } = await renew(client);
        assert.equal(thrown, undefined);
        tokens.push(value.access_token);
        assert.deepEqual([await tokenOf(options), await told(app)], [value.access_token, expected]);
      }
      assert.notEqual(tokens[0], tokens[1]);
      const { urls, most, areHidden, left } = await framesSeen(app);
      assert.deepEqual([urls.length, most, areHidden, left], [2, 1, true, 0]);
      for (const url of urls) assert.equal(new URL(url).searchParams.get('prompt'), 'none');
      await assertNothingStored();
      await own.assertNoTrace([], []);
    });
  }
}

for (const response_type of ['code', 'token']) {
  test(`rule M12: a frame asks for what its caller does in the place of what the login asked for, once, with a ${response_type}`, async () => {
    const { options, client } = await framing('/callback', { response_type });
    withoutRefreshTokens();
    const { url } = await app.startLogin(options, { parameters: { login_hint: 'ada', acr_values: '1' } });
    assert.equal((await app.handleRedirect(options, await own.respond(url))).thrown, undefined);
    const resource = ['https://a.example', 'https://b.example'];
    for (const parameters of [{ login_hint: 'bob', resource }, undefined]) {
      assert.ok((await client.evaluate((client, parameters) => settle(() => client.renew({ parameters })), parameters)).value);
    }
    const { urls } = await framesSeen(app);
    const asked = urls.map((url) => ['login_hint', 'acr_values', 'resource', 'prompt'].map((name) => new URL(url).searchParams.getAll(name)));
    assert.deepEqual(asked, [[['bob'], ['1'], resource, ['none']], [['ada'], ['1'], [], ['none']]]);
  });
}

/** What a page may show of each reason. */
const REASONS = {
  login_required: 'The server knows no user here: nobody is signed in there, or the browser blocks third-party cookies and so keeps them from the hidden frame; sign in again.',
  consent_required: 'The user has not yet allowed at the server what this page asks for; sign in again.',
  interaction_required: 'The server renews nothing without its user, and its own code is in the member error; sign in again.',
};

test('what the server says without its user is interaction_required with its reason, and no further frame comes until a login', async () => {
  for (const response_type of ['code', 'token']) {
    for (const [error, message] of Object.entries(REASONS)) {
      const { options, client } = await framing('/callback', { response_type, client_id: `${response_type}-${error}` });
      withoutRefreshTokens();
      server.instead['/authorize'] = refusing(error);
      for (let count = 0; count < 3; count++) {
        const { thrown } = await renew(client);
        assert.deepEqual([thrown?.code, thrown.error, thrown.error_description, thrown.message], ['interaction_required', error, count ? undefined : 'No.', message]);
      }
      const { urls, left } = await framesSeen(app);
      assert.deepEqual([urls.length, left, await told(app)], [1, 0, ['renewal-failed frame']]);
      delete server.instead['/authorize'];
      const { thrown } = await renew(client);
      assert.equal(thrown?.code, 'interaction_required', 'the user has not acted yet');
      const { url } = await app.startLogin(options);
      assert.ok((await app.handleRedirect(options, await own.respond(url))).value);
      assert.ok((await renew(client)).value);
      assert.deepEqual([(await framesSeen(app)).urls.length, await told(app)], [2, ['renewal-failed frame', 'login redirect', 'logout frame', 'login frame']]);
      await app.open('/start');
    }
  }
});

test('rule M6: a server that refuses to be framed is interaction_required within 11 seconds, and may be asked again', async () => {
  const { options, client } = await framing('/callback', IMPLICIT);
  const { url } = await app.startLogin(options);
  const { value } = await app.handleRedirect(options, await own.respond(url));
  server.instead['/authorize'] = (_, response) => response.writeHead(200, { 'content-type': 'text/html', 'x-frame-options': 'DENY' }).end('<!doctype html><title>Allow?</title>');
  const from = performance.now();
  const { thrown } = await renew(client);
  const took = performance.now() - from;
  assert.deepEqual([thrown?.code, thrown.error], ['interaction_required', undefined]);
  assert.ok(took > 9_500 && took < 11_000, String(took));
  assert.deepEqual([await tokenOf(options), await told(app), (await framesSeen(app)).left], [value.token.access_token, ['login redirect', 'renewal-failed frame'], 0]);
  delete server.instead['/authorize'];
  assert.ok((await renew(client)).value);
  assert.equal((await framesSeen(app)).urls.length, 2);
});

for (const [host, what, expected] of [
  ['127.0.0.1', 'its own site knows its user in the frame', ['AT', undefined, undefined]],
  ['localhost', 'another site does not, and says login_required', [undefined, 'interaction_required', REASONS.login_required]],
]) {
  test(`third-party cookies blocked: a server of ${what}`, async (t) => {
    const alone = await openAlone(t, { host });
    const { app, server } = alone;
    const refuse = refusing('login_required');
    server.instead['/authorize'] = ({ path, headers }, response) => {
      if (!headers.cookie?.includes('user=ada')) return refuse({ path }, response);
      const asked = new URL(path, server.origin).searchParams;
      response.writeHead(302, { location: evil({ redirect_uri: asked.get('redirect_uri') }, asked.get('state'), 'AT') }).end();
    };
    server.instead['/welcome'] = (_, response) => response.writeHead(200, { 'set-cookie': 'user=ada; Secure; SameSite=None; Path=/' }).end();
    await app.open(`${server.origin}/welcome`);
    const session = await app.world.context.newCDPSession(app.page);
    await session.send('Network.enable');
    // Debian's Chromium does so by itself.
    await session.send('Network.setCookieControls', { enableThirdPartyCookieRestriction: true, disableThirdPartyCookieMetadata: true, disableThirdPartyCookieHeuristics: true });
    await app.open('/start');
    const { client } = await framing('/callback', IMPLICIT, alone);
    const { value, thrown } = await renew(client);
    assert.deepEqual([value?.access_token, thrown?.code, thrown?.message], expected);
  });
}

test('attacks 12, 34, 40: a frame with another state, and a message that is not the frame\'s, renew nothing', async () => {
  const { options, client } = await framing('/callback', IMPLICIT);
  const held = server.hold('/authorize');
  await client.evaluate((client) => void (globalThis.outcome = settle(() => client.renew())));
  const { request, answer } = await held.arrived;
  const state = new URL(request.path, server.origin).searchParams.get('state');
  await app.evaluate((urls) => {
    const frame = document.createElement('iframe');
    frame.src = '/elsewhere';
    document.body.append(frame);
    return new Promise((resolve) => (frame.onload = resolve));
  });
  const stranger = app.page.frames().find((frame) => frame.url().endsWith('/elsewhere'));
  await stranger.evaluate((urls) => urls.forEach((url) => parent.postMessage(url, location.origin)), [evil(options, state), evil(options, 'A'.repeat(43))]);
  await app.evaluate((url) => postMessage(url, location.origin), evil(options, state));
  assert.ok(await isWaiting(app));
  answer();
  assert.ok((await outcome(app)).value?.access_token.startsWith(SECRET));
});

test('never two frames at once for a client, whoever asks', async () => {
  const { client } = await framing('/callback', IMPLICIT);
  const outcomes = await client.evaluate((client) => Promise.all([1, 2, 3].map(() => settle(() => client.renew()))));
  assert.ok(outcomes.every(({ value }) => value));
  assert.equal(new Set(outcomes.map(({ value }) => value.access_token)).size, 1);
  const { most, urls, left } = await framesSeen(app);
  assert.deepEqual([most, urls.length, left], [1, 1, 0]);
});

test('a frame whose response fails its verification is told as that, and its error is nobody\'s word', async () => {
  const { options, client } = await framing('/callback', IMPLICIT);
  for (const said of ['access_token=EVIL&token_type=Bearer', 'error=login_required']) {
    server.instead['/authorize'] = ({ path }, response) => {
      const asked = new URL(path, server.origin).searchParams;
      response.writeHead(302, { location: `${options.redirect_uri}#${said}&state=${asked.get('state')}&iss=https%3A%2F%2Fevil.example` }).end();
    };
    const { thrown } = await renew(client);
    assert.deepEqual([thrown?.code, await tokenOf(options)], ['issuer_mismatch', null]);
  }
  assert.deepEqual([await told(app), (await framesSeen(app)).urls.length], [['renewal-failed frame', 'renewal-failed frame'], 2]);
  delete server.instead['/authorize'];
  assert.ok((await renew(client)).value);
});

/** A token that is to be renewed in a frame after a second, and lives for five. */
async function shortLived() {
  const { options, client } = await framing('/callback', { ...IMPLICIT, autoRenew: true, renewAt: 0.2 });
  const { state } = await app.startLogin(options);
  await app.handleRedirect(options, evil(options, state, 'FIRST').replace('3600', '5'));
  return client;
}

test('autoRenew renews the implicit grant in a frame before its end', async () => {
  const client = await shortLived();
  await app.page.waitForFunction(() => globalThis.told.includes('login frame'));
  const token = await client.evaluate((client) => client.token()?.access_token);
  assert.ok(token.startsWith(SECRET));
  assert.deepEqual(await told(app), ['login redirect', 'logout frame', 'login frame']);
});

test('autoRenew asks once where the server wants its user, and starts no loop', async () => {
  server.instead['/authorize'] = refusing('login_required');
  const client = await shortLived();
  await app.page.waitForFunction(() => globalThis.told.includes('expire time'), undefined, { timeout: 10_000 });
  await app.evaluate(() => ['focus', 'online', 'pageshow', 'visibilitychange'].forEach((type) => dispatchEvent(new Event(type))));
  const codes = await client.evaluate((client, url) => Promise.all([1, 2, 3].map(async () => (await settle(() => client.fetch(url))).thrown?.code)), `${server.origin}/api`);
  assert.deepEqual([codes, (await framesSeen(app)).urls.length, server.sent('/api').length], [Array(3).fill('token_expired'), 1, 0]);
  assert.deepEqual(await told(app), ['login redirect', 'renewal-failed frame', 'expire time']);
});

test('a frame whose client logs out meanwhile signs nobody in', async () => {
  const { options, client } = await framing('/callback', {});
  withoutRefreshTokens();
  const { arrived } = server.hold('/token');
  await client.evaluate((client) => void (globalThis.outcome = settle(() => client.renew())));
  const { answer } = await arrived;
  await client.evaluate((client) => client.logout());
  answer();
  assert.deepEqual([(await outcome(app)).thrown?.code, await tokenOf(options), await told(app)], ['session_ended', null, []]);
  assert.equal((await framesSeen(app)).left, 0);
  assert.ok(!JSON.stringify(await readStores(app)).includes(SECRET));
});
