// Every way to send a credential, with real servers: the page's origin is http://localhost:…, those of
// the APIs http://127.0.0.1:…. Rules F6 to F10, in the full build.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { openApp, OPTIONS, response as good } from './harness/page.mjs';
import { startSecureServer } from './harness/secure.mjs';
import { openLocalApp, startServer } from './harness/servers.mjs';

const FORM = 'application/x-www-form-urlencoded';
/** What each way leaves in a request to /path. */
const WAYS = {
  'another header': { via: 'header', header: 'Authentication' },
  query: { via: 'query' },
  body: { via: 'body' },
};

/** In the page: fetches, and gives what an application sees of it. */
async function tryFetch(client, [input, init]) {
  return settle(async () => {
    const response = await client.fetch(input, init);
    return { status: response.status, type: response.type, url: response.url, text: await response.text() };
  });
}

/** In the page: writes down the events of a client, in `globalThis.events`. */
function listen(client) {
  globalThis.events = [];
  client.subscribe(({ type }) => globalThis.events.push(type));
}

/** A page that is signed in, with two further origins behind it. The first is a resource. */
async function open(t, { way = {}, answer = (_, response) => response.end('first'), host } = {}) {
  const [first, second] = await Promise.all([startServer(t, answer, { host }), startServer(t, (_, response) => response.end('second'))]);
  const app = await openLocalApp(t);
  await app.open('/start');
  const options = { ...OPTIONS, redirect_uri: `${app.origin}/cb`, resources: [{ url: first.origin, ...way }] };
  const client = await app.signedIn(options);
  await client.evaluate(listen);
  return { app, first, second, client, options, events: () => app.evaluate(() => globalThis.events) };
}

/** Where a request shows a token. */
function shown({ path, headers, body }) {
  return {
    authorization: headers.authorization,
    authentication: headers.authentication,
    query: new URL(path, 'http://x').searchParams.getAll('access_token'),
    body: headers['content-type']?.startsWith(FORM) ? new URLSearchParams(body).getAll('access_token') : [],
  };
}
const NOWHERE = { authorization: undefined, authentication: undefined, query: [], body: [] };
const SHOWN = {
  'another header': { ...NOWHERE, authentication: 'Bearer AT' },
  query: { ...NOWHERE, query: ['AT'] },
  body: { ...NOWHERE, body: ['AT'] },
};
const POST = { method: 'POST', headers: { 'content-type': FORM }, body: 'a=b+c&d' };

for (const [name, way] of Object.entries(WAYS)) {
  test(`rule F9: ${name}: the token goes there and nowhere else`, async (t) => {
    const { first, client } = await open(t, { way });
    const { value } = await client.evaluate(tryFetch, [`${first.origin}/path?q=1#f`, POST]);
    assert.deepEqual([value?.status, value?.text], [200, 'first']);
    assert.deepEqual(first.log.map(shown), [SHOWN[name]]);
    const [{ method, path, headers, body }] = first.log;
    assert.deepEqual([method, path, body], ['POST', `/path?q=1${name === 'query' ? '&access_token=AT' : ''}`, `a=b+c&d${name === 'body' ? '&access_token=AT' : ''}`]);
    assert.equal(headers['cache-control'], name === 'query' ? 'no-store' : undefined);
  });

  test(`rule F7: ${name}: no redirect is followed, whatever the caller wants`, async (t) => {
    const targets = {};
    const { first, second, client } = await open(t, {
      way,
      answer: ({ path }, response) => response.writeHead(307, { location: targets[new URL(path, 'http://x').pathname] }).end(),
    });
    Object.assign(targets, { '/away': `${second.origin}/`, '/near': '/end' });
    for (const [path, redirect] of [['/away', undefined], ['/away', 'follow'], ['/near', 'follow'], ['/away', 'manual']]) {
      const { thrown } = await client.evaluate(tryFetch, [`${first.origin}${path}`, { ...POST, redirect }]);
      assert.deepEqual([thrown?.type, thrown?.code], ['TypeError', undefined], path);
    }
    assert.equal(first.log.length, 4);
    assert.deepEqual(second.log, []);
  });

  test(`rule F8: ${name}: a credential of the caller's stays, and ours is not added`, async (t) => {
    const { first, client } = await open(t, { way });
    const own = { ...POST, headers: { ...POST.headers, authorization: 'Basic own' } };
    await client.evaluate(tryFetch, [`${first.origin}/`, own]);
    await client.evaluate(tryFetch, [`${first.origin}/?access_token=own`, POST]);
    assert.deepEqual(first.log.map(shown), [{ ...NOWHERE, authorization: 'Basic own' }, { ...NOWHERE, query: ['own'] }]);
    if (name === 'another header') {
      await client.evaluate(tryFetch, [`${first.origin}/`, { headers: { AUTHENTICATION: 'own' } }]);
      assert.deepEqual(shown(first.log[2]), { ...NOWHERE, authentication: 'own' });
    }
    if (name === 'body') {
      await client.evaluate(tryFetch, [`${first.origin}/`, { ...POST, body: 'access_token=own' }]);
      await client.evaluate(tryFetch, [`${first.origin}/`, { headers: { authorization: 'Basic own' } }]);
      assert.deepEqual(first.log.slice(2).map(shown), [{ ...NOWHERE, body: ['own'] }, { ...NOWHERE, authorization: 'Basic own' }]);
    }
  });

  test(`rules F3, F4, F5: ${name}: nothing is sent to others, nor without a token`, async (t) => {
    const { first, second, client } = await open(t, { way });
    for (const [url, code] of [[`${second.origin}/`, 'resource_not_allowed'], ['http://evil.example/', 'insecure_resource']]) {
      assert.equal((await client.evaluate(tryFetch, [url, POST])).thrown?.code, code);
    }
    await client.evaluate((client) => client.logout());
    assert.equal((await client.evaluate(tryFetch, [`${first.origin}/`, POST])).thrown?.code, 'login_required');
    assert.deepEqual([first.log, second.log], [[], []]);
  });
}

