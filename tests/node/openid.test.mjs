// OpenID Connect in a process without a page: the entry's form, its errors, and a sign-in.
import assert from 'node:assert/strict';
import { generateKeyPairSync, sign } from 'node:crypto';
import { test } from 'node:test';
import { members, values } from '../types/members.mjs';
import { claviger, openid, run, settle } from './harness/package.mjs';
import { json, startServer } from './harness/server.mjs';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'e1' };
const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

function jws(claims) {
  const input = `${encode({ alg: 'ES256', kid: 'e1' })}.${encode(claims)}`;
  return `${input}.${sign('sha256', Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}

/** A provider, and the client of a program that has no page. */
async function provider(t, change = () => {}) {
  const server = await startServer(t, ({ url }, response) => {
    if (url.pathname === '/jwks') return json(response, 200, { keys: [jwk] });
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: server.origin, sub: 'ada', aud: 'script', iat: now, exp: now + 60, nonce: server.nonce };
    json(response, 200, { access_token: 'AT', token_type: 'Bearer', id_token: change(claims) ?? jws(claims) });
  });
  const { origin } = server;
  const options = {
    server: { issuer: origin, authorization_endpoint: `${origin}/authorize`, token_endpoint: `${origin}/token`, jwks_uri: `${origin}/jwks` },
    client_id: 'script',
    redirect_uri: 'https://app.example/cb',
    response_type: 'code',
    scope: 'openid',
    stateStore: 'memory',
    id_token_signed_response_alg: 'ES256',
    openid: openid.openid,
  };
  const client = await claviger.createClient(options);
  async function signIn() {
    const url = await client.authorizationUrl();
    server.nonce = url.searchParams.get('nonce');
    return settle(client.handleRedirect(`https://app.example/cb?code=C&state=${url.searchParams.get('state')}`));
  }
  return { client, options, server, signIn };
}

test('the exports and the members of a client with OpenID Connect are those that are declared', async (t) => {
  assert.deepEqual(Object.keys(openid).sort(), values('openid').sort());
  const { client } = await provider(t);
  assert.deepEqual(Object.keys(client).sort(), members('OpenIdClient', 'openid').sort());
});

test('a program without a page signs in, and its errors are those of the entry that made the client', async (t) => {
  const { client, signIn } = await provider(t);
  const { value, thrown } = await signIn();
  assert.equal(thrown, undefined, thrown?.stack);
  assert.equal(value.claims.sub, 'ada');
  assert.equal(client.claims(), value.claims);
  const other = await provider(t, (claims) => void (claims.aud = 'other'));
  const refused = await other.signIn();
  assert.ok(refused.thrown instanceof claviger.OAuthError);
  assert.equal(refused.thrown.code, 'id_token_audience_mismatch');
  assert.equal(other.client.claims(), null);
});

test("an add-on that can not be loaded throws the client's own error", async (t) => {
  const { options } = await provider(t);
  const seen = await run(
    `
    const { createClient, OAuthError } = await import('claviger');
    const { openid } = await import('claviger/openid');
    const { scope, ...plain } = given;
    await createClient(plain);
    delete globalThis.WebAssembly;
    const error = await createClient({ ...given, openid }).catch((error) => error);
    console.log(JSON.stringify([error instanceof OAuthError, error.code]));
    `,
    { ...options, openid: undefined },
  );
  assert.deepEqual(seen, [true, 'load_failed']);
});

test('each option is read once, and what a page adds to Object.prototype is no add-on', async (t) => {
  const { options } = await provider(t);
  const seen = await run(
    `
    const { createClient } = await import('claviger');
    const { openid } = await import('claviger/openid');
    const read = [];
    await createClient(new Proxy({ ...given, openid }, { get: (options, name) => (read.push(name), options[name]) }));
    let isUsed = false;
    Object.assign(Object.prototype, { openid, load: () => (isUsed = true), open: () => (isUsed = true) });
    const outcomes = [];
    for (const openid of [undefined, {}, true]) {
      outcomes.push(await createClient(openid === undefined ? given : { ...given, openid }).catch(({ name, message }) => name + ': ' + message));
    }
    console.log(JSON.stringify([read.filter((name, place) => read.indexOf(name) !== place), read.includes('openid'), isUsed, outcomes]));
    `,
    { ...options, openid: undefined },
  );
  const [twice, isRead, isUsed, outcomes] = seen;
  assert.deepEqual([twice, isRead, isUsed], [[], true, false]);
  for (const outcome of outcomes) assert.match(outcome, /^TypeError: openid must /);
});

test('verifyIdToken: a wrong option is a TypeError that names it, and an abort is rejected with its reason', async (t) => {
  const slow = await startServer(t, () => new Promise(() => {}));
  const good = { server: { issuer: slow.origin, jwks_uri: `${slow.origin}/jwks` }, client_id: 'spa', response_type: 'code', nonce: 'N', id_token_signed_response_alg: 'ES256' };
  for (const [name, options] of Object.entries({
    options: undefined,
    server: { ...good, server: 'text' },
    'server.issuer': { ...good, server: { jwks_uri: good.server.jwks_uri } },
    client_id: { ...good, client_id: 7 },
    response_type: { ...good, response_type: 'none' },
    id_token_signed_response_alg: { ...good, id_token_signed_response_alg: 'HS256' },
    clockTolerance: { ...good, clockTolerance: 601 },
    signal: { ...good, signal: {} },
  })) {
    const { thrown } = await settle(openid.verifyIdToken('x.y.z', options));
    assert.ok(thrown instanceof TypeError && thrown.message.startsWith(`${name} must `), `${name}: ${thrown?.stack}`);
  }
  const now = Math.floor(Date.now() / 1000);
  const token = jws({ iss: slow.origin, sub: 'ada', aud: 'spa', iat: now, exp: now + 60, nonce: 'N' });
  const abort = new AbortController();
  const outcome = settle(openid.verifyIdToken(token, { ...good, signal: abort.signal }));
  while (slow.log.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  const reason = new RangeError('own');
  abort.abort(reason);
  assert.equal((await outcome).thrown, reason);
});

test('a build for production has the same exports, and of a wrong argument it says the name alone', async () => {
  const ask = (options) =>
    run(
      `
      const seen = [];
      for (const name of ['claviger/openid', 'claviger/openid/no-wasm']) {
        const entry = await import(name);
        const message = await entry.verifyIdToken('x', { server: { issuer: 'https://op.example', jwks: { keys: [] } }, client_id: 'spa', response_type: 'code', clockTolerance: 601 }).catch(({ name, message }) => name + ': ' + message);
        seen.push([Object.keys(entry).sort(), message]);
      }
      console.log(JSON.stringify(seen));
      `,
      null,
      options,
    );
  const [all, production] = await Promise.all([ask([]), ask(['--conditions=production'])]);
  for (const [place, [exports, message]] of all.entries()) {
    assert.match(message, /^TypeError: clockTolerance must be .{20}/);
    assert.deepEqual(production[place], [exports, 'TypeError: clockTolerance is not valid.']);
  }
});

test('an import, and a client, keep no process alive', async (t) => {
  const { server, options } = await provider(t);
  const seen = await run(
    `
    const { createClient } = await import('claviger');
    const { openid } = await import('claviger/openid/no-wasm');
    const client = await createClient({ ...given, openid });
    const url = await client.authorizationUrl();
    console.log(JSON.stringify([client.claims(), url.searchParams.get('nonce').length]));
    `,
    { ...options, openid: undefined },
  );
  assert.deepEqual(seen, [null, 43]);
  assert.deepEqual(server.log, []);
});
