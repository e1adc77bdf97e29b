// The package in a process without a page: it loads, and it keeps nothing alive.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { packaged } from '../e2e/harness/package.mjs';
import { members, values } from '../types/members.mjs';
import { claviger, codeOf, run, settle } from './harness/package.mjs';
import { json, startServer } from './harness/server.mjs';

const { createClient, createFetch, requestToken } = claviger;
const server = {
  authorization_endpoint: 'https://as.example/authorize',
  token_endpoint: 'https://as.example/token',
};
const client = { server, client_id: 'script', redirect_uri: 'https://app.example/cb', response_type: 'code', stateStore: 'memory' };

test('the exports and the members of a client are those that are declared', async () => {
  assert.deepEqual(Object.keys(claviger).sort(), values().sort());
  const made = await createClient(client);
  assert.deepEqual(Object.keys(made).sort(), members('Client').sort());
});

test('a build for production has the same exports, and of a wrong argument it says the name alone', async () => {
  const ask = (options) =>
    run(
      `
      const seen = {};
      for (const name of ['claviger', 'claviger/implicit', 'claviger/no-wasm', 'claviger/implicit/no-wasm', 'claviger/wasm']) {
        const entry = await import(name);
        const message = (options) => entry.createClient({ ...given, response_type: 'token', stateStore: 'session', ...options }).catch(({ name, message }) => name + ': ' + message);
        seen[name] = [Object.keys(entry).sort(), await message({ client_id: '' }), await message({ response_type: 'other' })];
      }
      console.log(JSON.stringify(seen));
      `,
      client,
      options,
    );
  const [all, production] = await Promise.all([ask([]), ask(['--conditions=production'])]);
  for (const [name, [exports, ofModule, ofFacade]] of Object.entries(all)) {
    assert.match(ofModule, /^TypeError: client_id must be .{20}/, name);
    assert.match(ofFacade, /^TypeError: response_type must be 'token'/, name);
    assert.deepEqual(production[name], [exports, 'TypeError: client_id is not valid.', 'TypeError: response_type is not valid.'], name);
  }
});

test('the package says which crates its module is made of, each with its licence and its checksum, and no other', () => {
  const text = packaged('sbom.cdx.json').toString();
  const { bomFormat, metadata, components, dependencies } = JSON.parse(text);
  assert.equal(bomFormat, 'CycloneDX');
  const { name, version, purl } = metadata.component;
  assert.deepEqual([name, purl], ['claviger', `pkg:npm/claviger@${version}`]);
  const names = components.map((component) => component.name);
  for (const linked of ['hmac-sha256', 'subtle', 'wasm-bindgen']) assert.ok(names.includes(linked), linked);
  // The crate has them for other builds, and at build time.
  for (const foreign of ['serde_json', 'web-sys', 'rsa', 'wasm-bindgen-macro', 'syn']) assert.ok(!names.includes(foreign), foreign);
  for (const { name: crate, licenses, hashes } of components) {
    assert.match(licenses[0].expression, /^\S/, crate);
    assert.match(hashes[0].content, /^[0-9a-f]{64}$/, crate);
  }
  const refs = [metadata.component, ...components].map((component) => component['bom-ref']).sort();
  assert.deepEqual(dependencies.map(({ ref }) => ref).sort(), refs);
  const used = new Set(dependencies.flatMap(({ dependsOn = [] }) => dependsOn));
  assert.deepEqual([...used].sort(), refs.filter((ref) => ref !== metadata.component['bom-ref']));
  // The same for all who build it.
  assert.doesNotMatch(text, /timestamp|serialNumber|file:/);
});

test('there is no page whose storage could keep a login: stateStore has to say so', async () => {
  for (const stateStore of [undefined, 'session', 'local']) {
    const { authorizationUrl } = await createClient({ ...client, stateStore });
    assert.equal(codeOf(await settle(authorizationUrl())), 'storage_unavailable');
  }
  const { authorizationUrl, handleRedirect } = await createClient(client);
  assert.equal((await authorizationUrl()).origin, 'https://as.example');
  assert.equal(await handleRedirect(), null);
});