test('rule F9: every form-encoded body takes the token, and the caller keeps its own objects', async (t) => {
  const { first, client } = await open(t, { way: WAYS.body });
  const left = await client.evaluate(async (client, [url, type]) => {
    const params = new URLSearchParams({ a: 'ö&' });
    const headers = new Headers({ 'Content-Type': `${type}; charset=UTF-8` });
    const request = new Request(url, { method: 'PUT', headers, body: 'a=1' });
    const inits = [
      [url, { method: 'POST', body: params }],
      [url, { method: 'POST', headers, body: 'a=1' }],
      [url, { method: 'POST', body: new Blob(['a=1'], { type }) }],
      [url, { method: 'PATCH', headers, body: new TextEncoder().encode('a=1') }],
      [url, { method: 'POST', body: new URLSearchParams() }],
      [request],
      [request, { method: 'POST' }],
    ];
    for (const input of inits) await client.fetch(...input);
    return [String(params), [...headers], request.bodyUsed, await request.text()];
  }, [`${first.origin}/`, FORM]);
  assert.deepEqual(left, ['a=%C3%B6%26', [['content-type', `${FORM}; charset=UTF-8`]], false, 'a=1']);
  const forms = ['a=%C3%B6%26&access_token=AT', ...Array(3).fill('a=1&access_token=AT'), 'access_token=AT', ...Array(2).fill('a=1&access_token=AT')];
  assert.deepEqual(first.log.map(({ body }) => body), forms);
  assert.deepEqual(first.log.map(({ method }) => method), ['POST', 'POST', 'POST', 'PATCH', 'POST', 'PUT', 'POST']);
  assert.ok(first.log.every(({ headers }) => headers['content-type'].toLowerCase().startsWith(FORM)));
});

test('rule F9: a body that can not hold the token is refused, unread, and nothing is sent', async (t) => {
  const { first, client } = await open(t, { way: WAYS.body });
  const outcomes = await client.evaluate(async (client, [url, type]) => {
    const headers = { 'Content-Type': type };
    const stream = new ReadableStream({ start: (controller) => controller.close() });
    const request = new Request(url, { method: 'POST', body: 'text' });
    const inputs = [
      [url],
      [url, { method: 'HEAD' }],
      [url, { method: 'POST' }],
      [url, { method: 'POST', headers }],
      [url, { method: 'DELETE', headers, body: 'a=1' }],
      [url, { method: 'POST', body: '{}' }],
      [url, { method: 'POST', body: '{}', headers: { 'Content-Type': 'application/json' } }],
      [url, { method: 'POST', body: new FormData() }],
      [url, { method: 'POST', body: new Blob(['a=1']) }],
      [url, { method: 'POST', headers, body: 'name=ö' }],
      [url, { method: 'POST', headers, body: 'a=1\0&b=2' }],
      [url, { method: 'POST', headers, body: stream, duplex: 'half' }],
      [request],
      [request, { headers: { 'Content-Type': 'text/plain' } }],
    ];
    const codes = [];
    for (const input of inputs) codes.push((await settle(() => client.fetch(...input))).thrown?.code);
    return [codes, stream.locked, request.bodyUsed, await request.text()];
  }, [`${first.origin}/`, FORM]);
  const [codes, ...rest] = outcomes;
  // A form without any pair is a form.
  assert.deepEqual(codes, codes.map((_, at) => (at === 3 ? undefined : 'unsupported_body')));
  assert.deepEqual(rest, [false, false, 'text']);
  assert.deepEqual(first.log.map(({ body }) => body), ['access_token=AT']);
});

