// A session that goes on: renewed by its refresh token, alone or beside other tabs, kept, and ended.
import { beforeEach, test } from 'node:test';
import assert from 'node:assert/strict';
import { events, json, listen, openClientApp, SECRET, useClientApp } from './harness/authorization-server.mjs';
import { readStores } from './harness/store.mjs';

const own = useClientApp();
let app;
let server;
let evil;
beforeEach(() => ({ app, server, evil } = own));

const LOCAL = { tokenStore: 'local' };
/** The refresh tokens that were sent to renew. */
const renewals = (at = server) => at.sent('/token').flatMap(({ refresh_token }) => refresh_token ?? []);
const renew = (client) => client.evaluate((client) => settle(() => client.renew()));
const tokenOf = (client) => client.evaluate((client) => client.token()?.access_token ?? null);

/** What the token endpoint gives to each refresh token in turn; the last one goes on. */
function giving(...answers) {
  return (_, response) => {
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    json(response, answer.error ? 400 : 200, answer.error ? answer : { token_type: 'Bearer', ...answer });
  };
}

/** A client whose token was given by `answer`. */
function given(answer, more, at = own) {
  at.server.instead['/token'] = giving(answer);
  return at.signedIn(at.with(more));
}

/** Waits for events that the network or another tab brings. */
async function untilTold(tab, count) {
  const end = performance.now() + 10_000;
  while ((await events(tab)).length < count && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 10));
}

/** What comes within ten seconds, so that what never comes is a failure and no wait. */
function soon(outcome) {
  return Promise.race([outcome, new Promise((_, reject) => setTimeout(reject, 10_000, new Error('It did not come.')).unref())]);
}

// One tab

test('rule T3: renew makes one request for all callers, and the next one has the refresh token that came', async () => {
  const client = await own.signedIn();
  const first = await tokenOf(client);
  const facts = await client.evaluate(async (client) => {
    const tokens = await Promise.all(Array.from({ length: 5 }, () => client.renew()));
    return { tokens: new Set(tokens).size, isSame: tokens[0] === client.token(), isFrozen: Object.isFrozen(tokens[0]), members: Object.keys(tokens[0]).sort() };
  });
  assert.deepEqual(facts, { tokens: 1, isSame: true, isFrozen: true, members: ['access_token', 'expires_at', 'token_type'] });
  assert.equal(renewals().length, 1);
  assert.ok((await renew(client)).value);
  const [one, two] = renewals();
  assert.ok(one.startsWith(`${SECRET}RT`) && two.startsWith(`${SECRET}RT`) && one !== two);
  assert.notEqual(await tokenOf(client), first);
  assert.deepEqual(await events(app), ['login', 'renew', 'renew']);
  const [, { grant_type, client_id, ...rest }] = server.sent('/token');
  assert.deepEqual([grant_type, client_id, Object.keys(rest)], ['refresh_token', 'spa', ['refresh_token']]);
  const { status } = await client.evaluate(async (client, url) => ({ status: (await client.fetch(url)).status }), `${server.origin}/api`);
  assert.equal(status, 200);
  await own.assertNoTrace([], []);
});

test('rule T3: a server that sends no new refresh token keeps the old one, and a scope that it does not repeat', async () => {
  const client = await given({ access_token: 'AT-1', refresh_token: 'RT-1', scope: 'read' });
  server.instead['/token'] = giving({ access_token: 'AT-2' }, { access_token: 'AT-3', scope: 'less' });
  assert.deepEqual((await renew(client)).value, { access_token: 'AT-2', token_type: 'Bearer', scope: 'read' });
  assert.deepEqual((await renew(client)).value, { access_token: 'AT-3', token_type: 'Bearer', scope: 'less' });
  assert.deepEqual(renewals(), ['RT-1', 'RT-1']);
});

const renewWith = (client, parameters) => client.evaluate((client, parameters) => settle(() => client.renew({ parameters })), parameters);

test("rule M12: a renewal says what its caller asks for in the place of the client's own, and that alone", async () => {
  const client = await own.signedIn(own.with({ tokenParameters: { audience: 'a', resource: 'https://a.example', x: '1' } }));
  const sent = () => {
    const { refresh_token, ...rest } = server.sent('/token').at(-1);
    assert.ok(refresh_token);
    return rest;
  };
  const ours = { grant_type: 'refresh_token', client_id: 'spa' };
  assert.ok((await renewWith(client, { resource: 'https://b.example/ä b', max_age: '60', left_out: undefined })).value);
  assert.deepEqual(sent(), { ...ours, resource: 'https://b.example/ä b', max_age: '60', audience: 'a', x: '1' });
  const [, mine, other] = await Promise.all([renew(client), renewWith(client, { y: '2' }), renewWith(client, { y: '3' })]);
  assert.equal(renewals().length, 2);
  // A renewal that is under way stays as it was begun, and its outcome is everybody's.
  assert.deepEqual([mine.value, sent()], [other.value, { ...ours, audience: 'a', resource: 'https://a.example', x: '1' }]);
});

