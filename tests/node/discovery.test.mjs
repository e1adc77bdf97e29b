// discover and bestResponseType, with servers that stand in for good and bad ones, and with the real ones.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { project } from '../e2e/harness/package.mjs';
import { claviger, codeOf, run, settle } from './harness/package.mjs';
import { DJANGO, DOORKEEPER, OIDC_PROVIDER } from './harness/real.mjs';
import { json, startServer } from './harness/server.mjs';

const { bestResponseType, createClient, discover } = claviger;
const { resolve } = createRequire(join(project, 'main.js'));
const RFC_8414 = '/.well-known/oauth-authorization-server';
const OPENID = '/.well-known/openid-configuration';

/** A server with documents by their paths: an object, or a function that answers. */
async function issuerAt(t, documents) {
  const { origin, log } = await startServer(t, (request, response) => {
    const document = documents[request.url.pathname];
    if (!document) return response.writeHead(404, { 'Content-Type': 'text/html' }).end('<h1>Not found</h1>');
    return typeof document === 'function' ? document(request, response) : json(response, 200, { issuer: origin, ...document });
  });
  return { issuer: origin, log, asked: () => log.map(({ url }) => url.pathname) };
}

const GOOD = { authorization_endpoint: 'https://as.example/authorize', token_endpoint: 'https://as.example/token' };

test('RFC 8414 comes first, and is asked for without cookies and without a redirect', async (t) => {
  const { issuer, log, asked } = await issuerAt(t, { [RFC_8414]: { ...GOOD, x: { y: [1] } }, [OPENID]: GOOD });
  assert.deepEqual(await discover(issuer), { issuer, ...GOOD, x: { y: [1] } });
  assert.deepEqual(asked(), [RFC_8414]);
  const { accept, cookie, referer, authorization } = log[0].headers;
  assert.deepEqual([log[0].method, accept, cookie, referer, authorization], ['GET', 'application/json', undefined, undefined, undefined]);
});

const METADATA = JSON.parse(readFileSync(new URL('../vectors/metadata.json', import.meta.url), 'utf8')).cases;
for (const entry of ['claviger', 'claviger/no-wasm']) {
  const { createClient, discover } = await import(pathToFileURL(resolve(entry)));

  for (const { id, note, document, code, says } of METADATA) {
    test(`${entry}: ${id}: ${note}`, async (t) => {
      const { origin } = await startServer(t, (_, response) => json(response, 200, JSON.parse(JSON.stringify(document).replaceAll('{I}', origin))));
      const outcome = await settle(discover(origin));
      assert.equal(codeOf(outcome) ?? 'ok', code, outcome.thrown?.stack);
      if (says) assert.ok(outcome.thrown.message.includes(says), outcome.thrown.message);
      if (code !== 'ok') assert.equal(outcome.thrown.status, 200);
      // What is accepted here is no wrong option there.
      else if (document.authorization_endpoint) await createClient({ server: outcome.value, client_id: 'x', redirect_uri: 'https://app.example/', response_type: 'token', stateStore: 'memory' });
    });
  }
}

test('what the second place says of another issuer is not hidden behind what the first has', async (t) => {
  const html = (_, response) => response.writeHead(200, { 'Content-Type': 'text/html' }).end('<h1>App</h1>');
  for (const first of [undefined, html, { ...GOOD, authorization_endpoint: 7 }]) {
    const { issuer } = await issuerAt(t, { ...(first && { [RFC_8414]: first }), [OPENID]: { ...GOOD, issuer: 'https://as.example/t/' } });
    const { thrown } = await settle(discover(issuer));
    assert.deepEqual([thrown?.code, thrown?.status], ['issuer_mismatch', 200]);
  }
  const { issuer } = await issuerAt(t, { [OPENID]: { authorization_endpoint: 7 } });
  const { thrown } = await settle(discover(issuer));
  assert.deepEqual([thrown?.code, thrown?.status], ['invalid_metadata', 200], 'a document says more than a 404');
});

test('OpenID Connect comes second', async (t) => {
  const { issuer, asked } = await issuerAt(t, { [OPENID]: GOOD });
  assert.deepEqual(await discover(issuer), { issuer, ...GOOD });
  assert.deepEqual(asked(), [RFC_8414, OPENID]);
});

