// Authorization codes at the embedded server, in the page's own window and in a popup.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { openApp, until } from './harness/app.mjs';
import { events, listen } from './harness/events.mjs';
import { atRedirectUri, BODY, openPopup, outcome } from './harness/popup.mjs';
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
