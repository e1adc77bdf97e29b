// The rules of the session where tabs, frames and stores take part, by the engine's own locks, channels and timers.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { json } from '../e2e/harness/authorization-server.mjs';
import { openByClick, until } from './harness/app.mjs';
import { events, listen, told } from './harness/events.mjs';
import { logout, open, outcome, renew, signIn, tokenOf } from './harness/session.mjs';

test("rules M1, M2: after a logout in another tab a frame's answer signs nobody in", async (t) => {
  const { server, app, options } = await open(t, { response_type: 'token' });
  const other = await app.newTab(t);
  await listen(app, options);
  await signIn(app, options);
  const { arrived } = server.hold('/authorize');
  await renew(app, options);
  const { answer } = await arrived;
  await logout(other, options);
  await told(app, 'logout by tab');
  answer();
  assert.equal((await outcome(app)).thrown?.code, 'session_ended');
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.deepEqual([await events(app), await tokenOf(app, options), await tokenOf(other, options)], [['login by redirect', 'logout by tab'], null, null]);
});

test('rule M2: a logout while a renewal waits for the lock ends both renewals', async (t) => {
  const { server, app, options, renewals } = await open(t);
  const other = await app.newTab(t);
  await signIn(app, options);
  await until(other, async (options) => (await clientFor(options)).token() !== null, options);
  const { arrived } = server.hold('/token');
  await renew(app, options);
  const { answer } = await arrived;
  await renew(other, options);
  await logout(other, options);
  answer();
  assert.deepEqual([(await outcome(app)).thrown?.code, (await outcome(other)).thrown?.code], ['session_ended', 'session_ended']);
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.deepEqual([renewals().length, await tokenOf(app, options), await tokenOf(other, options)], [1, null, null]);
});

test('rules M9, M17: three tabs at one expiry send one request, and all have the new token', async (t) => {
  const { server, app, options, renewals } = await open(t, { autoRenew: true, renewAt: 0.1 });
  const tabs = [app, await app.newTab(t), await app.newTab(t)];
  for (const tab of tabs) await listen(tab, options);
  let count = 0;
  server.instead['/token'] = (_, response) => {
    count += 1;
    json(response, 200, { access_token: `AT-${count}`, token_type: 'Bearer', expires_in: count > 1 ? 3600 : 20, refresh_token: `RT-${count}` });
  };
  await signIn(app, options);
  for (const tab of tabs) {
    await until(tab, () => globalThis.events.some((event) => event.startsWith('renew by')));
    assert.equal(await tokenOf(tab, options), 'AT-2');
    assert.equal((await events(tab)).length, 2);
  }
  assert.deepEqual(renewals(), ['RT-1']);
});

test('rule M17: localStorage.clear() in another tab signs out', async (t) => {
  const { app, options } = await open(t);
  await listen(app, options);
  await signIn(app, options);
  const other = await app.newTab(t);
  await other.evaluate(() => localStorage.clear());
  await told(app, 'logout by tab');
  const state = await app.evaluate(async (options) => (await clientFor(options)).state(), options);
  assert.deepEqual([await tokenOf(app, options), state, await events(app)], [null, 'signed-out', ['login by redirect', 'logout by tab']]);
});

test('rule M9: a duplicated tab uses no refresh token a second time', async (t) => {
  const { app, options, renewals } = await open(t, { tokenStore: 'session' });
  const token = await signIn(app, options);
  await app.evaluate(() => {
    const button = document.body.appendChild(document.createElement('button'));
    button.id = 'duplicate';
    button.textContent = 'Duplicate';
    button.onclick = () => open('/start');
  });
  const copy = await openByClick(app, '#duplicate');
  await until(copy, () => typeof clientFor === 'function');
  const copied = () => copy.evaluate(async (options) => (await clientFor(options)).token()?.access_token, options);
  assert.equal(await copied(), token, 'the engine has copied the store');
  await renew(app, options);
  assert.ok((await outcome(app)).value);
  await new Promise((resolve) => setTimeout(resolve, 300));
  await renew(copy, options);
  // Without a refresh token of its own it asks in a frame, which here brings a session of its own.
  const { value } = await outcome(copy);
  assert.deepEqual([renewals().length, await copied()], [1, value.access_token]);
  await renew(app, options);
  assert.ok((await outcome(app)).value, 'and the server has seen no token twice');
});