test('rule M12: what a renewal sets itself is a TypeError, and nothing is sent', async () => {
  const client = await own.signedIn();
  const before = [await tokenOf(client), server.log.length];
  const refused = async (parameters, message) => {
    const { thrown } = await renewWith(client, parameters);
    assert.deepEqual([thrown?.type, thrown?.message], ['TypeError', `parameters must ${message}.`], JSON.stringify(parameters));
  };
  const names = ['grant_type', 'refresh_token', 'client_id', 'client_secret', 'code', 'code_verifier', 'redirect_uri', 'scope', 'response_type', 'response_mode', 'state', 'code_challenge', 'code_challenge_method', 'prompt', 'nonce', ''];
  for (const parameters of [...names.map((name) => ({ [name]: 'x' })), { login_hint: '' }, { login_hint: ['a', 'b'] }, { max_age: 'soon' }]) {
    await refused(parameters, 'have names other than scope, prompt, nonce and those that a login or a token request sets itself, each once (resource and audience may be lists), values that are not empty, and a max_age in whole seconds');
  }
  for (const parameters of [null, 7, 'a=b']) await refused(parameters, 'be an object');
  await refused({ audience: 7 }, 'have strings, or lists of strings, as values');
  assert.deepEqual([await tokenOf(client), server.log.length, await events(app)], [...before, ['login']]);
  // A refusal is its caller's alone: whoever waits for a renewal under way gets the token.
  const { arrived } = server.hold('/token');
  await client.evaluate((client) => void (globalThis.outcome = settle(() => client.renew())));
  const { answer } = await arrived;
  await refused({ prompt: 'login' }, 'have names other than scope, prompt, nonce and those that a login or a token request sets itself, each once (resource and audience may be lists), values that are not empty, and a max_age in whole seconds');
  answer();
  assert.ok((await app.evaluate(() => globalThis.outcome)).value);
  assert.ok((await renew(client)).value);
});

test('without a refresh token there is nothing to renew with but a frame, which this page forbids', async () => {
  const client = await app.client(own.options);
  assert.equal((await renew(client)).thrown?.code, 'interaction_required');
  await given({ access_token: 'AT-1' });
  assert.equal((await renew(client)).thrown?.code, 'interaction_required');
  assert.deepEqual([renewals(), await tokenOf(client)], [[], 'AT-1']);
});

for (const tokenStore of ['memory', 'local']) {
  test(`rule T3: invalid_grant ends the session in ${tokenStore}, and says so once`, async () => {
    const client = await own.signedIn(own.with({ tokenStore }));
    server.instead['/token'] = giving({ error: 'invalid_grant', error_description: 'Revoked.' });
    const outcomes = await client.evaluate((client) => Promise.all([1, 2, 3].map(() => settle(() => client.renew()))));
    for (const { thrown } of outcomes) {
      assert.deepEqual([thrown?.code, thrown.error, thrown.error_description], ['token_error', 'invalid_grant', 'Revoked.']);
    }
    assert.deepEqual([await tokenOf(client), await events(app), renewals().length], [null, ['login', 'revoke'], 1]);
    await own.assertNoTrace([], outcomes);
    assert.equal((await renew(client)).thrown?.code, 'interaction_required');
    assert.equal(renewals().length, 1);
  });
}

test('rule T3: any other failure keeps the session, and its refresh token works later', async () => {
  const client = await own.signedIn();
  const token = await tokenOf(client);
  const failures = [
    ['token_endpoint_unreachable', (_, response) => response.writeHead(200, { 'content-length': 9 }).write('{', () => response.destroy())],
    ['token_endpoint_unreachable', (_, response) => response.writeHead(307, { location: `${evil.origin}/token` }).end()],
    ['invalid_token_response', (_, response) => json(response, 503, '<h1>Down</h1>', 'text/html')],
    ['invalid_token_response', giving({ access_token: 7 })],
    ['unsupported_token_type', giving({ access_token: 'AT', token_type: 'mac' })],
    ['token_error', giving({ error: 'temporarily_unavailable' })],
  ];
  for (const [code, answer] of failures) {
    server.instead['/token'] = answer;
    const { thrown } = await renew(client);
    assert.deepEqual([thrown?.code, await tokenOf(client)], [code, token]);
    await own.assertNoTrace([], thrown);
  }
  assert.equal(new Set(renewals()).size, 1);
  assert.deepEqual([await events(app), evil.log], [['login', ...failures.map(() => 'renewal-failed')], []]);
  server.instead = {};
  assert.ok((await renew(client)).value);
});

test('a server that renews a token by the same text with another end has renewed it', async () => {
  const client = await given({ access_token: 'AT', refresh_token: 'RT', expires_in: 60 });
  const first = await client.evaluate((client) => client.token());
  server.instead['/token'] = giving({ access_token: 'AT', expires_in: 3600 });
  const { value } = await renew(client);
  assert.ok(value.expires_at > first.expires_at + 3000, `${value.expires_at}`);
  assert.deepEqual([await client.evaluate((client) => client.token()), await events(app)], [value, ['login', 'renew']]);
});

