// A session that outlives its page or begins in another window, by the engine's own stores, channels and windows.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { response } from '../e2e/harness/page.mjs';
import { startServer } from '../e2e/harness/servers.mjs';
import { openApp, openByClick, until } from './harness/app.mjs';
import { answerAt, arrived } from './harness/sign-in.mjs';

const { server } = JSON.parse(process.env.CLAVIGER_DEMO);
const redirectUri = process.env.CLAVIGER_CODE_REDIRECT_URI;
const { port } = new URL(redirectUri);
const api = `${server}/api/v2`;

const OPTIONS = {
  server: { issuer: server, authorization_endpoint: `${server}/oauth/authorize`, token_endpoint: `${server}/oauth/token` },
  client_id: 'city-issues',
  redirect_uri: redirectUri,
  response_type: 'code',
  resources: [api],
};

/** From now on the events of the page's client are in `globalThis.events`. */
const listen = (app, options) =>
  app.evaluate(async (options) => {
    globalThis.events = [];
    (await clientFor(options)).subscribe(({ type, cause }) => void globalThis.events.push(`${type} by ${cause}`));
  }, options);
const events = (app) => app.evaluate(() => globalThis.events);
const told = (app, event) => until(app, (event) => globalThis.events.includes(event), event);

/** What the API says of whose token it is. */
const profile = (app, options) =>
  app.evaluate(
    ({ options, url }) =>
      settle(async () => {
        const response = await (await clientFor(options)).fetch(url);
        return [response.status, (await response.json()).name];
      }),
    { options, url: `${api}/profile` },
  );

async function reload(app) {
  await app.evaluate(() => {
    globalThis.isLeft = true;
    setTimeout(() => location.reload());
  });
  await until(app, () => !globalThis.isLeft && document.readyState === 'complete' && typeof clientFor === 'function');
}

// What each store gives after a reload, and in another tab.
for (const [tokenStore, here, there] of [['memory'], ['session', 'AT'], ['local', 'AT', 'AT']]) {
  test(`tokenStore ${tokenStore}: after a reload the session is ${here ? 'there again' : 'forgotten'}, and in another tab it is ${there ? 'the same' : 'none'}`, async (t) => {
    const app = await openApp(t);
    const options = { ...app.options, tokenStore };
    const { value } = await app.signIn(options);
    assert.equal(value?.token.access_token, 'AT');
    await reload(app);
    const again = await app.token(options);
    assert.deepEqual(again, here ? value.token : null);
    const other = await app.newTab(t);
    assert.equal((await other.token(options))?.access_token, there);
  });
}

test('A07 tabs that share a store: a login in one is one in all, and so is a logout', async (t) => {
  const app = await openApp(t);
  const other = await app.newTab(t);
  const options = { ...app.options, tokenStore: 'local' };
  for (const tab of [app, other]) await listen(tab, options);
  assert.ok((await app.signIn(options)).value);
  await told(other, 'login by tab');
  assert.deepEqual(await other.token(options), await app.token(options));
  await other.evaluate(async (options) => (await clientFor(options)).logout(), options);
  await told(app, 'logout by tab');
  assert.deepEqual([await app.token(options), await other.token(options)], [null, null]);
  assert.deepEqual([await events(app), await events(other)], [['login by redirect', 'logout by tab'], ['login by tab', 'logout by caller']]);
});

test('a code from the embedded server, exchanged with PKCE and renewed', async (t) => {
  const app = await openApp(t, { port });
  await app.evaluate(async (options) => void (await clientFor(options)).login(undefined, { returnTo: '/issues' }), OPTIONS);
  await answerAt(app, '#allow');
  await arrived(app, redirectUri);
  assert.match((await app.place()).url, /[?&]code=/);
  await listen(app, OPTIONS);
  const { value } = await app.handleRedirect(OPTIONS);
  assert.deepEqual([typeof value?.token.access_token, value.returnTo, (await app.place()).url], ['string', '/issues', redirectUri]);
  assert.deepEqual(await profile(app, OPTIONS), { value: [200, 'Ada Lovelace'] });
  const { value: renewed } = await app.evaluate((options) => settle(async () => (await clientFor(options)).renew()), OPTIONS);
  assert.ok(renewed?.access_token);
  assert.notEqual(renewed.access_token, value.token.access_token);
  assert.deepEqual(await app.token(OPTIONS), renewed);
  assert.deepEqual(await profile(app, OPTIONS), { value: [200, 'Ada Lovelace'] });
  assert.deepEqual(await events(app), ['login by redirect', 'renew by refresh']);
});

// Another window

const BODY = '<button>Sign in</button><script type="module" src="/in-page.js?entry=claviger"></script><script type="module" src="/cb.js"></script>';
/** What the page at the redirect URI does, and no other. */
const atRedirectUri = (work) => ({ '/cb.js': `if (location.pathname === '/cb') ${work};` });