test('the path of an issuer stands behind one and before the other', async (t) => {
  for (const [path, paths] of [
    ['/o', [`${RFC_8414}/o`, `/o${OPENID}`]],
    ['/o/', [`${RFC_8414}/o`, `/o${OPENID}`]],
    ['/a/b', [`${RFC_8414}/a/b`, `/a/b${OPENID}`]],
    ['/', [RFC_8414, OPENID]],
  ]) {
    const documents = {};
    const { issuer, asked } = await issuerAt(t, documents);
    documents[paths[1]] = { ...GOOD, issuer: issuer + path };
    assert.equal((await discover(issuer + path)).issuer, issuer + path);
    assert.deepEqual(asked(), paths, path);
  }
});

test('the issuer is compared to the letter', async (t) => {
  for (const change of [(issuer) => `${issuer}/`, (issuer) => issuer.toUpperCase(), () => 'https://as.example', (issuer) => `${issuer}/o`]) {
    const documents = {};
    const { issuer } = await issuerAt(t, documents);
    documents[RFC_8414] = { ...GOOD, issuer: change(issuer) };
    const { thrown } = await settle(discover(issuer));
    assert.equal(thrown?.code, 'issuer_mismatch');
    assert.match(thrown.message, /^The metadata('s| names an) issuer/);
  }
});

test('a document of the wrong issuer does not hide the right one behind it', async (t) => {
  const { issuer } = await issuerAt(t, { [RFC_8414]: { ...GOOD, issuer: 'https://elsewhere.example' }, [OPENID]: GOOD });
  assert.equal((await discover(issuer)).issuer, issuer);
});

test('what is no document is invalid_metadata', async (t) => {
  const text = JSON.stringify;
  const answers = (issuer) => ({
    'HTML with status 200': [200, 'text/html', '<h1>Welcome</h1>'],
    'JSON that says it is HTML': [200, 'text/html', text({ issuer, ...GOOD })],
    'JSON that does not say what it is': [200, '', text({ issuer, ...GOOD })],
    'JSON with status 404': [404, 'application/json', text({ issuer, ...GOOD })],
    'broken JSON': [200, 'application/json', text({ issuer, ...GOOD }).slice(1)],
    'an array': [200, 'application/json', text([{ issuer, ...GOOD }])],
    'null': [200, 'application/json', 'null'],
    'nothing': [200, 'application/json', ''],
    'no issuer': [200, 'application/json', text(GOOD)],
    'a number as issuer': [200, 'application/json', text({ ...GOOD, issuer: 7 })],
    'no authorization_endpoint': [200, 'application/json', text({ issuer, token_endpoint: GOOD.token_endpoint })],
    'a list as token_endpoint': [200, 'application/json', text({ issuer, ...GOOD, token_endpoint: [GOOD.token_endpoint] })],
    'an object as revocation_endpoint': [200, 'application/json', text({ issuer, ...GOOD, revocation_endpoint: {} })],
    'more than 1 MiB': [200, 'application/json', text({ issuer, ...GOOD, filler: 'x'.repeat(2 ** 20) })],
  });
  for (const way of Object.keys(answers(''))) {
    const answer = (_request, response) => {
      const [status, type, body] = answers(issuer)[way];
      response.writeHead(status, type && { 'Content-Type': type }).end(body);
    };
    const { issuer } = await issuerAt(t, { [RFC_8414]: answer, [OPENID]: answer });
    assert.equal(codeOf(await settle(discover(issuer))), 'invalid_metadata', way);
  }
});

test('what says that it is JSON in another way is one, up to 1 MiB', async (t) => {
  for (const [type, length] of [['application/json; charset=utf-8', 100], ['Application/JSON', 100], ['application/x+json', 100], ['application/json', 2 ** 20]]) {
    const { issuer } = await issuerAt(t, {
      [RFC_8414]: (_request, response) => {
        const text = JSON.stringify({ issuer, ...GOOD, filler: '' });
        response.writeHead(200, { 'Content-Type': type }).end(text.replace('"filler":""', `"filler":"${'x'.repeat(Math.max(0, length - text.length))}"`));
      },
    });
    assert.equal((await discover(issuer)).issuer, issuer, type);
  }
});

test('a redirect, a closed connection and a server that is not there are metadata_unreachable', async (t) => {
  const elsewhere = await issuerAt(t, { [RFC_8414]: GOOD, [OPENID]: GOOD });
  const redirect = ({ url }, response) => response.writeHead(302, { Location: elsewhere.issuer + url.pathname }).end();
  const close = (_request, response) => response.destroy();
  for (const answer of [redirect, close]) {
    const { issuer } = await issuerAt(t, { [RFC_8414]: answer, [OPENID]: answer });
    assert.equal(codeOf(await settle(discover(issuer))), 'metadata_unreachable');
  }
  assert.equal(elsewhere.log.length, 0);
  const { thrown } = await settle(discover('http://127.0.0.1:9'));
  assert.deepEqual([thrown.code, thrown.cause], ['metadata_unreachable', undefined]);
});

test('what was wrong with a document says more than that another could not be reached', async (t) => {
  const close = (_request, response) => response.destroy();
  for (const documents of [{ [RFC_8414]: close }, { [OPENID]: close }]) {
    const { issuer } = await issuerAt(t, documents);
    assert.equal(codeOf(await settle(discover(issuer))), 'invalid_metadata');
  }
});

test('a document is remembered for the life of the process, and each call has one of its own', async (t) => {
  const { issuer, log } = await issuerAt(t, { [RFC_8414]: { ...GOOD, list: ['a'] } });
  const first = await discover(issuer);
  first.token_endpoint = 'https://evil.example/';
  first.list.push('b');
  const second = await discover(issuer);
  assert.deepEqual(second, { issuer, ...GOOD, list: ['a'] });
  assert.equal(log.length, 1);
  await settle(discover(`${issuer}/`));
  assert.equal(log.length, 3);
});

test('a failure is not remembered', async (t) => {
  const documents = {};
  const { issuer } = await issuerAt(t, documents);
  assert.equal(codeOf(await settle(discover(issuer))), 'invalid_metadata');
  documents[OPENID] = GOOD;
  assert.equal((await discover(issuer)).issuer, issuer);
});

test('calls at the same time get the same document, and one that ends takes no other along', async (t) => {
  const { issuer } = await issuerAt(t, { [RFC_8414]: (_request, response) => setTimeout(() => json(response, 200, { issuer, ...GOOD }), 50) });
  const abort = new AbortController();
  const aborted = settle(discover(issuer, { signal: abort.signal }));
  const others = Array.from({ length: 5 }, () => discover(issuer));
  const reason = new Error('enough');
  abort.abort(reason);
  assert.equal((await aborted).thrown, reason);
  const [first, ...rest] = await Promise.all(others);
  for (const other of rest) {
    assert.deepEqual(other, first);
    assert.notEqual(other, first);
  }
});

test('an abort ends the request, and the second place is not asked', async (t) => {
  let closed;
  const isClosed = new Promise((resolve) => (closed = resolve));
  const { issuer, log } = await issuerAt(t, { [RFC_8414]: (_request, response) => void response.on('close', closed) });
  const reason = new Error('enough');
  const abort = new AbortController();
  const outcome = settle(discover(issuer, { signal: abort.signal }));
  while (!log.length) await new Promise((resolve) => setTimeout(resolve, 5));
  abort.abort(reason);
  assert.equal((await outcome).thrown, reason);
  await isClosed;
  assert.equal(log.length, 1);
  assert.equal((await settle(discover(issuer, { signal: AbortSignal.abort(reason) }))).thrown, reason);
  assert.equal(log.length, 1);
  const known = await issuerAt(t, { [RFC_8414]: GOOD });
  await discover(known.issuer);
  assert.equal((await settle(discover(known.issuer, { signal: AbortSignal.abort(reason) }))).thrown, reason);
});

test('a server that does not answer is given up after 30 seconds at each place', async (t) => {
  const { issuer } = await issuerAt(t, { [RFC_8414]: () => {}, [OPENID]: () => {} });
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let isSettled = false;
  const outcome = settle(discover(issuer)).finally(() => (isSettled = true));
  const turns = async () => {
    for (let n = 0; n < 5; n++) await new Promise((resolve) => setImmediate(resolve));
  };
  await turns();
  for (const [passed, isOver] of [[29_999, false], [1, false], [29_999, false], [1, true]]) {
    t.mock.timers.tick(passed);
    await turns();
    assert.equal(isSettled, isOver);
  }
  assert.equal(codeOf(await outcome), 'metadata_unreachable');
});

test('an issuer that is none is a TypeError', async () => {
  for (const issuer of [undefined, null, 7, '', 'as.example', 'http://as.example', 'https://as.example?x', 'https://as.example#x', 'https://user@as.example', 'ftp://as.example']) {
    const { thrown } = await settle(discover(issuer));
    assert.ok(thrown instanceof TypeError && thrown.message.startsWith('issuer must '), `${issuer}: ${thrown?.stack}`);
  }
  const { thrown } = await settle(discover('https://as.example', { signal: 'now' }));
  assert.ok(thrown instanceof TypeError && thrown.message.startsWith('signal must '), thrown?.stack);
});

test('the process ends when a document was found', async (t) => {
  const { issuer } = await issuerAt(t, { [RFC_8414]: GOOD });
  assert.equal(await run("const { discover } = await import('claviger'); console.log(JSON.stringify((await discover(given)).issuer));", issuer), issuer);
});

test('bestResponseType: the first reason against code decides, if there is token instead', () => {
  const all = { ...GOOD, response_types_supported: ['code', 'token'], grant_types_supported: ['authorization_code', 'implicit'], code_challenge_methods_supported: ['plain', 'S256'] };
  for (const [change, response_type, words] of [
    [{}, 'code', /PKCE \(S256\)/],
    [{ code_challenge_methods_supported: undefined }, 'code', /does not promise PKCE/],
    [{ response_types_supported: undefined, grant_types_supported: null }, 'code', /PKCE \(S256\)/],
    [{ token_endpoint_auth_methods_supported: ['client_secret_basic'] }, 'code', /PKCE \(S256\)/],
    [{ token_endpoint: undefined }, 'token', /no token_endpoint/],
    [{ token_endpoint: '' }, 'token', /no token_endpoint/],
    [{ response_types_supported: ['token'] }, 'token', /response_types_supported/],
    [{ response_types_supported: ['code token', 'token'] }, 'token', /response_types_supported/],
    [{ grant_types_supported: ['implicit'] }, 'token', /grant_types_supported/],
    [{ code_challenge_methods_supported: ['plain'] }, 'token', /does not have S256/],
    [{ code_challenge_methods_supported: [] }, 'token', /does not have S256/],
    [{ response_types_supported: ['id_token token'] }, 'code', /offers a page neither/],
    [{ response_types_supported: ['code'], code_challenge_methods_supported: ['plain'] }, 'code', /offers a page neither/],
  ]) {
    const choice = bestResponseType({ ...all, ...change });
    assert.equal(choice.response_type, response_type, JSON.stringify(change));
    assert.match(choice.reason, words);
    assert.match(choice.reason, /^[A-Z].*\.$/);
    assert.ok(Object.isFrozen(choice));
    assert.deepEqual(Object.keys(choice).sort(), ['reason', 'response_type']);
  }
  for (const server of [undefined, null, 'https://as.example', 7, []]) {
    assert.throws(() => bestResponseType(server), { name: 'TypeError', message: /^server must / });
  }
});

for (const { title, real, words } of [
  { title: 'Doorkeeper', real: DOORKEEPER, words: /does not promise PKCE/ },
  { title: 'django-oauth-toolkit', real: DJANGO, words: /has the authorization code with PKCE \(S256\)/ },
  { title: 'oidc-provider', real: OIDC_PROVIDER, words: /has the authorization code with PKCE \(S256\)/ },
]) {
  test(`${title}: its metadata, a client made of it, and the response type that fits it`, { skip: real.skip }, async () => {
    const { issuer } = real;
    const server = await discover(issuer);
    const { authorization_endpoint, token_endpoint, revocation_endpoint } = real;
    for (const [name, value] of Object.entries({ issuer, authorization_endpoint, token_endpoint })) {
      assert.equal(server[name], value, name);
    }
    assert.ok([undefined, revocation_endpoint].includes(server.revocation_endpoint));
    const choice = bestResponseType(server);
    assert.equal(choice.response_type, 'code');
    assert.match(choice.reason, words);
    const { authorizationUrl } = await createClient({ server, client_id: real.clients.default, redirect_uri: process.env.CLAVIGER_REDIRECT_URI, response_type: choice.response_type, stateStore: 'memory' });
    assert.ok((await authorizationUrl()).href.startsWith(`${authorization_endpoint}?`));
  });
}