test('who no longer waits ends no renewal', async () => {
  const client = await own.signedIn();
  const token = await tokenOf(client);
  const { arrived } = server.hold('/token');
  await client.evaluate((client) => {
    globalThis.caller = new AbortController();
    globalThis.waiting = [settle(() => client.renew({ signal: caller.signal })), settle(() => client.renew())];
  });
  const { answer } = await arrived;
  const gone = await app.evaluate(() => {
    caller.abort(new RangeError('own'));
    return waiting[0];
  });
  const early = await client.evaluate((client) => settle(() => client.renew({ signal: AbortSignal.abort(new RangeError('own')) })));
  assert.deepEqual([gone.thrown?.text, early.thrown?.text], ['RangeError: own', 'RangeError: own']);
  answer();
  const { value } = await app.evaluate(() => waiting[1]);
  assert.ok(value && value.access_token !== token);
  assert.deepEqual([await tokenOf(client), renewals().length, await events(app)], [value.access_token, 1, ['login', 'renew']]);
});

test('a renewal that fails with nobody waiting is no unhandled rejection', async () => {
  const client = await own.signedIn();
  server.instead['/token'] = giving({ error: 'temporarily_unavailable' });
  const rejected = await client.evaluate(async (client) => {
    const rejected = [];
    addEventListener('unhandledrejection', ({ reason }) => rejected.push(String(reason)));
    await client.renew({ signal: AbortSignal.abort() }).catch(() => {});
    await client.renew({ signal: 7 }).catch(() => {});
    await client.renew().catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 100));
    return rejected;
  });
  assert.deepEqual(rejected, []);
});

test('logout during a renewal leaves its answer to nobody', async () => {
  for (const tokenStore of ['memory', 'local']) {
    const client = await own.signedIn(own.with({ tokenStore }));
    const { arrived } = server.hold('/token');
    await client.evaluate((client) => void (globalThis.outcome = settle(() => client.renew())));
    const { answer } = await arrived;
    await client.evaluate((client) => client.logout());
    answer();
    const { thrown } = await app.evaluate(() => outcome);
    assert.deepEqual([thrown?.code, await tokenOf(client), await events(app)], ['session_ended', null, ['login', 'logout']]);
    await own.assertNoTrace([], thrown);
  }
});

test('without Web Locks, or where they are refused, a tab still makes one request', async () => {
  for (const locks of ['undefined', "{ request: () => Promise.reject(new DOMException('No.', 'SecurityError')) }"]) {
    await app.open('/start');
    await app.evaluate(`Object.defineProperty(navigator, 'locks', { value: ${locks} })`);
    // Two clients of one registration, as two parts of an application make them.
    const clients = [await own.signedIn(own.with(LOCAL)), await app.client(own.with({ ...LOCAL, stateLifetime: 60 }))];
    server.log.length = 0;
    const before = await tokenOf(clients[1]);
    const outcomes = await Promise.all(clients.map((client) => client.evaluate((client) => Promise.all([client.renew(), client.renew()]))));
    const tokens = new Set(outcomes.flat().map(({ access_token }) => access_token));
    assert.deepEqual([tokens.size, tokens.has(before), renewals().length], [1, false, 1]);
  }
});

// Attacks 33 and 43

test('attack 43: a 401 of a host that is no resource renews nothing, and is sent nothing', async () => {
  const client = await own.signedIn(own.with({ autoRenew: true }));
  const token = await tokenOf(client);
  // The resource itself leads there.
  server.instead['/api'] = (_, response) => response.writeHead(307, { location: `${evil.origin}/api` }).end();
  const facts = await client.evaluate(async (client, [api, foreign]) => {
    const refused = await settle(() => client.fetch(foreign));
    return [refused.thrown?.code, (await client.fetch(api)).status, (await fetch(foreign)).status];
  }, [`${server.origin}/api`, `${evil.origin}/api`]);
  assert.deepEqual(facts, ['resource_not_allowed', 401, 401]);
  assert.deepEqual([renewals(), await tokenOf(client), await events(app)], [[], token, ['login']]);
  assert.ok(evil.log.length === 2 && !JSON.stringify(evil.log).includes(SECRET));
});

const REFUSAL = { 'www-authenticate': 'Bearer error="invalid_token"' };

test('attack 43: a resource that refuses the renewed token, too, ends the session, and has it renewed once', async () => {
  const client = await own.signedIn(own.with({ ...LOCAL, autoRenew: true }));
  server.instead['/api'] = (_, response) => response.writeHead(401, REFUSAL).end();
  const statuses = await client.evaluate((client, api) => Promise.all([1, 2, 3].map(async () => (await client.fetch(api)).status)), `${server.origin}/api`);
  assert.deepEqual([statuses, await tokenOf(client), await events(app)], [[401, 401, 401], null, ['login', 'renew', 'revoke']]);
  assert.deepEqual([server.sent('/api').length, renewals().length, (await renew(client)).thrown?.code], [6, 1, 'interaction_required']);
  assert.equal(renewals().length, 1);
  await own.assertNoTrace([], []);
});