/** The window in which the user is to sign in, opened by a click of the user's. */
async function openPopup(app, options) {
  await listen(app, options);
  await app.evaluate(async (options) => {
    const client = await clientFor(options);
    document.querySelector('button').onclick = () => (globalThis.outcome = settle(() => client.loginPopup()));
  }, options);
  return openByClick(app, 'button');
}
/** What comes of it in the page that waits. */
const outcome = (app) => app.evaluate(() => globalThis.outcome);

test('a popup at the embedded server: opened by a click, closed by itself, and the session begins here', async (t) => {
  const app = await openApp(t, { port, body: BODY, scripts: atRedirectUri(`(await clientFor(${JSON.stringify(OPTIONS)})).handleRedirect()`) });
  const before = await app.place();
  const popup = await openPopup(app, OPTIONS);
  await until(popup, () => opener !== null && document.querySelector('#allow, #sign-in') !== null);
  await answerAt(popup, '#allow');
  const { value, thrown } = await outcome(app);
  assert.deepEqual([typeof value?.token.access_token, thrown], ['string', undefined]);
  await popup.closed();
  assert.deepEqual(await profile(app, OPTIONS), { value: [200, 'Ada Lovelace'] });
  assert.deepEqual([await events(app), await app.place()], [['login by popup'], before]);
});

test('A12 A21 A22 A34 A40 what a foreign page and other pages of the origin say is no answer of the popup', async (t) => {
  const { origin } = await startServer(t, ({ path }, answer) => {
    const { searchParams } = new URL(path, 'http://localhost');
    const to = response(searchParams.get('state'), { redirect_uri: searchParams.get('redirect_uri') }).replaceAll('&', '&amp;');
    answer.writeHead(200, { 'content-type': 'text/html' }).end(`<!doctype html><a id="allow" href="${to}">Allow</a>`);
  });
  const says = "else if (location.pathname === '/elsewhere') onmessage = ({ data }) => parent.postMessage(data, location.origin);";
  const { '/cb.js': script } = atRedirectUri(`import('/pkg/wasm/callback.js')`);
  const app = await openApp(t, { body: BODY, scripts: { '/cb.js': script + says } });
  const options = { ...app.options, server: { authorization_endpoint: `${origin}/authorize` } };
  const popup = await openPopup(app, options);
  await until(popup, () => document.querySelector('#allow') !== null);
  const forged = await popup.evaluate(() => document.querySelector('#allow').href.replace('=AT', '=EVIL'));
  const { searchParams } = new URL(forged.replace('#', '?'));
  const state = searchParams.get('state');
  const unasked = forged.replace(state, 'A'.repeat(43));
  await app.evaluate(() => {
    globalThis.heard = [];
    addEventListener('message', ({ origin }) => heard.push(origin));
    const frame = document.createElement('iframe');
    frame.src = '/elsewhere';
    document.body.append(frame);
    return new Promise((resolve) => (frame.onload = () => resolve()));
  });
  await popup.evaluate((url) => opener.postMessage(url, '*'), forged);
  await app.evaluate(
    ({ forged, unasked, state }) => {
      const frame = document.querySelector('iframe').contentWindow;
      frame.postMessage(forged, location.origin);
      new frame.BroadcastChannel(`claviger:${state}`).postMessage(unasked);
      for (const origin of [`${location.origin}0`, `${location.origin}.evil.example`]) dispatchEvent(new MessageEvent('message', { data: forged, origin, source: frame }));
    },
    { forged, unasked, state },
  );
  await until(app, () => globalThis.heard.length === 4);
  assert.deepEqual([await events(app), await app.token(options)], [[], null]);
  await popup.click('#allow');
  const { value, thrown } = await outcome(app);
  assert.deepEqual([value?.token.access_token, thrown, await events(app)], ['AT', undefined, ['login by popup']]);
});

test('A08 a popup at a server that isolates its pages: without an opener the answer comes all the same', async (t) => {
  const { origin } = await startServer(t, ({ path }, answer) => {
    const { searchParams } = new URL(path, 'http://localhost');
    const to = response(searchParams.get('state'), { redirect_uri: searchParams.get('redirect_uri') }).replaceAll('&', '&amp;');
    answer.writeHead(200, { 'content-type': 'text/html', 'cross-origin-opener-policy': 'same-origin' }).end(`<!doctype html><a id="allow" href="${to}">Allow</a>`);
  });
  const app = await openApp(t, { body: BODY, scripts: atRedirectUri(`import('/pkg/wasm/callback.js')`) });
  const options = { ...app.options, server: { authorization_endpoint: `${origin}/authorize` } };
  const popup = await openPopup(app, options);
  await until(popup, () => opener === null && document.querySelector('#allow') !== null);
  await popup.click('#allow');
  const { value, thrown } = await outcome(app);
  assert.deepEqual([value?.token.access_token, thrown], ['AT', undefined]);
  await popup.closed();
  assert.deepEqual([await events(app), (await app.token(options)).access_token], [['login by popup'], 'AT']);
});
