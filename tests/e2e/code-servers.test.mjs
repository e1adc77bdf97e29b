// Codes with PKCE at real servers: what each does, and where they differ. The page listens at a port of
// its own, where all of them have its redirect URI registered.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { listen } from './harness/authorization-server.mjs';
import { openLocalApp } from './harness/servers.mjs';
import { answerAt } from './harness/sign-in.mjs';
import { readStores } from './harness/store.mjs';

const redirectUri = process.env.CLAVIGER_CODE_REDIRECT_URI;
const { port } = new URL(redirectUri);

const described = {
  doorkeeper: process.env.CLAVIGER_DOORKEEPER,
  doorkeeperCors: process.env.CLAVIGER_DOORKEEPER_CORS,
  django: process.env.CLAVIGER_DJANGO,
  oidcProvider: process.env.CLAVIGER_OIDC_PROVIDER,
};
const leftOut = {
  doorkeeper: process.env.CLAVIGER_DOORKEEPER_LEFT_OUT,
  doorkeeperCors: process.env.CLAVIGER_DOORKEEPER_CORS_LEFT_OUT,
  django: process.env.CLAVIGER_DJANGO_LEFT_OUT,
  oidcProvider: process.env.CLAVIGER_OIDC_PROVIDER_LEFT_OUT,
};

/** A page that signs in at a server by a button there. */
async function openAt(t, name, more) {
  const server = JSON.parse(described[name]);
  const app = await openLocalApp(t, { port });
  const options = {
    server,
    client_id: server.clients.default,
    redirect_uri: redirectUri,
    response_type: 'code',
    tokenStore: 'local',
    resources: [server.api],
    ...more,
  };

  /** To the server and back: where its response came to, what is made of it, and the client. */
  async function go(button, parameters) {
    await app.open('/cb');
    const leaving = await app.client(options);
    await Promise.all([app.page.waitForURL(`${server.origin}/**`), leaving.evaluate((client, parameters) => client.login(parameters), parameters)]);
    await answerAt(app.page, button, redirectUri);
    const arrived = new URL(app.page.url());
    const client = await app.client(options);
    await client.evaluate(listen);
    return { arrived, client, ...(await app.handleRedirect(options)) };
  }

  const isSession = (key) => key.startsWith('claviger:session:');
  return {
    app,
    server,
    go,
    /** What the API answers to the client. */
    call: (client) =>
      client.evaluate(async (client, url) => {
        const response = await client.fetch(url);
        return [response.status, response.ok ? (await response.json()).name : null];
      }, `${server.api}/profile`),
    /** And to a token. */
    ask: async (token) => (await fetch(`${server.api}/profile`, { headers: { authorization: `Bearer ${token}` } })).status,
    /** The session's entry in the store; undefined without one, also where a logout has left its mark. */
    record: async () => Object.entries((await readStores(app)).local).find(([key, record]) => isSession(key) && record.includes('access_token')),
    /** The page again, with this session in its store. */
    async restore([key, record]) {
      await app.evaluate(([key, record]) => {
        localStorage.setItem(key, record);
        forgetClients();
      }, [key, record]);
      const client = await app.client(options);
      await client.evaluate(listen);
      return client;
    },
    renew: (client) => client.evaluate((client) => settle(() => client.renew())),
    revoke: (client) => client.evaluate((client) => settle(() => client.logout({ revoke: true }))),
    facts: (client) => client.evaluate((client) => [client.token()?.access_token ?? null, globalThis.events]),
  };
}

const refreshTokenOf = ([, record]) => new URLSearchParams(record).get('refresh_token');

/** What holds at each of them: a sign-in, a call, a renewal that rotates; then a replay, a revocation and a denial, in the server's own way. */
function testServer(name, title, { more, parameters, replayed, revoked, denied }) {
  test(`${title}: a code with PKCE, a call, a refresh that rotates`, { skip: !described[name] && leftOut[name] }, async (t) => {
    const at = await openAt(t, name, more);
    const { arrived, client, value, thrown } = await at.go('#allow', parameters);
    assert.equal(thrown, undefined);
    const code = arrived.searchParams.get('code');
    assert.ok(code && !arrived.hash, 'the code came in the query');
    assert.equal((await at.app.place()).url, redirectUri);
    const first = await at.record();
    const traces = JSON.stringify([await at.app.history(), await readStores(at.app), at.app.messages]);
    assert.ok(!traces.includes(code) && !traces.includes('code_verifier'));
    assert.deepEqual(await at.call(client), [200, 'Ada Lovelace']);

    const renewed = await at.renew(client);
    assert.ok(renewed.value && renewed.value.access_token !== value.token.access_token, renewed.thrown?.code);
    const second = await at.record();
    assert.ok(refreshTokenOf(first) && refreshTokenOf(second) && refreshTokenOf(first) !== refreshTokenOf(second));
    assert.deepEqual(await at.call(client), [200, 'Ada Lovelace']);
    assert.deepEqual((await at.facts(client))[1], ['login', 'renew']);

    await t.test(replayed.title, async () => {
      const thief = await at.restore(first);
      await replayed.check(at, thief, await at.renew(thief), { first, second, token: renewed.value.access_token });
    });

    await t.test(revoked.title, async () => {
      // Nobody is signed in whom the login would take the place of.
      await at.app.evaluate(() => localStorage.clear());
      const { client, value } = await at.go('#allow', parameters);
      const { access_token } = value.token;
      assert.equal(await at.ask(access_token), 200);
      const { thrown } = await at.revoke(client);
      assert.deepEqual([thrown?.code, await at.record(), await at.facts(client)], [revoked.code, undefined, [null, ['login', 'logout']]]);
      assert.equal(await at.ask(access_token), revoked.status, 'the token is dead');
    });

    await t.test(denied.title, async () => {
      const { arrived, client, thrown } = await at.go('#deny', parameters);
      assert.deepEqual([thrown?.code, thrown.error, typeof thrown.error_description], ['authorization_error', 'access_denied', denied.description]);
      assert.deepEqual([arrived.searchParams.get('error'), arrived.hash], ['access_denied', '']);
      assert.deepEqual([(await at.app.place()).url, await at.facts(client)], [redirectUri, [null, []]]);
    });
  });
}