test('rule M7: a token that a resource refuses is renewed once, and what can be sent again is sent with the new one', async () => {
  const client = await own.signedIn();
  const [url, seen] = [`${server.origin}/api`, []];
  let good;
  server.instead['/api'] = ({ method, headers, body }, response) => {
    seen.push(`${method} ${body}`);
    good ??= headers.authorization;
    if (headers.authorization === good) response.writeHead(401, REFUSAL).end();
    else json(response, 200, {});
  };
  const statuses = await client.evaluate((client, url) => Promise.all([
    client.fetch(url),
    client.fetch(url, { method: 'POST', body: 'text' }),
    client.fetch(new Request(url)),
    // What was read from a Request of the caller's is gone.
    client.fetch(new Request(url, { method: 'POST', body: 'read' })),
  ].map(async (response) => (await response).status)), url);
  assert.deepEqual([statuses, renewals().length, await events(app)], [[200, 200, 200, 401], 1, ['login', 'renew']]);
  assert.deepEqual(seen.sort(), ['GET ', 'GET ', 'GET ', 'GET ', 'POST read', 'POST text', 'POST text']);
});

test('rule M7: without a refresh token the refusal of a resource is the end', async () => {
  const client = await given({ access_token: 'AT', expires_in: 3600 });
  server.instead['/api'] = (_, response) => response.writeHead(401, REFUSAL).end();
  const { status } = await client.evaluate(async (client, url) => ({ status: (await client.fetch(url)).status }), `${server.origin}/api`);
  assert.deepEqual([status, server.sent('/api').length, renewals(), await tokenOf(client), await events(app)], [401, 1, [], null, ['login', 'revoke']]);
});

test('rule M7: a refusal whose renewal fails for a while leaves the session', async () => {
  const client = await own.signedIn();
  server.instead['/api'] = (_, response) => response.writeHead(401, REFUSAL).end();
  server.instead['/token'] = (_, response) => json(response, 503, '');
  const { status } = await client.evaluate(async (client, url) => ({ status: (await client.fetch(url)).status }), `${server.origin}/api`);
  assert.deepEqual([status, server.sent('/api').length, await events(app)], [401, 1, ['login', 'renewal-failed']]);
  server.instead = {};
  assert.ok((await renew(client)).value);
});

test('attack 33: members of a renewal stay data', async () => {
  const client = await own.signedIn();
  server.instead['/token'] = (_, response) => json(response, 200, `{"access_token":"AT","token_type":"Bearer","ended":"true","url":"${evil.origin}","toString":"EVIL","__proto__":{"isEvil":1},"renew":"EVIL","expected":"refresh_token=EVIL"}`);
  const { value } = await renew(client);
  const { further, ...token } = value;
  assert.deepEqual(token, { access_token: 'AT', token_type: 'Bearer' });
  assert.deepEqual([further.renew, further.expected], ['EVIL', 'refresh_token=EVIL']);
  assert.deepEqual([await events(app), evil.log, await app.evaluate(() => ({}).isEvil)], [['login', 'renew'], [], undefined]);
});

// Where a session is kept

test('rule T3: a session is kept over a reload where the caller chose so, refresh token included, and else nowhere', async () => {
  for (const tokenStore of [undefined, 'memory', 'session', 'local']) {
    const options = own.with({ tokenStore });
    const isKept = tokenStore === 'session' || tokenStore === 'local';
    await app.open('/start');
    const before = await tokenOf(await own.signedIn(options));
    const stores = JSON.stringify(await readStores(app));
    assert.deepEqual([stores.includes(before), stores.includes(`${SECRET}RT`)], [isKept, isKept]);
    await app.open('/start');
    const client = await app.client(options);
    await client.evaluate(listen);
    const { value } = await app.handleRedirect(options);
    assert.deepEqual([await tokenOf(client), value], [isKept ? before : null, null]);
    server.log.length = 0;
    const outcome = await renew(client);
    assert.deepEqual([outcome.thrown?.code, renewals().length], isKept ? [undefined, 1] : ['interaction_required', 0]);
    await client.evaluate((client) => client.logout());
    await own.assertNoTrace([], []);
  }
});

test("a session in a tab alone is no other tab's", async (t) => {
  await own.signedIn(own.with({ tokenStore: 'session' }));
  const tab = await app.newTab(t);
  assert.equal(await tab.token(own.with({ tokenStore: 'session' })), null);
});

test('a session that a store keeps is taken by its own registration alone', async () => {
  await own.signedIn(own.with(LOCAL));
  const token = await app.token(own.with(LOCAL));
  const { local } = await readStores(app);
  const [[key, record]] = Object.entries(local).filter(([key]) => key.startsWith('claviger:session:'));
  const others = [{ client_id: 'other' }, { redirect_uri: `${app.origin}/other` }, { server: { ...own.options.server, authorization_endpoint: `${server.origin}/other` } }];
  for (const other of others) {
    const options = own.with({ ...LOCAL, ...other });
    // As if it were under the other's name, too.
    const { client_id, server: { authorization_endpoint } } = options;
    await app.evaluate(([key, record]) => localStorage.setItem(key, record), [`claviger:session:${client_id} ${authorization_endpoint}`, record]);
    await app.evaluate(() => forgetClients());
    const client = await app.client(options);
    assert.deepEqual([await tokenOf(client), (await renew(client)).thrown?.code], [null, 'interaction_required'], JSON.stringify(other));
  }
  await app.evaluate(([key, record]) => localStorage.setItem(key, record), [key, record]);
  await app.evaluate(() => forgetClients());
  assert.deepEqual(await app.token(own.with(LOCAL)), token);
});

