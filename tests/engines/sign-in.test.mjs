// A sign-in at the embedded server, from the page to the server's own pages and back.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { ENTRIES, response } from '../e2e/harness/page.mjs';
import { openApp } from './harness/app.mjs';
import { answerAt, arrived } from './harness/sign-in.mjs';

const { server } = JSON.parse(process.env.CLAVIGER_DEMO);
const redirectUri = process.env.CLAVIGER_REDIRECT_URI;
const { port } = new URL(redirectUri);
const api = `${server}/api/v2`;

const OPTIONS = {
  server: { authorization_endpoint: `${server}/oauth/authorize` },
  client_id: 'city-issues',
  redirect_uri: redirectUri,
  response_type: 'token',
  resources: [api],
};

/** From the page to the server and back, with the user's answer there. */
async function signIn(app, options, button) {
  await app.open('/cb');
  await app.evaluate(async (options) => void (await clientFor(options)).login(undefined, { returnTo: '/issues' }), options);
  await answerAt(app, button);
  await arrived(app, redirectUri);
}

const call = (app, options) =>
  app.evaluate(
    ({ options, url }) =>
      settle(async () => {
        const response = await (await clientFor(options)).fetch(url);
        return { status: response.status, name: response.ok ? (await response.json()).name : null };
      }),
    { options, url: `${api}/profile` },
  );

for (const entry of ENTRIES) {
  test(`${entry}: a sign-in at the embedded server`, async (t) => {
    const app = await openApp(t, { entry, port });

    await t.test('allowed: a token, a clean address bar, a call, a 401, and no second use', async () => {
      await signIn(app, OPTIONS, '#allow');
      const url = await app.evaluate(() => location.href);
      const sent = new URLSearchParams(new URL(url).hash.slice(1)).get('access_token');
      assert.ok(sent);
      await app.evaluate(() => history.replaceState({ own: 1 }, ''));
      const { entries } = await app.place();
      const { value } = await app.handleRedirect(OPTIONS);
      assert.deepEqual([value?.token.access_token, value.returnTo], [sent, '/issues']);
      assert.deepEqual(await app.place(), { url: redirectUri, entries });
      assert.deepEqual(await app.evaluate(() => history.state), { own: 1 });
      const kept = await app.evaluate(() => JSON.stringify([{ ...sessionStorage }, { ...localStorage }, document.cookie]));
      assert.ok(!kept.includes(sent));

      assert.deepEqual(await call(app, OPTIONS), { value: { status: 200, name: 'Ada Lovelace' } });
      const revoked = await fetch(`${server}/test/revoke`, { method: 'POST', body: new URLSearchParams({ token: sent }) });
      assert.ok(revoked.ok);
      assert.deepEqual(await call(app, OPTIONS), { value: { status: 401, name: null } });
      // The small build does not look at the reason.
      assert.equal((await app.token(OPTIONS))?.access_token, entry === 'claviger' ? undefined : sent);

      await app.open('/start');
      await app.open(url);
      const { thrown } = await app.handleRedirect(OPTIONS);
      assert.equal(thrown?.code, 'state_replayed');
      assert.equal((await app.place()).url, redirectUri);
    });

    await t.test('Back shows the address without the token', async () => {
      await signIn(app, OPTIONS, '#allow');
      assert.ok((await app.handleRedirect(OPTIONS)).value);
      await app.open('/start');
      await app.evaluate(() => void setTimeout(() => history.back()));
      await arrived(app, redirectUri);
      assert.equal((await app.place()).url, redirectUri);
    });

    await t.test('denied: access_denied, in words of the server', async () => {
      await signIn(app, OPTIONS, '#deny');
      const { thrown } = await app.handleRedirect(OPTIONS);
      assert.deepEqual([thrown?.code, thrown.error], ['authorization_error', 'access_denied']);
      assert.match(thrown.error_description, /denied/);
      assert.equal((await app.place()).url, redirectUri);
      assert.equal((await call(app, OPTIONS)).thrown?.code, 'login_required');
    });

    await t.test('a token that lives 3 s is noticed as expired, and not sent', async () => {
      const options = { ...OPTIONS, client_id: 'city-issues-short' };
      await signIn(app, options, '#allow');
      const events = await app.evaluate(async (options) => {
        const client = await clientFor(options);
        const events = [];
        const expired = new Promise((resolve) => client.subscribe(({ type }) => events.push(type) && type === 'expire' && resolve()));
        await client.handleRedirect();
        await expired;
        return [...events, client.token()];
      }, options);
      assert.deepEqual(events, ['login', 'expire', null]);
      assert.equal((await call(app, options)).thrown?.code, 'token_expired');
    });
  });
}

test('early.js: the scripts behind it never see the response', async (t) => {
  const app = await openApp(t, {
    port,
    head: '<script src="/pkg/wasm/early.js"></script><script src="/other.js"></script>',
    scripts: { '/other.js': 'globalThis.seen = [location.href, document.URL, history.length];' },
  });
  const { state } = await app.startLogin(OPTIONS);
  await app.open(response(state, { redirect_uri: redirectUri }));
  const { entries } = await app.place();
  assert.deepEqual(await app.evaluate(() => globalThis.seen), [redirectUri, redirectUri, entries]);
  assert.equal((await app.handleRedirect(OPTIONS)).value?.token.access_token, 'AT');
  assert.deepEqual(await app.place(), { url: redirectUri, entries });
});