test('rules F8, F9: a resource names the scheme, or takes the bare token', async (t) => {
  const first = await startServer(t, (_, response) => response.end('first'));
  const app = await openLocalApp(t);
  await app.open('/start');
  for (const [way, name, value] of [
    [{ scheme: 'OAuth' }, 'authorization', 'OAuth AT'],
    [{ scheme: 'Zoho-oauthtoken', via: 'header' }, 'authorization', 'Zoho-oauthtoken AT'],
    [{ scheme: null, header: 'X-Shopify-Access-Token' }, 'x-shopify-access-token', 'AT'],
    [{ scheme: null }, 'authorization', 'AT'],
    [{ scheme: undefined }, 'authorization', 'Bearer AT'],
  ]) {
    const options = { ...OPTIONS, redirect_uri: `${app.origin}/cb` };
    const client = await app.page.evaluateHandle(async ({ options, url, way: [name, scheme] }) => {
      const { createClient } = await claviger;
      return createClient({ ...options, resources: [{ url, ...name, ...(scheme && { scheme: scheme === 'null' ? null : undefined }) }] });
    }, { options, url: first.origin, way: [way, 'scheme' in way && typeof way.scheme !== 'string' && `${way.scheme}`] });
    const url = await client.evaluate(async (client) => (await client.authorizationUrl()).href);
    await client.evaluate((client, url) => client.handleRedirect(url), good(new URL(url).searchParams.get('state'), { redirect_uri: options.redirect_uri }));
    assert.equal((await client.evaluate(tryFetch, [`${first.origin}/`, {}])).value?.text, 'first');
    const { headers } = first.log.pop();
    assert.deepEqual([headers[name], name === 'authorization' ? undefined : headers.authorization], [value, undefined]);
  }
});

test('rule F9: a query takes the token beside any body, from a Request too', async (t) => {
  const { first, client } = await open(t, { way: WAYS.query });
  const left = await client.evaluate(async (client, url) => {
    const request = new Request(url, { method: 'POST', body: 'text', headers: { 'X-Own': '1', 'Cache-Control': 'max-age=0' } });
    const form = new FormData();
    form.append('name', 'ö');
    for (const input of [[request], [url, { method: 'PUT', body: new Blob(['{}'], { type: 'application/json' }) }], [url, { method: 'POST', body: form }], [new URL(url)]]) {
      await client.fetch(...input);
    }
    return [...request.headers];
  }, `${first.origin}/x?q`);
  assert.deepEqual(left, [['cache-control', 'max-age=0'], ['content-type', 'text/plain;charset=UTF-8'], ['x-own', '1']]);
  assert.deepEqual(first.log.map(shown), Array(4).fill(SHOWN.query));
  const seen = first.log.map(({ method, headers, body }) => [method, headers['content-type']?.split(/[;]/)[0], headers['cache-control'], headers['x-own'], body]);
  assert.deepEqual(seen.toSpliced(2, 1), [
    ['POST', 'text/plain', 'max-age=0, no-store', '1', 'text'],
    ['PUT', 'application/json', 'no-store', undefined, '{}'],
    ['GET', undefined, 'no-store', undefined, ''],
  ]);
  assert.equal(seen[2][1], 'multipart/form-data');
  assert.match(seen[2][4], /name="name"\r\n\r\n\xc3\xb6\r\n/);
});