test('rule M8: what a store has that can not be read is left until there is something to write', async () => {
  await given({ access_token: 'AT', expires_in: 3600 }, LOCAL);
  const record = async () => Object.entries((await readStores(app)).local).filter(([key]) => key.startsWith('claviger:session:'));
  const [[key, own_record]] = await record();
  for (const text of ['', 'junk', '{"access_token":"AT"}', own_record.replace('v=2', 'v=3'), own_record.replace('access_token=AT', 'access_token=A%0AT')]) {
    assert.notEqual(text, own_record);
    await app.evaluate(([key, text]) => {
      localStorage.setItem(key, text);
      forgetClients();
    }, [key, text]);
    assert.deepEqual([await app.token(own.with(LOCAL)), await record()], [null, [[key, text]]]);
  }
  const client = await own.signedIn(own.with(LOCAL));
  assert.ok((await record())[0][1].includes(await tokenOf(client)));
});

test('a session that is of no use any more is removed from its store', async () => {
  await given({ access_token: 'AT', expires_in: 3600 }, LOCAL);
  await app.evaluate(() => {
    const [key] = Object.keys(localStorage).filter((key) => key.startsWith('claviger:session:'));
    localStorage.setItem(key, localStorage.getItem(key).replace(/expires_at=\d+/, 'expires_at=1'));
    forgetClients();
  });
  assert.deepEqual([await app.token(own.with(LOCAL)), (await readStores(app)).local], [null, {}]);
});

// Revocation

test('logout with revoke forgets first, and then has both tokens revoked', async () => {
  const client = await own.signedIn(own.with(LOCAL));
  const token = await tokenOf(client);
  const { arrived } = server.hold('/revoke');
  await client.evaluate((client) => {
    globalThis.isDone = false;
    globalThis.outcome = settle(() => client.logout({ revoke: true })).finally(() => (globalThis.isDone = true));
  });
  const { answer } = await arrived;
  assert.deepEqual([await tokenOf(client), await events(app), await app.evaluate(() => isDone)], [null, ['login', 'logout'], false]);
  await own.assertNoTrace([], []);
  answer();
  assert.equal((await app.evaluate(() => outcome)).thrown, undefined);
  const sent = server.sent('/revoke').sort((a, b) => (a.token_type_hint < b.token_type_hint ? -1 : 1));
  assert.deepEqual(sent.map(({ token_type_hint, client_id }) => [token_type_hint, client_id]), [['access_token', 'spa'], ['refresh_token', 'spa']]);
  assert.equal(sent[0].token, token);
  assert.ok(sent[1].token.startsWith(`${SECRET}RT`));
});

test('logout without revoke, or without a revocation endpoint, sends nothing', async () => {
  for (const [options, more] of [[undefined, {}], [{ revoke: false }, {}], [{ revoke: true }, { server: { ...own.options.server, revocation_endpoint: undefined } }]]) {
    const client = await own.signedIn(own.with(more));
    server.log.length = 0;
    await client.evaluate((client, options) => client.logout(options), options);
    assert.deepEqual([server.log, await tokenOf(client)], [[], null]);
  }
});

test('a token of the implicit grant is revoked, too', async () => {
  const client = await own.signedIn(own.with({ response_type: 'token', server: { ...own.options.server, token_endpoint: undefined } }));
  const token = await tokenOf(client);
  await client.evaluate((client) => client.logout({ revoke: true }));
  assert.deepEqual(server.sent('/revoke'), [{ token, token_type_hint: 'access_token', client_id: 'spa' }]);
});

test('a revocation that the server does not confirm is told, and all is forgotten', async () => {
  const answers = {
    'an error': (_, response) => json(response, 503, { error: 'temporarily_unavailable' }),
    'a redirect': (_, response) => response.writeHead(307, { location: `${evil.origin}/revoke` }).end(),
    'no CORS': (_, response) => {
      response.removeHeader('access-control-allow-origin');
      json(response, 200, '');
    },
  };
  for (const [name, answer] of Object.entries(answers)) {
    const client = await own.signedIn();
    server.instead['/revoke'] = answer;
    const { thrown } = await client.evaluate((client) => settle(() => client.logout({ revoke: true })));
    assert.deepEqual([thrown?.code, thrown.message], ['revocation_unconfirmed', 'The tokens were forgotten here, but the server did not confirm that it revoked them; they may stay valid until they expire.'], name);
    assert.deepEqual([await tokenOf(client), evil.log], [null, []]);
    await own.assertNoTrace([], thrown);
  }
});

// Several tabs

