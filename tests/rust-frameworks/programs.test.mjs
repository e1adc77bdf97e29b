// A program of a framework's in Rust, from its first sign-in to a logout in another tab.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { pathToFileURL } from 'node:url';
import { SECRET } from '../e2e/harness/authorization-server.mjs';
import { callsTo, click, giving, newsOf, openOther, openRustPage, renewalsAt, shown, signIn, untilShown } from '../e2e/harness/rust-page.mjs';

const folder = pathToFileURL(`${process.env.CLAVIGER_PROGRAM}/`);
const open = (t, config) => openRustPage(t, { folder, config });
const LOCAL = { token_store: 'local' };

test('it signs in with a code, and says whose the token is', async (t) => {
  const { tab, server, home } = await open(t);
  await signIn(tab);
  await untilShown(tab, 'news', 'login by redirect');
  await untilShown(tab, 'state', 'signed-in');
  assert.equal((await tab.place()).url, home);
  assert.equal(server.sent('/token')[0].grant_type, 'authorization_code');
  assert.deepEqual(tab.messages, []);
});

test('it renews when it is asked, and where a resource refuses the token', async (t) => {
  const { tab, server, refused } = await open(t);
  await signIn(tab);
  assert.equal((await click(tab, 'renew')).text, 'Done: renew');
  await untilShown(tab, 'news', 'login by redirect, renew by refresh');
  assert.equal((await click(tab, 'call')).text, 'Ada');
  refused.add(callsTo(server).at(-1));
  assert.equal((await click(tab, 'call')).text, 'Ada');
  assert.equal(renewalsAt(server).length, 2);
  await untilShown(tab, 'news', 'login by redirect, renew by refresh, renew by refresh');
});

test('it is revoked by the server, and by its user', async (t) => {
  const { tab, server } = await open(t);
  await signIn(tab);
  server.instead['/token'] = giving({ status: 400, error: 'invalid_grant' });
  assert.equal((await click(tab, 'renew')).code, 'token_error');
  await untilShown(tab, 'state', 'signed-out');
  assert.equal(await newsOf(tab), 'login by redirect, revoke by server');
  delete server.instead['/token'];
  await tab.open('/');
  await signIn(tab);
  assert.equal((await click(tab, 'revoke')).text, 'Done: revoke');
  assert.equal(server.sent('/revoke').length, 2);
  await untilShown(tab, 'state', 'signed-out');
});

test('its session expires, and is renewed before where it is told to', async (t) => {
  const { tab, server } = await open(t);
  server.instead['/token'] = giving({ expires_in: 3 });
  await signIn(tab);
  await untilShown(tab, 'news', 'login by redirect, expire by time');
  assert.equal((await click(tab, 'call')).text, 'Signed out');
  const renewing = await open(t, { auto_renew: true });
  renewing.server.instead['/token'] = giving({ expires_in: 3, refresh_token: `${SECRET}RT` }, { expires_in: 3600 });
  await signIn(renewing.tab);
  await untilShown(renewing.tab, 'news', 'login by redirect, renew by refresh');
});

test('a reload with a store keeps its session', async (t) => {
  const { tab, server } = await open(t, LOCAL);
  await signIn(tab);
  await tab.open('/');
  assert.equal((await shown(tab)).text, 'Ada');
  await untilShown(tab, 'state', 'signed-in');
  assert.equal(server.sent('/token').length, 1);
});

test('a logout in another tab ends its session', async (t) => {
  const { tab } = await open(t, LOCAL);
  await signIn(tab);
  const other = await openOther(t, { tab });
  assert.equal((await shown(other)).text, 'Ada');
  assert.equal((await click(other, 'sign-out')).text, 'Done: sign-out');
  await untilShown(tab, 'news', 'login by redirect, logout by tab');
  await untilShown(tab, 'state', 'signed-out');
  await tab.open('/');
  assert.equal((await shown(tab)).text, 'Signed out');
});