/** What an init asks for, and what both kinds of fetch make of it. A text runs in the page. */
const ASKED = {
  'a URL object': '[new URL(url)]',
  'a fragment': '[`${url}#fragment`]',
  'a Request': '[new Request(url, { method: "POST", body: "text", headers: { "X-Own": "1" } })]',
  'a Request and an init': '[new Request(url, { method: "POST", body: "text", headers: { "X-Own": "1" } }), { method: "PUT", body: "other" }]',
  'a Request as init': '[url, new Request(url, { method: "POST", headers: { "X-Own": "1" } })]',
  'Headers': '[url, { headers: new Headers({ "X-Own": "1" }) }]',
  'headers as an array': '[url, { headers: [["X-Own", "1"], ["X-Own", "2"]] }]',
  'headers as a record': '[url, { headers: { "X-Own": "1", Accept: "application/json" } }]',
  'headers from a generator': '[url, { headers: (function* () { yield ["X-Own", "1"]; })() }]',
  'text': '[url, { method: "POST", body: "ö" }]',
  'URLSearchParams': '[url, { method: "POST", body: new URLSearchParams({ a: "b c" }) }]',
  'a Blob': '[url, { method: "POST", body: new Blob(["{}"], { type: "application/json" }) }]',
  'bytes': '[url, { method: "PUT", body: new Uint8Array([0, 255]) }]',
  'a DataView': '[url, { method: "PUT", body: new DataView(new ArrayBuffer(2)) }]',
  'PATCH': '[url, { method: "PATCH", body: "x" }]',
  'DELETE': '[url, { method: "delete" }]',
  'HEAD': '[url, { method: "HEAD" }]',
  'keepalive': '[url, { method: "POST", body: "x", keepalive: true }]',
  'cache: no-store': '[url, { cache: "no-store" }]',
  'cache: reload': '[url, { cache: "reload" }]',
  'cache: no-cache': '[url, { cache: "no-cache" }]',
  'credentials: include': '[url, { credentials: "include" }]',
  'credentials: omit': '[url, { credentials: "omit" }]',
  'integrity that holds': '[url, { integrity: "sha256-pZGm1Av0IEBKARczz7exkNYsZb8LzaMrV7J32a2fFG4=" }]',
  'integrity that does not': '[url, { integrity: "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=" }]',
  'mode: same-origin': '[url, { mode: "same-origin" }]',
  'mode: no-cors': '[url, { mode: "no-cors" }]',
  'mode: navigate': '[url, { mode: "navigate" }]',
  'priority': '[url, { priority: "high" }]',
  'referrerPolicy: no-referrer': '[url, { referrerPolicy: "no-referrer" }]',
  'referrerPolicy: unsafe-url': '[url, { referrerPolicy: "unsafe-url" }]',
  'referrer': '[url, { referrer: "/elsewhere", referrerPolicy: "unsafe-url" }]',
  'referrer of a Request': '[new Request(url, { referrer: "/elsewhere", referrerPolicy: "unsafe-url" })]',
  'no referrer': '[url, { referrer: "" }]',
  'redirect: follow': '[`${url}redirect`]',
  'redirect: manual': '[`${url}redirect`, { redirect: "manual" }]',
  'redirect: error': '[`${url}redirect`, { redirect: "error" }]',
  'a signal': '[url, { signal: new AbortController().signal }]',
  'an aborted signal': '[url, { signal: AbortSignal.abort() }]',
  'a timeout': '[`${url}never`, { signal: AbortSignal.timeout(500) }]',
  'a 404': '[`${url}missing`]',
  'a forbidden method': '[url, { method: "TRACE" }]',
  'a body with GET': '[url, { body: "x" }]',
  'a wrong header': '[url, { headers: { "X Own": "1" } }]',
  'undefined as init': '[url, undefined]',
  'null as init': '[url, null]',
};

for (const [name, way] of [['Authorization', undefined], ['another header', WAYS['another header']]]) {
  test(`rule F6: everything that fetch can do is what it was, with ${name}`, async (t) => {
    const { app, first, client } = await open(t, {
      way,
      host: 'localhost',
      answer: ({ path }, response) => {
        if (path === '/never') return;
        if (path === '/redirect') response.writeHead(302, { location: '/' });
        if (path === '/missing') response.writeHead(404);
        response.end('hello');
      },
    });
    await app.evaluate(() => (document.cookie = 'seen=1'));
    const seen = () => first.log.splice(0).map(({ method, path, headers, body }) => {
      const { authorization, authentication, ...rest } = headers;
      return { method, path, rest, body };
    });
    let answered = 0;
    for (const [what, asked] of Object.entries(ASKED)) {
      // Rule F7; and browsers refuse no-cors together with it.
      if (way && ['redirect: follow', 'redirect: manual', 'mode: no-cors'].includes(what)) continue;
      const run = async (fetch) => app.evaluate(async ([asked, url, own]) => {
        const args = (0, eval)(`(url) => ${asked}`)(url);
        const facts = await settle(async () => {
          const fetch = own ? globalThis.own.fetch : globalThis.fetch;
          const response = await fetch(...args);
          const { status, type, url, redirected, ok, bodyUsed, constructor } = response;
          return { status, type, url, redirected, ok, bodyUsed, isOwn: constructor === Response, headers: [...response.headers].filter(([name]) => name !== 'date'), text: await response.text() };
        });
        return facts.thrown ? facts.thrown.name : facts.value;
      }, [asked, `${first.origin}/`, fetch]);
      await client.evaluate((client) => (globalThis.own = client));
      const plain = await run(false);
      const plainSeen = seen();
      const ours = await run(true);
      assert.deepEqual(ours, plain, what);
      assert.deepEqual(seen(), plainSeen, what);
      if (ours.status) answered += 1;
    }
    assert.ok(answered > 30, `${answered} of them were answered`);
  });
}