/** Two tabs that share a session: the second one, and a client in each. */
async function share(t) {
  const other = await app.newTab(t);
  const options = own.with(LOCAL);
  const clients = [await own.signedIn(options), await other.client(options)];
  await clients[1].evaluate(listen);
  server.log.length = 0;
  assert.equal(await tokenOf(clients[1]), await tokenOf(clients[0]));
  return { other, clients };
}

test('rule T3: two tabs that renew at the same moment make one request, and both have the new token', async (t) => {
  const { other, clients } = await share(t);
  const before = await tokenOf(clients[0]);
  const { arrived } = server.hold('/token');
  const outcomes = clients.map(renew);
  const { answer } = await arrived;
  // The other tab waits by now, or does so soon.
  await other.evaluate(() => new Promise((resolve) => setTimeout(resolve, 50)));
  answer();
  const [one, two] = await Promise.all(outcomes);
  assert.ok(one.value && one.value.access_token !== before);
  assert.deepEqual(two.value, one.value);
  assert.equal(renewals().length, 1);
  assert.deepEqual(await Promise.all(clients.map(tokenOf)), [one.value.access_token, one.value.access_token]);
  assert.deepEqual([await events(app), await events(other)], [['login', 'renew'], ['renew']]);
});

test('a tab that did not ask has the new token and its event, too', async (t) => {
  const { other, clients } = await share(t);
  const { value } = await renew(clients[0]);
  await untilTold(other, 1);
  assert.deepEqual([await events(other), await tokenOf(clients[1])], [['renew'], value.access_token]);
  // And its refresh token is the new one.
  assert.ok((await renew(clients[1])).value);
  assert.equal(new Set(renewals()).size, 2);
});

test('rule T3: a tab that is closed in the middle of a renewal does not hold up the other', async (t) => {
  const { clients } = await share(t);
  const closing = await app.newTab(t);
  const third = await closing.client(own.with(LOCAL));
  const { arrived } = server.hold('/token');
  await third.evaluate((client) => void client.renew());
  await arrived;
  const waiting = renew(clients[0]);
  await app.evaluate(() => new Promise((resolve) => setTimeout(resolve, 50)));
  assert.equal(renewals().length, 1);
  const from = performance.now();
  await closing.page.close();
  const { value } = await waiting;
  assert.ok(value && performance.now() - from < 5_000);
  assert.equal(renewals().length, 2);
});

for (const [tokenStore, name] of [['memory', 'its own session'], ['local', 'the same session']]) {
  test(`attack 07: logout in one tab ends ${name} in the other`, async (t) => {
    const other = await app.newTab(t);
    const options = own.with({ tokenStore });
    const clients = [await own.signedIn(options), await own.signedIn(options, other)];
    const { length } = await events(other);
    await clients[0].evaluate((client) => client.logout());
    await untilTold(other, length + 1);
    assert.deepEqual([(await events(other)).slice(length), await tokenOf(clients[1]), (await renew(clients[1])).thrown?.code], [['logout'], null, 'interaction_required']);
    await own.assertNoTrace([], [], other);
  });
}

test('a login in one tab is one in the other, where they share a session', async (t) => {
  const other = await app.newTab(t);
  const client = await other.client(own.with(LOCAL));
  await client.evaluate(listen);
  await own.signedIn(own.with(LOCAL));
  await untilTold(other, 1);
  assert.deepEqual([await events(other), await other.token(own.with(LOCAL))], [['login'], await app.token(own.with(LOCAL))]);
});

test('invalid_grant in one tab ends the session in the other', async (t) => {
  const { other, clients } = await share(t);
  server.instead['/token'] = giving({ error: 'invalid_grant' });
  await renew(clients[0]);
  await untilTold(other, 1);
  assert.deepEqual([await tokenOf(clients[1]), await events(app), await events(other)], [null, ['login', 'revoke'], ['logout']]);
  assert.deepEqual(await readStores(app).then(({ local }) => Object.keys(local).filter((key) => key.includes('session'))), []);
});

// With a clock that the tests turn

/** A client of its own; `pass` lets time pass, and waits for what came of it on the network. */
async function openWithClock(t, { more, answer = { access_token: 'AT-1', refresh_token: 'RT', expires_in: 3600 } } = {}) {
  const own = await openClientApp(t);
  const { app, server } = own;
  const { clock } = app.page;
  const start = Date.UTC(2026, 10, 21, 12);
  await clock.install({ time: start - 60_000 });
  await app.open('/start');
  await clock.pauseAt(start);
  const client = await given(answer, more, own);
  server.instead['/token'] = giving({ access_token: 'AT-2', refresh_token: 'RT', expires_in: 3600 });
  return { own, app, server, client, clock, start: start / 1000, pass: (seconds) => clock.runFor(seconds * 1000), asked: () => renewals(server).length };
}

test('rule M10: a token is renewed when four fifths of its life have passed, and again before the next ends', async (t) => {
  const { app, client, pass, asked, server } = await openWithClock(t, { more: { autoRenew: true } });
  await pass(2879);
  assert.equal(asked(), 0);
  await pass(1);
  await untilTold(app, 2);
  assert.deepEqual([asked(), await tokenOf(client), await events(app)], [1, 'AT-2', ['login', 'renew']]);
  server.instead['/token'] = giving({ access_token: 'AT-3', expires_in: 3600 });
  await pass(2879);
  assert.equal(asked(), 1);
  await pass(1);
  await untilTold(app, 3);
  assert.deepEqual([asked(), await events(app)], [2, ['login', 'renew', 'renew']]);
  await client.evaluate((client) => client.logout());
  await pass(10_000);
  assert.equal(asked(), 2);
});