/** The session ends, and its subscribers are told once. */
async function endsTheSession(at, thief, { thrown }) {
  assert.deepEqual([thrown?.code, thrown.error], ['token_error', 'invalid_grant']);
  assert.deepEqual([await at.facts(thief), await at.record()], [[null, ['revoke']], undefined]);
}

testServer('doorkeeperCors', 'Doorkeeper with CORS', {
  replayed: {
    // It watches for no reuse: an old refresh token is dead once the new access token was used, and that is all.
    title: 'a replayed refresh token ends the session that sent it, and the other one goes on',
    async check(at, thief, outcome, { second, token }) {
      await endsTheSession(at, thief, outcome);
      assert.equal(await at.ask(token), 200);
      const client = await at.restore(second);
      assert.ok((await at.renew(client)).value);
    },
  },
  revoked: { title: 'both tokens are revoked, and it says so', code: undefined, status: 401 },
  denied: { title: 'a denial comes in the query, with words', description: 'string' },
});

testServer('django', 'django-oauth-toolkit', {
  replayed: {
    // Its refusals carry no CORS header, so that a page can't tell them from a failed network.
    title: 'a replayed refresh token ends the family, and the page only sees that it gets no answer',
    async check(at, thief, { thrown }, { first, second, token }) {
      assert.equal(thrown?.code, 'token_endpoint_unreachable');
      assert.match(thrown.message, /hides why it refused/);
      assert.deepEqual([(await at.facts(thief))[1], refreshTokenOf(await at.record())], [['renewal-failed'], refreshTokenOf(first)]);
      assert.equal(await at.ask(token), 403);
      const client = await at.restore(second);
      assert.equal((await at.renew(client)).thrown?.code, 'token_endpoint_unreachable');
    },
  },
  // The endpoint does its work, but allows no CORS, so nobody hears of it.
  revoked: { title: 'both tokens are revoked, and nothing confirms it', code: 'revocation_unconfirmed', status: 403 },
  denied: { title: 'a denial comes in the query, without a word', description: 'undefined' },
});

testServer('oidcProvider', 'oidc-provider', {
  // A refresh token comes only for this scope, and that counts only with this prompt.
  more: { scope: 'openid profile issues offline_access' },
  parameters: { prompt: 'consent' },
  replayed: {
    title: 'a replayed refresh token ends the family, the newest access token too',
    async check(at, thief, outcome, { second, token }) {
      await endsTheSession(at, thief, outcome);
      assert.equal(await at.ask(token), 401);
      const client = await at.restore(second);
      await endsTheSession(at, client, await at.renew(client));
    },
  },
  revoked: { title: 'both tokens are revoked, and it says so', code: undefined, status: 401 },
  denied: { title: 'a denial comes in the query, with words and the issuer', description: 'string' },
});

test('Doorkeeper as it comes lets no page use its token endpoint, and the error says so and what to do', { skip: !described.doorkeeper && leftOut.doorkeeper }, async (t) => {
  const at = await openAt(t, 'doorkeeper');
  const { arrived, client, thrown } = await at.go('#allow');
  assert.deepEqual([thrown?.code, thrown.message], [
    'token_endpoint_unreachable',
    "The server gave no answer that this program may read; if the network works, it does not let a browser use this endpoint (CORS) or hides why it refused: use response_type 'token', or exchange the code at a server of yours.",
  ]);
  const traces = JSON.stringify([await at.app.place(), await at.app.history(), await readStores(at.app), at.app.messages, thrown]);
  assert.ok(!traces.includes(arrived.searchParams.get('code')) && !traces.includes('code_verifier'));
  assert.deepEqual(await at.facts(client), [null, []]);
});