test('rule F6: an upload is streamed, and ends with its signal', async (t) => {
  const seen = [];
  const server = await startSecureServer((request, response) => {
    let size = 0;
    const { authorization, authentication } = request.headers;
    const query = new URL(request.url, 'http://x').searchParams.get('access_token');
    seen.push([authorization, authentication, query].filter(Boolean).join());
    request.on('data', (part) => {
      size += part.length;
      // What came first is answered before the rest is made.
      if (size === part.length) response.write('first ');
    });
    request.on('end', () => response.end(String(size)));
    request.on('error', () => {});
  });
  if (!server) return t.skip('there is no openssl to make a certificate');
  t.after(() => server.close());
  const app = await openLocalApp(t, { contextOptions: { ignoreHTTPSErrors: true } });
  await app.open('/start');
  for (const way of [undefined, WAYS['another header'], WAYS.query]) {
    const options = { ...OPTIONS, redirect_uri: `${app.origin}/cb`, resources: [{ url: server.origin, ...way }] };
    const client = await app.signedIn(options);
    const facts = await client.evaluate(async (client, url) => {
      let left = 64;
      const make = (each) => new ReadableStream({ pull: (controller) => (left-- > 0 ? controller.enqueue(new Uint8Array(16384)) : controller.close()), ...each });
      const init = { method: 'POST', body: make(), duplex: 'half' };
      const text = await (await client.fetch(url, init)).text();
      const request = new Request(url, { method: 'POST', body: 'text' });
      await client.fetch(request);
      const controller = new AbortController();
      let canceled;
      const endless = make({ pull: (stream) => new Promise((resolve) => setTimeout(resolve, 1)).then(() => stream.enqueue(new Uint8Array(1))), cancel: (reason) => (canceled = reason?.name) });
      const outcome = client.fetch(url, { method: 'POST', body: endless, duplex: 'half', signal: controller.signal }).then((response) => response.text()).catch((error) => error.name);
      setTimeout(() => controller.abort(), 50);
      return [text, request.bodyUsed, init.body.locked, await outcome, canceled];
    }, `${server.origin}/`);
    assert.deepEqual(facts, ['first 1048576', true, true, 'AbortError', 'AbortError']);
  }
  const expected = ['Bearer AT', 'Bearer AT', 'AT'];
  assert.deepEqual(seen, expected.flatMap((token) => Array(3).fill(token)));
});

// Refusals.

const INVALID = { 'www-authenticate': 'Bearer realm="api", error="invalid_token", error_description="The access token was revoked"' };

test('rule F10, attack 44: fifty calls that fail together end the session once, and each gets its Response', async (t) => {
  const { app, first, client, events } = await open(t, { answer: (_, response) => response.writeHead(401, INVALID).end('no') });
  const { url } = await app.place();
  const outcomes = await client.evaluate(async (client, url) => {
    const calls = Array.from({ length: 50 }, () => client.fetch(url));
    return Promise.all(calls.map(async (call) => {
      const response = await call;
      return [response instanceof Response, response.status, response.bodyUsed, await response.text()].join();
    }));
  }, first.origin);
  assert.deepEqual(outcomes, Array(50).fill('true,401,false,no'));
  assert.deepEqual(await events(), ['revoke']);
  assert.equal(first.log.length, 50, 'nothing was repeated');
  assert.deepEqual(await app.place(), { url, entries: (await app.place()).entries });
  assert.equal(await client.evaluate((client) => client.token()), null);
  assert.equal((await client.evaluate(tryFetch, [first.origin])).thrown?.code, 'login_required');
  await client.evaluate((client) => client.logout());
  assert.deepEqual(await events(), ['revoke'], 'there was nothing left to forget');
});

for (const [name, way] of Object.entries(WAYS)) {
  test(`rule F10: a token that was refused is dropped, sent by ${name}`, async (t) => {
    const { first, client, events } = await open(t, { way, answer: (_, response) => response.writeHead(401, INVALID).end() });
    await client.evaluate(tryFetch, [first.origin, POST]);
    assert.deepEqual(await events(), ['revoke']);
  });
}

test('rule F10: every other refusal leaves the session as it is', async (t) => {
  const answers = [
    [401, {}],
    [401, { 'www-authenticate': 'Bearer' }],
    [401, { 'www-authenticate': 'Bearer error="insufficient_scope", scope="write"' }],
    [401, { 'www-authenticate': 'Bearer error="invalid_request"' }],
    [401, { 'www-authenticate': 'Basic error="invalid_token"' }],
    [401, { 'www-authenticate': 'Bearer error="invalid_token' }],
    // Hidden from CORS, as Doorkeeper does it.
    [401, { ...INVALID, 'access-control-expose-headers': 'X-Other' }],
    // As django-oauth-toolkit does it.
    [403, {}],
    [403, INVALID],
    [403, { 'www-authenticate': 'Bearer error="insufficient_scope"' }],
    [400, INVALID],
    [200, INVALID],
    [500, INVALID],
  ];
  const { first, client, events } = await open(t, { answer: ({ path }, response) => response.writeHead(...answers[Number(path.slice(1))]).end() });
  for (const at of answers.keys()) {
    const { value } = await client.evaluate(tryFetch, [`${first.origin}/${at}`]);
    assert.equal(value?.status, answers[at][0]);
    assert.equal(await client.evaluate((client) => client.token()?.access_token), 'AT', JSON.stringify(answers[at]));
  }
  // Not our token, and so not our business.
  const own = { headers: { authorization: 'Bearer own' } };
  await client.evaluate(tryFetch, [`${first.origin}/0`, own]);
  answers[0] = [401, INVALID];
  await client.evaluate(tryFetch, [`${first.origin}/0`, own]);
  assert.deepEqual(await events(), []);
  await client.evaluate(tryFetch, [`${first.origin}/0`]);
  assert.deepEqual(await events(), ['revoke']);
});