test('rule M10: the share of its life after which a token is renewed, and the margin before its end, are options', async (t) => {
  const { app, pass, asked, client } = await openWithClock(t, { more: { autoRenew: true, renewAt: 0.5, expiryMargin: 300 } });
  await pass(1799);
  assert.equal(asked(), 0);
  await pass(1);
  await untilTold(app, 2);
  assert.equal(asked(), 1);
  await client.evaluate((client) => client.logout());
  const more = { expiryMargin: 300 };
  const second = await openWithClock(t, { more });
  await second.pass(3299);
  assert.equal(await tokenOf(second.client), 'AT-1');
  await second.pass(1);
  assert.deepEqual([await tokenOf(second.client), await events(second.app)], [null, ['login', 'expire']]);
});

test('nothing is renewed before its end unless the caller chose so', async (t) => {
  const { app, client, pass, asked, server } = await openWithClock(t);
  await pass(4000);
  const { thrown } = await client.evaluate((client, url) => settle(() => client.fetch(url)), `${server.origin}/api`);
  assert.deepEqual([thrown?.code, asked(), await events(app)], ['token_expired', 0, ['login', 'expire']]);
  assert.ok((await renew(client)).value, 'but it can be');
});

for (const [life, at] of [[60, 48], [60 * 86400, 48 * 86400]]) {
  test(`rules M10, F11: a token that lives for ${life} seconds is renewed after ${at}`, async (t) => {
    const { app, pass, asked } = await openWithClock(t, { more: { autoRenew: true }, answer: { access_token: 'AT-1', refresh_token: 'RT', expires_in: life } });
    await pass(at - 1);
    assert.equal(asked(), 0);
    await pass(1);
    await untilTold(app, 2);
    assert.equal(asked(), 1);
  });
}

test('rule P11: a token of 0 seconds is renewed by nobody but a caller', async (t) => {
  const answer = { access_token: 'AT-1', refresh_token: 'RT', expires_in: 0 };
  const { client, server, pass, asked, app } = await openWithClock(t, { more: { autoRenew: true }, answer });
  server.instead['/token'] = giving({ ...answer, access_token: 'AT-2' });
  await pass(120);
  await app.evaluate(() => ['focus', 'online'].forEach((type) => dispatchEvent(new Event(type))));
  await app.page.waitForTimeout(50);
  assert.equal(asked(), 0);
  const { thrown } = await client.evaluate((client, url) => settle(() => client.fetch(url)), `${server.origin}/api`);
  assert.deepEqual([thrown?.code, asked(), server.sent('/api').length], ['token_expired', 1, 0]);
  await pass(120);
  assert.equal(asked(), 1);
});

for (const [expires_in, first, pause] of [[2, 1, 10], [5, 4, 10], [30, 24, 24], ['29', 23, 23]]) {
  test(`rule M10: tokens of ${JSON.stringify(expires_in)} seconds are renewed after ${first}, then every ${pause} seconds, and no sooner`, async (t) => {
    const answer = { access_token: 'AT-0', refresh_token: 'RT', expires_in };
    const { server, pass, asked, app } = await openWithClock(t, { more: { autoRenew: true }, answer });
    server.instead['/token'] = (_, response) => json(response, 200, { ...answer, token_type: 'Bearer', access_token: `AT-${renewals(server).length}` });
    const answered = async (count) => {
      await soon(app.page.waitForFunction((count) => globalThis.events.filter((type) => type === 'renew').length >= count, count, { polling: 20 }));
    };
    await pass(first - 1);
    assert.equal(asked(), 0);
    await pass(1);
    for (let count = 1; count < 5; count += 1) {
      await answered(count);
      await pass(pause - 1);
      assert.equal(asked(), count);
      await app.evaluate(() => ['focus', 'online'].forEach((type) => dispatchEvent(new Event(type))));
      await app.page.waitForTimeout(20);
      assert.equal(asked(), count);
      await pass(1);
    }
  });
}

test('a token that expired while the page slept is renewed by the next calls, once, and sent with them', async (t) => {
  const { client, server, clock, start, asked, app } = await openWithClock(t, { more: { autoRenew: true } });
  await clock.setSystemTime((start + 4000) * 1000);
  server.instead['/api'] = (_, response) => json(response, 200, {});
  const statuses = await client.evaluate((client, url) => Promise.all([1, 2, 3].map(async () => (await client.fetch(url)).status)), `${server.origin}/api`);
  assert.deepEqual([statuses, asked()], [[200, 200, 200], 1]);
  const sent = server.log.filter(({ path }) => path === '/api').map(({ headers }) => headers.authorization);
  assert.deepEqual(sent, ['Bearer AT-2', 'Bearer AT-2', 'Bearer AT-2']);
  assert.ok((await events(app)).includes('renew'));
});

