// Popups and hidden frames of a Rust program in a page.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { SECRET } from './harness/authorization-server.mjs';
import { click, giving, newsOf, openRustPage, shown, signIn, stateOf } from './harness/rust-page.mjs';

/** A server that gives no refresh token, so that a renewal asks in a frame. */
const WITHOUT_REFRESH = { expires_in: 3600 };

for (const [what, config] of [['code', {}], ['token', { token_endpoint: undefined }]]) {
  test(`a popup signs in with a ${what}: its page hands the response over, and closes`, async (t) => {
    const { tab } = await openRustPage(t, { config });
    await shown(tab);
    const opened = tab.page.waitForEvent('popup');
    await tab.page.click('#sign-in-popup');
    const popup = await opened;
    assert.equal((await shown(tab)).text, 'Done: sign-in-popup');
    assert.deepEqual([await newsOf(tab), await stateOf(tab)], ['login by popup', 'signed-in']);
    if (!popup.isClosed()) await popup.waitForEvent('close');
    assert.equal((await click(tab, 'call')).text, 'Ada');
    assert.ok(!(await tab.history()).some((url) => url.includes(SECRET)));
  });
}

test('rule M15: a second popup takes the place of the first, and closes it', async (t) => {
  const { tab, server } = await openRustPage(t);
  server.instead['/authorize'] = (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<p>Sign in</p>');
  await shown(tab);
  const opened = tab.page.waitForEvent('popup');
  await tab.page.click('#sign-in-popup');
  const first = await opened;
  await first.waitForURL(`${server.origin}/**`);
  delete server.instead['/authorize'];
  const closed = first.waitForEvent('close');
  await tab.page.click('#sign-in-popup');
  await closed;
  await tab.page.locator('#news', { hasText: 'login by popup' }).waitFor();
});

test('a call that is given up is waited for no more, and the exchange of its code is aborted', async (t) => {
  const { tab, server } = await openRustPage(t);
  await shown(tab);
  const held = server.hold('/token');
  await tab.page.click('#sign-in-popup');
  await held.arrived;
  assert.equal((await click(tab, 'give-up')).text, 'Given up');
  await held.givenUp();
  assert.deepEqual([await newsOf(tab), await stateOf(tab), (await shown(tab)).text], ['', 'signed-out', 'Given up']);
});

test('a window that the browser blocks is popup_blocked', async (t) => {
  const { tab } = await openRustPage(t, { init: [() => { globalThis.open = () => null; }] });
  await shown(tab);
  assert.equal((await click(tab, 'sign-in-popup')).code, 'popup_blocked');
});

test('rule M4: what a frame brings may be somebody else, and is told as a logout and a login', async (t) => {
  const { tab, server } = await openRustPage(t);
  server.instead['/token'] = giving(WITHOUT_REFRESH);
  await signIn(tab);
  assert.equal((await click(tab, 'renew')).text, 'Done: renew');
  assert.deepEqual([await newsOf(tab), await stateOf(tab)], ['login by redirect, logout by frame, login by frame', 'signed-in']);
  const [, framed] = server.log.filter(({ path }) => path.startsWith('/authorize'));
  assert.equal(new URL(framed.path, server.origin).searchParams.get('prompt'), 'none');
  assert.equal(await tab.page.locator('iframe').count(), 0);
});

test('a server that wants its user says so in the frame, and a policy that forbids frames is told', async (t) => {
  const { tab, server } = await openRustPage(t);
  server.instead['/token'] = giving(WITHOUT_REFRESH);
  await signIn(tab);
  server.instead['/authorize'] = ({ path }, response) => {
    const { redirect_uri, state } = Object.fromEntries(new URL(path, server.origin).searchParams);
    response.writeHead(302, { location: `${redirect_uri}?error=login_required&state=${state}` }).end();
  };
  assert.equal((await click(tab, 'renew')).code, 'interaction_required');
  assert.deepEqual([await newsOf(tab), await stateOf(tab)], ['login by redirect, interaction_required by frame', 'signed-in']);

  const strict = await openRustPage(t, { csp: "frame-src 'none'" });
  strict.server.instead['/token'] = giving(WITHOUT_REFRESH);
  await signIn(strict.tab);
  assert.match((await click(strict.tab, 'renew')).text, /Content-Security-Policy forbids/);
});
