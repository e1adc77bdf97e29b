// The examples of docs/libraries.md, bundled with the libraries' own packages.
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import assert from 'node:assert/strict';
import { build } from '../../xtask/node_modules/esbuild/lib/main.js';
import { examplesOf } from './harness/examples.mjs';
import { openApp, OPTIONS } from './harness/page.mjs';

const examples = examplesOf('libraries');
const WITH_API = { ...OPTIONS, resources: ['https://api.example/v2', 'https://api.example/graphql'] };
/** A client whose token endpoint gives FIRST, then SECOND. */
const WITH_RENEWAL = {
  ...WITH_API,
  server: { ...OPTIONS.server, token_endpoint: 'https://as.example/token' },
  response_type: 'code',
};
const INVALID = { 'www-authenticate': 'Bearer error="invalid_token"', 'access-control-expose-headers': 'WWW-Authenticate' };
const CORS = { 'access-control-allow-origin': '*', 'access-control-allow-headers': '*, authorization', 'access-control-allow-methods': '*' };

/** A page with one of the examples as a module, and a client that has a token. `answer` is what the API says. */
async function open(t, name, answer, options = WITH_API) {
  const { outputFiles: [bundle] } = await build({
    stdin: { contents: examples[name], resolveDir: fileURLToPath(new URL('..', import.meta.url)) },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    conditions: ['browser'],
    logLevel: 'silent',
  });
  const app = await openApp(t, { scripts: { '/example.js': bundle.text } });
  await app.world.context.route('https://api.example/**', (route) =>
    route.fulfill(route.request().method() === 'OPTIONS' ? { status: 204, headers: CORS } : { ...answer(route.request()), headers: { ...CORS, ...answer(route.request()).headers } }));
  const tokens = ['FIRST', 'SECOND', 'THIRD'];
  await app.world.context.route('https://as.example/token', (route) =>
    route.fulfill({ json: { access_token: tokens.shift(), token_type: 'Bearer', expires_in: 3600, refresh_token: 'RT' }, headers: CORS }));
  await app.open('/start');
  const client = options === WITH_RENEWAL ? await signedInByCode(app) : await app.signedIn(options);
  await client.evaluate(async (client) => {
    globalThis.events = [];
    client.subscribe(({ type }) => globalThis.events.push(type));
    globalThis.example = await import('/example.js');
  });
  const sent = () => app.requests.filter(({ method }) => method !== 'OPTIONS').map(({ url, headers }) => [url, headers.authorization]);
  return { app, client, sent, events: () => app.evaluate(() => globalThis.events) };
}

/** Signs in without a navigation. */
async function signedInByCode(app) {
  const { state } = await app.startLogin(WITH_RENEWAL);
  const { thrown } = await app.handleRedirect(WITH_RENEWAL, `${OPTIONS.redirect_uri}?code=C&state=${state}`);
  assert.equal(thrown, undefined);
  return app.client(WITH_RENEWAL);
}

test('every example has its test', () => {
  assert.deepEqual(Object.keys(examples), ['axios', 'graphql', 'eventsource', 'websocket']);
});

test('axios', async (t) => {
  let status = 200;
  const { client, sent, events } = await open(t, 'axios', () => (status === 200 ? { json: { name: 'Ada' } } : { status, headers: INVALID, json: {} }));
  const outcomes = await client.evaluate(async (client) => {
    const api = globalThis.example.issuesApi(client);
    const codeOf = (error) => error.code ?? error.cause?.code;
    const { data } = await api.get('/profile', { params: { q: 1 } });
    const created = await api.post('/issues', { summary: 'Pothole' });
    const refused = await api.get('https://evil.example/').catch((error) => [error.code, error.cause?.code].join());
    const aborted = await api.get('/slow', { signal: AbortSignal.abort() }).catch(codeOf);
    return [data, created.status, refused, aborted];
  });
  assert.deepEqual(outcomes.slice(0, 2), [{ name: 'Ada' }, 200]);
  assert.equal(outcomes[2], 'resource_not_allowed,resource_not_allowed');
  assert.equal(outcomes[3], 'ERR_CANCELED');
  assert.deepEqual(sent(), [['https://api.example/v2/profile?q=1', 'Bearer AT'], ['https://api.example/v2/issues', 'Bearer AT']]);
  status = 401;
  assert.equal(await client.evaluate((client) => globalThis.example.issuesApi(client).get('/profile').catch((error) => error.response?.status)), 401);
  assert.deepEqual(await events(), ['revoke']);
});

test('graphql-request', async (t) => {
  const { client, sent } = await open(t, 'graphql', () => ({ json: { data: { viewer: 'Ada' } } }));
  const outcome = await client.evaluate(async (client) => globalThis.example.graph(client).request('{ viewer }'));
  assert.deepEqual(outcome, { viewer: 'Ada' });
  assert.deepEqual(sent(), [['https://api.example/graphql', 'Bearer AT']]);
});