test('a token store that is not there loses nothing but what it would have kept', async (t) => {
  const { origin } = await startServer(t, (_request, response) => json(response, 200, { access_token: 'AT', token_type: 'Bearer' }));
  for (const tokenStore of ['session', 'local']) {
    const { authorizationUrl, handleRedirect, token } = await createClient({
      ...client,
      server: { ...server, token_endpoint: `${origin}/token` },
      tokenStore,
    });
    const state = (await authorizationUrl()).searchParams.get('state');
    await handleRedirect(`https://app.example/cb?code=C&state=${state}`);
    assert.equal(token()?.access_token, 'AT');
  }
});

test('the process ends by itself, whatever was done with a client', async (t) => {
  const { origin, log } = await startServer(t, (request, response) => {
    if (request.url.pathname === '/token') {
      return json(response, 200, { access_token: `AT${log.length}`, token_type: 'Bearer', expires_in: 100_000_000, refresh_token: 'RT' });
    }
    return json(response, 200, {});
  });
  const seconds = process.hrtime()[0];
  const outcome = await run(
    `
    const { createClient, createFetch, requestToken } = await import('claviger');
    const { origin, client } = given;
    const { authorizationUrl, handleRedirect, fetch, renew, logout, subscribe } = await createClient(client);
    const events = [];
    subscribe(({ type }) => events.push(type));
    const state = (await authorizationUrl()).searchParams.get('state');
    await handleRedirect('https://app.example/cb?code=C&state=' + state);
    await fetch(origin + '/api');
    await renew({ signal: new AbortController().signal });
    const credential = { type: 'client_credentials', server: client.server, client_id: 'script', client_secret: 's' };
    await (await createFetch({ credential, resources: [origin] }))(origin + '/api');
    await requestToken({ ...credential, grant_type: 'client_credentials' });
    await logout({ revoke: true });
    console.log(JSON.stringify(events));
  `,
    { origin, client: { ...client, resources: [origin], server: { ...server, token_endpoint: `${origin}/token`, revocation_endpoint: `${origin}/revoke` } } },
  );
  assert.deepEqual(outcome, ['login', 'renew', 'logout']);
  assert.ok(process.hrtime()[0] - seconds < 10);
  assert.deepEqual(
    log.map(({ url }) => url.pathname),
    ['/token', '/api', '/token', '/token', '/api', '/token', '/revoke', '/revoke'],
  );
});

test('a session that is open, with and without autoRenew, keeps no process alive', async (t) => {
  const { origin } = await startServer(t, (_request, response) =>
    json(response, 200, { access_token: 'AT', token_type: 'Bearer', expires_in: 3600, refresh_token: 'RT' }),
  );
  for (const autoRenew of [false, true]) {
    const outcome = await run(
      `
      const { createClient } = await import('claviger');
      const { authorizationUrl, handleRedirect, token } = await createClient(given);
      const state = (await authorizationUrl()).searchParams.get('state');
      await handleRedirect('https://app.example/cb?code=C&state=' + state);
      console.log(JSON.stringify(token().access_token));
    `,
      { ...client, autoRenew, server: { ...server, token_endpoint: `${origin}/token` } },
    );
    assert.equal(outcome, 'AT');
  }
});

test('rule T4: a client_secret in a page is refused with the reason, unless its owner is the one user of the page', async () => {
  const said = await run(
    `
    globalThis.location = new URL('https://app.example/');
    const { createClient, createFetch, requestToken } = await import('claviger');
    const { client } = given;
    const credential = { type: 'client_credentials', ...client };
    const all = (more) => [
      () => createClient({ ...client, ...more }),
      () => createFetch({ credential: { ...credential, ...more }, resources: ['https://api.example'] }),
      // Nobody answers there; whoever gets so far has taken the secret.
      () => requestToken({ ...client, server: { token_endpoint: 'http://127.0.0.1:9/' }, grant_type: 'client_credentials', ...more }),
    ];
    const settle = (make) => make().then(() => 'made', ({ name, code, message }) => code ?? name + ': ' + message);
    const secret = (more) => Promise.all(all({ client_secret: 'keep-me', ...more }).map(settle));
    console.log(JSON.stringify({ refused: await secret(), unless: await secret({ allowSecretInBrowser: false }), allowed: await secret({ allowSecretInBrowser: true }), without: await Promise.all(all({}).map(settle)) }));
  `,
    { client: { ...client, server } },
  );
  const { refused, unless, allowed, without } = said;
  assert.deepEqual(unless, refused);
  for (const words of refused) {
    assert.match(words, /^TypeError: client_secret must stay out of a page, where everybody who opens it can read it; .*allowSecretInBrowser/);
    assert.doesNotMatch(words, /keep-me/);
  }
  assert.deepEqual(allowed, ['made', 'made', 'token_endpoint_unreachable']);
  assert.deepEqual(without, ['made', 'made', 'token_endpoint_unreachable']);
});