test('rules F10, M7: a late refusal of an earlier token does not end a later session, whose token is not sent instead', async (t) => {
  let refuse;
  const isAsked = new Promise((resolve) => (refuse = resolve));
  const { app, first, client, events, options } = await open(t, { answer: (_, response) => refuse(() => response.writeHead(401, INVALID).end()) });
  await client.evaluate((client, url) => void (globalThis.late = client.fetch(url)), first.origin);
  const answer = await isAsked;
  await app.signIn(options, { token: 'NEXT' });
  answer();
  assert.equal(await app.evaluate(async () => (await globalThis.late).status), 401);
  assert.equal(await client.evaluate((client) => client.token()?.access_token), 'NEXT');
  assert.deepEqual([await events(), first.log.length], [['logout', 'login'], 1]);
});

test('attack 43: a 401 of another host ends nothing and gets nothing', async (t) => {
  const evil = await startServer(t, (_, response) => response.writeHead(401, INVALID).end('evil'));
  const { first, client, events } = await open(t, { answer: (_, response) => response.writeHead(302, { location: `${evil.origin}/` }).end() });
  assert.equal((await client.evaluate(tryFetch, [`${evil.origin}/`])).thrown?.code, 'resource_not_allowed');
  const { value } = await client.evaluate(tryFetch, [`${first.origin}/`]);
  assert.deepEqual([value?.status, value?.text], [401, 'evil']);
  assert.deepEqual(evil.log.map(shown), [NOWHERE]);
  assert.deepEqual([await events(), await client.evaluate((client) => client.token()?.access_token)], [[], 'AT']);
});

test('attack 26: a token without a readable end is no token for ever, and a missing type puts none into the query', async (t) => {
  const { app, first, client, events, options } = await open(t, { answer: (_, response) => response.writeHead(401, INVALID).end() });
  const unreadable = await app.signIn(options, { seconds: 'soon' });
  assert.equal(unreadable.thrown?.code, 'malformed_response');
  const { value } = await app.signIn(options, { seconds: '' });
  assert.ok(!('expires_at' in value.token));
  await client.evaluate(tryFetch, [first.origin]);
  assert.deepEqual(first.log.map(shown), [{ ...NOWHERE, authorization: 'Bearer AT' }]);
  assert.deepEqual(await events(), ['logout', 'login', 'revoke']);
  const { state } = await app.startLogin(options);
  const { thrown } = await app.handleRedirect(options, good(state, options).replace('&token_type=Bearer', ''));
  assert.equal(thrown?.code, 'missing_token_type');
  assert.equal((await client.evaluate(tryFetch, [first.origin])).thrown?.code, 'login_required');
  assert.equal(first.log.length, 1);
});

test('attack 38: neither a prefix nor user information nor dots lead the token elsewhere', async (t) => {
  const { first, second, client } = await open(t);
  const { host } = new URL(first.origin);
  const elsewhere = new URL(second.origin).host;
  const urls = [
    `http://${host}.evil.example/`, `http://${host}@${elsewhere}/`, `http://ada@${host}/`, `http://${elsewhere}/${host}`,
    `http://${elsewhere}/?${first.origin}`, `http://${elsewhere}#${first.origin}`, `//${elsewhere}/`, `\\\\${elsewhere}\\`,
  ];
  for (const url of urls) {
    const { thrown } = await client.evaluate(tryFetch, [url]);
    assert.match(String(thrown?.code ?? thrown?.type), /^(resource_not_allowed|insecure_resource|TypeError)$/, url);
  }
  assert.deepEqual([first.log, second.log], [[], []]);
});

test('attack 38: a path below is below, whatever stands between', async (t) => {
  const { app, first } = await open(t);
  const options = { ...OPTIONS, redirect_uri: `${app.origin}/cb`, resources: [{ url: `${first.origin}/v1`, via: 'query' }] };
  const client = await app.signedIn(options);
  for (const path of ['/v1/../admin', '/v1/%2e%2e/admin', '/v1/..%2fadmin', '/v1/..%5cadmin', '/v10', '/v1;x', '/v1%2f']) {
    assert.equal((await client.evaluate(tryFetch, [`${first.origin}${path}`])).thrown?.code, 'resource_not_allowed', path);
  }
  assert.deepEqual(first.log, []);
});