test('EventSource over fetch', async (t) => {
  const { app, client, sent } = await open(t, 'eventsource', () => ({ contentType: 'text/event-stream', body: 'retry: 50\ndata: first\n\ndata: second\n\n' }));
  const messages = await client.evaluate(
    (client) =>
      new Promise((resolve) => {
        const seen = [];
        globalThis.source = globalThis.example.news(client, (data) => seen.push(data) > 3 && resolve(seen));
      }),
  );
  assert.deepEqual(messages, ['first', 'second', 'first', 'second']);
  assert.ok(sent().length >= 2);
  assert.ok(sent().every(([url, authorization]) => url === 'https://api.example/v2/news' && authorization === 'Bearer AT'));
  await client.evaluate((client) => client.logout());
  assert.equal(await app.evaluate(() => globalThis.source.readyState), 2, 'closed');
});

test('rule M13: EventSource over fetch goes on over a renewal, and ends when another user signs in', async (t) => {
  const { app, client, sent } = await open(t, 'eventsource', () => ({ contentType: 'text/event-stream', body: 'retry: 50\ndata: news\n\n' }), WITH_RENEWAL);
  const received = (least) => client.evaluate(
    (client, least) =>
      new Promise((resolve) => {
        globalThis.received = 0;
        globalThis.source ??= globalThis.example.news(client, () => (globalThis.received += 1));
        const timer = setInterval(() => globalThis.received >= least && (clearInterval(timer), resolve(true)), 20);
      }),
    least,
  );
  await received(2);
  await client.evaluate((client) => client.renew().then(() => {}));
  await received(3);
  const tokens = sent().filter(([url]) => url.startsWith('https://api.example/')).map(([, authorization]) => authorization);
  assert.deepEqual([...new Set(tokens)], ['Bearer FIRST', 'Bearer SECOND']);
  assert.notEqual(await app.evaluate(() => globalThis.source.readyState), 2, 'not closed');
  await signedInByCode(app);
  assert.equal(await app.evaluate(() => globalThis.source.readyState), 2, 'closed');
});

test('WebSocket', async (t) => {
  const { app } = await open(t, 'websocket', () => ({ body: '' }));
  const got = [];
  await app.page.routeWebSocket('wss://api.example/live', (socket) => {
    got.push([socket.url()]);
    socket.onMessage((message) => {
      got.at(-1).push(JSON.parse(message));
      socket.send('welcome');
    });
  });
  // The route is there for the next document.
  await app.open('/start');
  const again = await app.signedIn(WITH_API);
  const message = await again.evaluate(async (client) => {
    const { live } = await import('/example.js');
    return new Promise((resolve) => (globalThis.socket = live(client, resolve)));
  });
  assert.equal(message, 'welcome');
  assert.deepEqual(got, [['wss://api.example/live', { access_token: 'AT' }]]);
  const state = await again.evaluate(async (client) => {
    const { live } = await import('/example.js');
    const closed = new Promise((resolve) => globalThis.socket.addEventListener('close', resolve));
    await client.logout();
    await closed;
    try {
      live(client);
      return 'open';
    } catch (error) {
      return [globalThis.socket.readyState, error.message].join(' ');
    }
  });
  assert.equal(state, '3 Sign in first.');
});

test('rule M13: a WebSocket goes on over a renewal, is shown the new token, and ends when another user signs in', async (t) => {
  const { app } = await open(t, 'websocket', () => ({ body: '' }), WITH_RENEWAL);
  const got = [];
  await app.page.routeWebSocket('wss://api.example/live', (socket) => {
    socket.onMessage((message) => {
      got.push(JSON.parse(message).access_token);
      socket.send(`${got.length}`);
    });
  });
  // The route is there for the next document.
  await app.open('/start');
  const client = await signedInByCode(app);
  const states = await client.evaluate(async (client) => {
    const { live } = await import('/example.js');
    const messages = [];
    const socket = live(client, (message) => messages.push(message));
    globalThis.socket = socket;
    const got = async (count) => {
      while (messages.length < count) await new Promise((resolve) => setTimeout(resolve, 10));
    };
    await got(1);
    await client.renew();
    await got(2);
    return [socket.readyState, messages.length];
  });
  assert.deepEqual([states, got], [[1, 2], ['SECOND', 'THIRD']]);
  await app.evaluate(() => {
    globalThis.socketClosed = new Promise((resolve) => socket.addEventListener('close', resolve));
  });
  await app.world.context.unroute('https://as.example/token');
  await app.world.context.route('https://as.example/token', (route) => route.fulfill({ json: { access_token: 'OTHER', token_type: 'Bearer' }, headers: CORS }));
  await signedInByCode(app);
  assert.equal(await app.evaluate(() => socketClosed.then(() => socket.readyState)), 3);
});