test('wrong options of the token endpoint are TypeErrors that name them', async () => {
  const asked = { server, client_id: 'script', grant_type: 'client_credentials' };
  const CASES = {
    options: [null],
    server: [{ ...asked, server: null }],
    'server.token_endpoint': [
      { ...asked, server: {} },
      { ...asked, server: { token_endpoint: '/token' } },
      { ...asked, server: { token_endpoint: 'http://as.example/token' } },
      { ...asked, server: { token_endpoint: 'https://as.example/token#f' } },
      { ...asked, server: { token_endpoint: 'https://user@as.example/token' } },
    ],
    client_id: [{ ...asked, client_id: 7 }, { ...asked, client_id: '' }, { ...asked, client_id: 'ä' }],
    client_secret: [
      { ...asked, client_secret: '' },
      { ...asked, client_secret: 'ä' },
      { ...asked, client_secret: 7 },
      { ...asked, token_endpoint_auth_method: 'client_secret_post' },
    ],
    token_endpoint_auth_method: [
      { ...asked, client_secret: 's', token_endpoint_auth_method: 'none' },
      { ...asked, client_secret: 's', token_endpoint_auth_method: 'private_key_jwt' },
      { ...asked, token_endpoint_auth_method: 7 },
    ],
    tokenRequestFormat: [{ ...asked, tokenRequestFormat: 'xml' }, { ...asked, tokenRequestFormat: 7 }],
    assumeTokenType: [{ ...asked, assumeTokenType: 'bearer' }],
    allowSecretInBrowser: [{ ...asked, allowSecretInBrowser: 'yes' }],
    grant_type: [{ ...asked, grant_type: 'saml' }, { ...asked, grant_type: '' }, { ...asked, grant_type: undefined }, { ...asked, grant_type: 'urn:x y' }],
    parameters: [
      { ...asked, parameters: null },
      { ...asked, parameters: { client_secret: 's' } },
      { ...asked, parameters: { grant_type: 'password' } },
      { ...asked, parameters: { assertion: ['a.b.c', 'd.e.f'] } },
      { ...asked, parameters: { audience: '' } },
    ],
    signal: [{ ...asked, signal: 'now' }],
  };
  for (const [name, all] of Object.entries(CASES)) {
    for (const options of all) {
      const { thrown } = await settle(requestToken(options));
      const said = `${JSON.stringify(options)}: ${thrown?.stack}`;
      assert.ok(thrown instanceof TypeError && thrown.message.startsWith(`${name} must `), said);
    }
  }
});

test('a code is asked for with a token_endpoint alone, and options have their values alone', async () => {
  const CASES = {
    'server.token_endpoint': { server: { authorization_endpoint: server.authorization_endpoint } },
    'server.revocation_endpoint': { server: { ...server, revocation_endpoint: 'http://as.example/revoke' } },
    response_type: { response_type: 'code token' },
    response_mode: { response_mode: 'form_post' },
    stateStore: { stateStore: 'cookie' },
    tokenStore: { tokenStore: 'cookie' },
    autoRenew: { autoRenew: 1 },
  };
  for (const [name, more] of Object.entries(CASES)) {
    const { thrown } = await settle(createClient({ ...client, ...more }));
    assert.ok(thrown instanceof TypeError && thrown.message.startsWith(`${name} must `), `${name}: ${thrown?.stack}`);
  }
});

test('a credential of another type is refused before anything is sent', async () => {
  const { thrown } = await settle(createFetch({ credential: { type: 'digest' }, resources: ['https://api.example'] }));
  assert.ok(thrown instanceof TypeError && thrown.message.startsWith('credential.type must '), thrown?.stack);
  const refused = await settle(createFetch({ credential: { type: 'client_credentials', client_id: 'script', server: {} }, resources: [] }));
  assert.ok(refused.thrown instanceof TypeError && refused.thrown.message.startsWith('server.token_endpoint must '), refused.thrown?.stack);
});