test('rule F1: what is judged is what is requested, with the token in the query or the body', async (t) => {
  for (const name of ['query', 'body']) {
    const { first, second, client } = await open(t, { way: WAYS[name] });
    const codes = await client.evaluate(async (client, [good, evil, type]) => {
      const init = { method: 'POST', headers: { 'Content-Type': type }, body: 'a=1' };
      let asked = 0;
      const changing = () => (asked++ === 0 ? good : evil);
      class ChangingUrl extends URL {
        toString() { return changing(); }
        get href() { return changing(); }
      }
      class LyingRequest extends Request {
        get url() { return good; }
        clone() { return new Request(evil, init); }
      }
      class LyingClone extends Request {
        clone() { return new Request(evil, init); }
      }
      const results = [];
      for (const [input, more] of [[{ toString: changing }, init], [new ChangingUrl(evil), init], [new LyingRequest(evil, init)], [new LyingClone(good, init)]]) {
        asked = 0;
        const { value, thrown } = await settle(() => client.fetch(input, more));
        results.push(thrown?.code ?? value.status);
      }
      return results;
    }, [`${first.origin}/`, `${second.origin}/`, FORM]);
    assert.deepEqual(codes.slice(0, 3), [200, 200, 'resource_not_allowed'], name);
    assert.deepEqual(codes[3], name === 'query' ? 200 : 'resource_not_allowed');
    assert.deepEqual(second.log, []);
  }
});

// Signing out.

test('attack 07: logout reaches every tab that is signed in with the registration', async (t) => {
  const app = await openApp(t);
  await app.open('/start');
  const other = await app.newTab(t);
  const OTHER = { ...OPTIONS, client_id: 'other' };
  await Promise.all([app, other].map(async (tab) => {
    await tab.signedIn(OTHER);
    await (await tab.signedIn()).evaluate(listen);
  }));
  await (await app.client()).evaluate((client) => client.logout());
  await other.page.waitForFunction(() => globalThis.events.length > 0);
  for (const tab of [app, other]) {
    assert.equal(await tab.token(), null);
    assert.deepEqual(await tab.evaluate(() => globalThis.events), ['logout']);
    assert.equal((await tab.token(OTHER))?.access_token, 'AT', "another registration's session stays");
  }
  const { thrown } = await (await other.client()).evaluate((client) => settle(() => client.fetch('/api')));
  assert.equal(thrown?.code, 'login_required');
});

test('attack 07: logout reaches a tab also from one that never signed in', async (t) => {
  const app = await openApp(t);
  await app.open('/start');
  const other = await app.newTab(t);
  await (await other.signedIn()).evaluate(listen);
  await (await app.client()).evaluate((client) => client.logout());
  await other.page.waitForFunction(() => globalThis.events.length > 0);
  assert.deepEqual([await other.token(), await other.evaluate(() => globalThis.events)], [null, ['logout']]);
});

// Credentials that need no login.

/** In the page: a fetch with a credential, and what an application sees of it. */
async function tryCredential([options, input, init]) {
  return settle(async () => {
    const { createFetch } = await claviger;
    const response = await (await createFetch(options))(input, init);
    return { isResponse: response instanceof Response, status: response.status, text: await response.text() };
  });
}

test('createFetch sends a personal access token or a password to its resources alone', async (t) => {
  const [first, second] = await Promise.all([startServer(t, (_, response) => response.end('first')), startServer(t, (_, response) => response.end('second'))]);
  const app = await openLocalApp(t);
  await app.open('/start');
  const pat = { type: 'bearer', token: 'Ab/9-_.~+=' };
  const basic = { type: 'basic', username: 'ada@example.com', password: 'pä:ss' };
  const rows = [
    [pat, first.origin, { authorization: 'Bearer Ab/9-_.~+=' }],
    [pat, { url: first.origin, ...WAYS['another header'] }, { authentication: 'Bearer Ab/9-_.~+=' }],
    [pat, { url: first.origin, ...WAYS.query }, { query: ['Ab/9-_.~+='] }],
    [pat, { url: first.origin, ...WAYS.body }, { body: ['Ab/9-_.~+='] }],
    [basic, first.origin, { authorization: `Basic ${Buffer.from('ada@example.com:pä:ss').toString('base64')}` }],
    [{ ...basic, password: '' }, { url: first.origin, ...WAYS['another header'] }, { authentication: `Basic ${btoa('ada@example.com:')}` }],
  ];
  for (const [credential, resource, expected] of rows) {
    const options = { credential, resources: [resource] };
    const { value } = await app.evaluate(tryCredential, [options, `${first.origin}/`, POST]);
    assert.deepEqual(value, { isResponse: true, status: 200, text: 'first' });
    assert.deepEqual(first.log.splice(0).map(shown), [{ ...NOWHERE, ...expected }]);
    for (const [url, code] of [[`${second.origin}/`, 'resource_not_allowed'], ['http://evil.example/', 'insecure_resource'], ['blob:http://localhost/x', 'resource_not_allowed'], ['/', 'resource_not_allowed']]) {
      assert.equal((await app.evaluate(tryCredential, [options, url, POST])).thrown?.code, code);
    }
  }
  assert.deepEqual([first.log, second.log], [[], []]);
});