for (const [way, seconds] of [['back', -86400], ['ahead', 86400]]) {
  test(`rule F11: a clock that is set a day ${way} brings one renewal, and no loop`, async (t) => {
    const { client, server, clock, start, asked, pass, app } = await openWithClock(t, { more: { ...LOCAL, autoRenew: true } });
    await clock.setSystemTime((start + seconds) * 1000);
    server.instead['/api'] = (_, response) => json(response, 200, {});
    await app.evaluate(() => ['visibilitychange', 'pageshow', 'focus', 'online'].forEach((type) => dispatchEvent(new Event(type))));
    const call = () => client.evaluate(async (client, url) => (await client.fetch(url)).status, `${server.origin}/api`);
    assert.equal(await call(), 200);
    await pass(60);
    assert.equal(await call(), 200);
    assert.deepEqual([await tokenOf(client), asked()], ['AT-2', 1]);
    assert.ok((await app.place()).url.endsWith('/start'), 'and no redirect');
  });
}

test('rule M6: a renewal that fails is tried again after 2, 4 and 8 seconds, and at once when the network is back', async (t) => {
  const { client, server, clock, start, asked, pass, app } = await openWithClock(t, { more: { autoRenew: true } });
  const answer = server.instead['/token'];
  server.instead['/token'] = (_, response) => json(response, 503, '');
  await clock.setSystemTime((start + 4000) * 1000);
  const { thrown } = await client.evaluate((client, url) => settle(() => client.fetch(url)), `${server.origin}/api`);
  assert.deepEqual([thrown?.code, asked(), await events(app)], ['token_expired', 1, ['login', 'expire', 'renewal-failed']]);
  let count = 1;
  for (const pause of [2, 4, 8, 16, 32]) {
    await pass(pause - 1);
    assert.equal(asked(), count);
    await pass(1);
    count += 1;
    await untilTold(app, 2 + count);
    assert.equal(asked(), count);
  }
  await pass(9);
  server.instead['/token'] = answer;
  await app.evaluate(() => dispatchEvent(new Event('online')));
  await untilTold(app, 3 + count);
  assert.deepEqual([asked(), await tokenOf(client), (await events(app)).at(-1)], [count + 1, 'AT-2', 'renew']);
});

test('rule M6: a server that refuses is not asked again', async (t) => {
  const { server, asked, pass, app } = await openWithClock(t, { more: { autoRenew: true } });
  server.instead['/token'] = giving({ error: 'invalid_client' });
  await pass(2880);
  await untilTold(app, 2);
  await pass(600);
  await app.page.waitForTimeout(50);
  assert.deepEqual([asked(), await events(app)], [1, ['login', 'renewal-failed']]);
});

test('a renewal that gets no answer is given up after 9 seconds, and the session stays', async (t) => {
  const { client, server, pass, app } = await openWithClock(t);
  const held = server.hold('/token');
  const outcome = renew(client);
  await held.arrived;
  await pass(8);
  assert.equal(held.isGivenUp, false);
  await pass(1.5);
  await held.givenUp();
  assert.deepEqual([(await outcome).thrown?.code, await tokenOf(client), await events(app)], ['token_endpoint_unreachable', 'AT-1', ['login', 'renewal-failed']]);
});

for (const hangs of ['frozen', 'hung']) {
  test(`rule M9: a tab that is ${hangs} in the middle of a renewal holds up the other for 12 seconds at most`, async (t) => {
    const { own, client, server, pass, app, asked } = await openWithClock(t, { more: LOCAL });
    const other = await app.newTab(t);
    const second = await other.client(own.with(LOCAL));
    assert.equal(await tokenOf(second), 'AT-1');
    // Of a tab that is frozen no timer runs.
    if (hangs === 'frozen') await app.evaluate(() => (globalThis.setTimeout = () => 0));
    const answer = server.instead['/token'];
    const { arrived } = server.hold('/token');
    await client.evaluate((client) => void client.renew().catch(() => {}));
    await arrived;
    server.instead['/token'] = answer;
    const outcome = renew(second);
    await pass(8.9);
    assert.equal(asked(), 1);
    await pass(1.1);
    // Its time limit is over, and what it wrote says until when its request may be under way.
    await second.evaluate(() => new Promise((resolve) => navigator.locks.query().then(resolve)));
    await pass(2);
    assert.equal((await soon(outcome)).value?.access_token, 'AT-2');
    assert.deepEqual([asked(), await tokenOf(second)], [2, 'AT-2']);
  });
}

test('a session whose token has expired is renewed when the page is loaded again', async (t) => {
  const { own, app, clock, start, asked } = await openWithClock(t, { more: { ...LOCAL, autoRenew: true } });
  await clock.setSystemTime((start + 4000) * 1000);
  await app.evaluate(() => forgetClients());
  const client = await app.client(own.with({ ...LOCAL, autoRenew: true }));
  await soon(client.evaluate((client) => client.token() || new Promise((resolve) => client.subscribe(resolve))));
  assert.deepEqual([await tokenOf(client), asked()], ['AT-2', 1]);
});