test('createFetch follows the rules of client.fetch', async (t) => {
  const targets = {};
  const second = await startServer(t, (_, response) => response.end('second'));
  const first = await startServer(t, ({ path }, response) => {
    const location = targets[path.split('?')[0]];
    response.writeHead(location ? 302 : 401, location ? { location } : INVALID).end('no');
  });
  Object.assign(targets, { '/away': `${second.origin}/` });
  const app = await openLocalApp(t);
  await app.open('/start');
  const options = (way) => ({ credential: { type: 'bearer', token: 'PAT' }, resources: [{ url: first.origin, ...way }] });
  // Rule F7
  assert.equal((await app.evaluate(tryCredential, [options(), `${first.origin}/away`])).value?.text, 'second');
  assert.deepEqual(second.log.splice(0).map(shown), [NOWHERE]);
  for (const way of Object.values(WAYS)) {
    assert.equal((await app.evaluate(tryCredential, [options(way), `${first.origin}/away`, POST])).thrown?.type, 'TypeError');
  }
  assert.deepEqual(second.log, []);
  // Rule F8
  first.log.length = 0;
  await app.evaluate(tryCredential, [options(), `${first.origin}/`, { headers: { authorization: 'own' } }]);
  assert.deepEqual(first.log.splice(0).map(shown), [{ ...NOWHERE, authorization: 'own' }]);
  // Rule F9
  assert.equal((await app.evaluate(tryCredential, [options(WAYS.body), `${first.origin}/`])).thrown?.code, 'unsupported_body');
  assert.deepEqual(first.log, []);
  // Rule F10: a 401 is a Response, and the next call is sent as the first one.
  const both = await app.evaluate(async ([options, url]) => {
    const { createFetch } = await claviger;
    const own = await createFetch(options);
    return [(await own(url)).status, (await own(url)).status, typeof own, own.length];
  }, [options(), `${first.origin}/`]);
  assert.deepEqual(both, [401, 401, 'function', 2]);
  assert.deepEqual(first.log.map(({ headers }) => headers.authorization), ['Bearer PAT', 'Bearer PAT']);
});

// Challenges.

test('challenges gives WWW-Authenticate as data, of any response', async (t) => {
  const app = await openApp(t);
  await app.open('/start');
  const read = (header) => app.evaluate(async (header) => {
    const { challenges } = await claviger;
    const headers = new Headers();
    for (const value of [header].flat()) headers.append('WWW-Authenticate', value);
    const list = challenges(new Response('body', { status: 401, headers }));
    const isFrozen = Object.isFrozen(list) && list.every((it) => Object.isFrozen(it) && Object.isFrozen(it.parameters));
    return { isFrozen, list: list.map(({ scheme, token68, parameters, ...rest }) => [scheme, token68 ?? null, Object.entries(parameters), Object.keys(rest).length, parameters.toString === undefined]) };
  }, header);
  const rows = [
    [[], []],
    ['', []],
    ['Basic realm="simple", Newauth realm="apps", type=1, title="Login to \\"apps\\""', [['basic', null, [['realm', 'simple']]], ['newauth', null, [['realm', 'apps'], ['type', '1'], ['title', 'Login to "apps"']]]]],
    [['Bearer realm="a"', 'Negotiate abc=='], [['bearer', null, [['realm', 'a']]], ['negotiate', 'abc==', []]]],
    ['BEARER Scope="a b", ERROR=insufficient_scope', [['bearer', null, [['scope', 'a b'], ['error', 'insufficient_scope']]]]],
    ['Bearer x="a&b=c\u00e9%41+ "', [['bearer', null, [['x', 'a&b=c\u00e9%41+ ']]]]],
    ['Bearer __proto__=1, toString=2, 1=3, error="<b>"', [['bearer', null, [['1', '3'], ['__proto__', '1'], ['tostring', '2'], ['error', '<b>']]]]],
    ['Bearer error="invalid_token', [['bearer', null, []]]],
    ['"', []],
  ];
  for (const [header, expected] of rows) {
    assert.deepEqual(await read(header), { isFrozen: true, list: expected.map((it) => [...it, 0, true]) }, String(header));
  }
  for (const value of [undefined, null, 'Bearer', {}, 7]) {
    const { thrown } = await app.evaluate(async (value) => settle(async () => (await claviger).challenges(value)), value);
    assert.deepEqual([thrown?.type, thrown?.message], ['TypeError', 'response must be a Response.']);
  }
});

test('challenges needs no client, and leaves the body unread', async (t) => {
  const { app, first, client } = await open(t, { answer: (_, response) => response.writeHead(403, { 'www-authenticate': 'Bearer error="insufficient_scope", scope="write"' }).end('body') });
  const facts = await client.evaluate(async (client, url) => {
    const { challenges } = await claviger;
    const response = await client.fetch(url);
    const [{ parameters }] = challenges(response);
    return [parameters.error, parameters.scope, response.bodyUsed, await response.text(), challenges(response).length];
  }, first.origin);
  assert.deepEqual(facts, ['insufficient_scope', 'write', false, 'body', 1]);
  assert.notEqual(await app.evaluate(async () => (await claviger).challenges), null);
});
