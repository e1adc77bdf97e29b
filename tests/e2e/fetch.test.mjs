// `client.fetch`: which URL may see the token, what is sent, and what is left alone. Rules F1 to F8.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { eachEntry, knowsCodes, openApp, OPTIONS, useApp } from './harness/page.mjs';
import { openLocalApp, startServer } from './harness/servers.mjs';
import { refusalOf, resources, resourcesInWords } from './harness/vectors.mjs';

const WITH_API = { ...OPTIONS, resources: ['https://api.example/v1'] };
const BEARER = 'Bearer AT';

/** In the page: fetches, and gives what an application sees of it. */
async function tryFetch(client, [input, init]) {
  return settle(async () => {
    const response = await client.fetch(input, init);
    return { isResponse: response instanceof Response, status: response.status, url: response.url, text: await response.text() };
  });
}

eachEntry((entry) => {
  const app = useApp({ entry });
  const sent = () => app.requests.splice(0);
  const authorizations = () => sent().map(({ headers }) => headers.authorization);

  test('rules F2, F3, F4: the vectors of resources: attached, or refused before anything is sent', async (t) => {
    // Each has a test of its own below.
    assert.equal(resourcesInWords.length, 2);
    // A policy can't name an IPv6 host.
    const app = await openApp(t, { entry, headers: { 'Content-Security-Policy': "script-src 'self' 'wasm-unsafe-eval'" } });
    await app.open('/start');
    const seen = [];
    app.page.on('request', (request) => seen.push([request.url().split('#')[0], request.headers().authorization]));
    for (const { allow, request, attach, note } of resources) {
      const options = { ...OPTIONS, resources: [allow] };
      const { thrown: refused } = await app.evaluate((options) => settle(async () => void (await clientFor(options))), options);
      seen.length = 0;
      if (refused) {
        assert.deepEqual([refused.type, Boolean(attach)], ['TypeError', false], note);
        assert.match(refused.message, /^resources must be /);
        continue;
      }
      const client = await app.signedIn(options);
      const { value, thrown } = await client.evaluate(tryFetch, [request]);
      if (attach) {
        assert.equal(value?.status, 200, note);
        const [url] = new URL(request, 'https://app.example/start').href.split('#');
        assert.deepEqual([value.url, seen], [url, [[url, BEARER]]], note);
      } else {
        assert.equal(thrown?.code, refusalOf(request, 'https://app.example/start'), note);
        assert.deepEqual(seen, [], note);
      }
    }
  });

  test("rule F2: the page's own origin is the default, and an empty list allows nothing", async () => {
    for (const [resources, expected] of [[undefined, 200], [[], 'resource_not_allowed']]) {
      const client = await app.signedIn({ ...OPTIONS, resources });
      const { value, thrown } = await client.evaluate(tryFetch, ['/api/me']);
      assert.equal(thrown?.code ?? value.status, expected);
      assert.equal((await client.evaluate(tryFetch, ['https://api.example/me'])).thrown?.code, 'resource_not_allowed');
    }
    assert.deepEqual(sent(), []);
  });

  test('rule F2: blob:, data: and other schemes are refused, whatever their origin says', async () => {
    const client = await app.signedIn();
    const blob = await app.evaluate(() => URL.createObjectURL(new Blob(['text'])));
    assert.ok(blob.startsWith('blob:https://app.example/'));
    for (const url of [blob, 'data:text/plain,text', 'about:blank', 'javascript:1', 'file:///etc/hosts', 'ftp://app.example/', 'wss://app.example/']) {
      assert.equal((await client.evaluate(tryFetch, [url])).thrown?.code, 'resource_not_allowed', url);
    }
  });

  test("rule F1: a relative URL resolves against the page's location, not against <base>", async (t) => {
    const app = await openApp(t, { entry, head: '<base href="/elsewhere/">' });
    await app.open('/folder/page');
    assert.equal(await app.evaluate(() => document.baseURI), 'https://app.example/elsewhere/');
    const client = await app.signedIn({ ...OPTIONS, resources: ['https://app.example/folder'] });
    const { value } = await client.evaluate(tryFetch, ['api?x=1']);
    assert.equal(value?.url, 'https://app.example/folder/api?x=1');
    assert.equal((await client.evaluate(tryFetch, ['/elsewhere/api'])).thrown?.code, 'resource_not_allowed');
  });

  test('rule F1: what is judged is what is requested, also when the caller says something else the second time', async () => {
    const client = await app.signedIn(WITH_API);
    const outcomes = await client.evaluate(async (client) => {
      const [good, evil] = ['https://api.example/v1/me', 'https://evil.example/'];
      let asked = 0;
      const changing = () => (asked++ === 0 ? good : evil);
      class ChangingUrl extends URL {
        toString() { return changing(); }
        get href() { return changing(); }
      }
      class LyingRequest extends Request {
        get url() { return good; }
      }
      const own = new Request(evil);
      Object.defineProperty(own, 'url', { value: good });
      const results = [];
      for (const input of [{ toString: changing }, new ChangingUrl(evil), new LyingRequest(evil), own]) {
        asked = 0;
        const { value, thrown } = await settle(() => client.fetch(input));
        results.push(thrown?.code ?? value.url);
      }
      return results;
    });
    const good = 'https://api.example/v1/me';
    assert.deepEqual(outcomes, [good, good, 'resource_not_allowed', 'resource_not_allowed']);
    assert.deepEqual(sent().map(({ url }) => url), [good, good]);
  });

  test('rule F5: without a token nothing is sent, nor with one that ends within 30 seconds', async () => {
    const url = 'https://api.example/v1/me';
    const client = await app.client(WITH_API);
    assert.equal((await client.evaluate(tryFetch, [url])).thrown?.code, 'login_required');
    await app.signedIn(WITH_API);
    const codes = await client.evaluate(async (client, url) => {
      const { now } = Date;
      const end = client.token().expires_at;
      const codes = [];
      for (const left of [31, 30, 1, 0, -100]) {
        Date.now = () => (end - left) * 1000;
        const { value, thrown } = await settle(() => client.fetch(url));
        codes.push([thrown?.code ?? value.status, client.token() !== null]);
      }
      Date.now = now;
      return codes;
    }, url);
    assert.deepEqual(codes, [[200, true], ...Array(4).fill(['token_expired', false])]);
    assert.equal(sent().length, 1);
  });

  test("rule F8: an Authorization header of the caller's stays", async () => {
    const client = await app.signedIn(WITH_API);
    await client.evaluate(async (client) => {
      const url = 'https://api.example/v1/me';
      const headers = { authorization: 'Basic own' };
      await client.fetch(url, { headers });
      await client.fetch(url, { headers: new Headers(headers) });
      await client.fetch(url, { headers: Object.entries(headers) });
      await client.fetch(new Request(url, { headers }));
      await client.fetch(new Request(url), { headers });
      await client.fetch(new Request(url, { headers: { Authorization: '' } }));
      await client.fetch(url);
    });
    assert.deepEqual(authorizations(), [...Array(5).fill('Basic own'), '', BEARER]);
  });

  test('rule F6: init counts as fetch reads it: its own members, inherited ones, and those of a Request', async () => {
    const client = await app.signedIn(WITH_API);
    await client.evaluate(async (client) => {
      const url = 'https://api.example/v1/me';
      const init = { method: 'PUT', headers: { 'x-own': 'yes' } };
      for (const given of [init, Object.create(init), Object.assign(Object.create(null), init), new Request(url, init)]) await client.fetch(url, given);
    });
    const seen = sent().map(({ method, headers }) => [method, headers['x-own'], headers.authorization]);
    assert.deepEqual(seen, Array(4).fill(['PUT', 'yes', BEARER]));
  });

  test("rule F6, attack 45: the caller's Request, Headers and init are never changed", async () => {
    const client = await app.signedIn(WITH_API);
    const left = await client.evaluate(async (client) => {
      const url = 'https://api.example/v1/me';
      const headers = new Headers({ 'X-Own': '1' });
      const init = Object.freeze({ method: 'POST', headers, body: 'text' });
      await client.fetch(url, init);
      const plain = Object.freeze({ 'X-Own': '2' });
      await client.fetch(url, Object.freeze({ headers: plain }));
      const request = new Request(url, { headers: { 'X-Own': '3' } });
      await client.fetch(request);
      await client.fetch(request.clone(), { headers });
      return [[...headers], plain, [...request.headers], request.bodyUsed];
    });
    assert.deepEqual(left, [[['x-own', '1']], { 'X-Own': '2' }, [['x-own', '3']], false]);
    const seen = sent();
    assert.deepEqual(seen.map(({ headers }) => [headers['x-own'], headers.authorization]), ['1', '2', '3', '1'].map((own) => [own, BEARER]));
    assert.deepEqual([seen[0].method, seen[0].body], ['POST', 'text']);
  });

  test('rule F6: a request that is refused keeps its body', async () => {
    const client = await app.signedIn(WITH_API);
    const left = await client.evaluate(async (client) => {
      const url = 'https://evil.example/';
      const stream = new ReadableStream({ start: (controller) => controller.close() });
      const request = new Request(url, { method: 'POST', body: 'text' });
      const codes = [];
      for (const input of [[request], [url, { method: 'POST', body: stream, duplex: 'half' }]]) {
        codes.push((await settle(() => client.fetch(...input))).thrown?.code);
      }
      return [codes, request.bodyUsed, stream.locked];
    });
    assert.deepEqual(left, [Array(2).fill('resource_not_allowed'), false, false]);
  });

  test('rule F6: a signal that was aborted before sends nothing, and its reason passes through', async () => {
    const client = await app.signedIn(WITH_API);
    const outcomes = await client.evaluate(async (client) => {
      const url = 'https://api.example/v1/me';
      const reason = new RangeError('own');
      const catchOf = (...input) => client.fetch(...input).then(() => 'sent', (error) => error);
      return [
        (await catchOf(url, { signal: AbortSignal.abort() })).name,
        (await catchOf(url, { signal: AbortSignal.abort(reason) })) === reason,
        (await catchOf(new Request(url, { signal: AbortSignal.abort() }))).name,
      ];
    });
    assert.deepEqual(outcomes, ['AbortError', true, 'AbortError']);
    assert.deepEqual(sent(), []);
  });

  test('fetch works apart from its client, and never throws but by its promise', async () => {
    const client = await app.signedIn(WITH_API);
    const outcome = await client.evaluate(async (client) => {
      const { fetch } = client;
      const response = await fetch('https://api.example/v1/me');
      const promises = [fetch('https://evil.example/'), fetch('https://['), fetch(), fetch('https://api.example/v1', { method: 'TRACE' }), fetch({ toString: () => { throw new RangeError('own'); } })];
      const names = (await Promise.allSettled(promises)).map(({ reason }) => reason?.name);
      return [response.ok, promises.every((promise) => promise instanceof Promise), names];
    });
    assert.deepEqual(outcome, [true, true, ['OAuthError', 'TypeError', 'OAuthError', 'TypeError', 'RangeError']]);
  });

  // From here on with real servers: the page's origin is http://localhost:…, the API's http://127.0.0.1:….

  /** A page that is signed in, with two further origins behind it. */
  async function openLocal(t, answer) {
    const [first, second] = await Promise.all([startServer(t, answer), startServer(t, (_, response) => response.end('second'))]);
    const local = await openLocalApp(t, { entry });
    await local.open('/start');
    const options = { ...OPTIONS, redirect_uri: `${local.origin}/cb`, resources: [first.origin] };
    return { first, second, client: await local.signedIn(options) };
  }

  test('rule F7: a redirect to another origin does not carry the token, and one on the same origin does', async (t) => {
    const targets = {};
    const { first, second, client } = await openLocal(t, ({ path }, response) => {
      const location = targets[path];
      response.writeHead(location ? 302 : 200, location && { location }).end('first');
    });
    Object.assign(targets, { '/away': `${second.origin}/`, '/near': '/end' });
    assert.equal((await client.evaluate(tryFetch, [`${first.origin}/away`])).value?.text, 'second');
    assert.equal((await client.evaluate(tryFetch, [`${first.origin}/near`])).value?.text, 'first');
    const seen = first.log.map(({ path, headers }) => [path, headers.authorization]);
    assert.deepEqual(seen, ['/away', '/near', '/end'].map((path) => [path, BEARER]));
    assert.deepEqual(second.log.map(({ headers }) => headers.authorization), [undefined]);
  });

  test('rule F7: an engine whose age does not show follows no redirect with a token, and every one without', async (t) => {
    const targets = {};
    const { first, second, client } = await openLocal(t, ({ path }, response) => {
      const location = targets[path];
      response.writeHead(location ? 302 : 200, location && { location }).end('first');
    });
    Object.assign(targets, { '/away': `${second.origin}/`, '/near': '/end' });
    // Before the first request, as in an engine that can't read two groups of one name.
    await client.evaluate(() => {
      const { RegExp } = globalThis;
      globalThis.RegExp = function (expression, ...rest) {
        if (/\(\?<(\w+)>.*\(\?<\1>/.test(expression)) throw new SyntaxError('Invalid regular expression');
        return new RegExp(expression, ...rest);
      };
    });
    const outcomes = [];
    for (const [path, init] of [['/away'], ['/near'], ['/away', { redirect: 'follow' }], ['/away', { redirect: 'manual' }], ['/end'], ['/end', { redirect: 'error' }]]) {
      const { value, thrown } = await client.evaluate(tryFetch, [first.origin + path, init]);
      outcomes.push(thrown?.name ?? value.status);
    }
    assert.deepEqual(outcomes, ['TypeError', 'TypeError', 'TypeError', 0, 200, 200]);
    const request = await client.evaluate((client, url) => settle(() => client.fetch(new Request(url, { referrerPolicy: 'origin' }))), `${first.origin}/away`);
    assert.equal(request.thrown?.name, 'TypeError');
    const own = await client.evaluate(tryFetch, [`${first.origin}/near`, { headers: { Authorization: 'Basic own' } }]);
    assert.equal(own.value?.text, 'first', "the caller's own credential is the caller's");
    assert.deepEqual(second.log, []);
  });

  test('rule F6: a Request of another window is one, and so is a signal', async (t) => {
    const { first, client } = await openLocal(t, (_, response) => response.end('first'));
    const seen = await client.evaluate(async (client, url) => {
      const frame = document.body.appendChild(document.createElement('iframe'));
      const { Request, AbortController } = frame.contentWindow;
      const abort = new AbortController();
      const response = await client.fetch(new Request(`${url}/path`, { method: 'POST', body: 'text', signal: abort.signal, headers: { 'X-Own': '1' } }));
      const text = await response.text();
      abort.abort();
      const aborted = await settle(() => client.fetch(new Request(url, { signal: abort.signal })));
      return [text, aborted.thrown?.name];
    }, first.origin);
    assert.deepEqual(seen, ['first', 'AbortError']);
    assert.deepEqual(first.log.map(({ method, path, body, headers }) => [method, path, body, headers['x-own'], headers.authorization]), [['POST', '/path', 'text', '1', BEARER]]);
  });

  test("a 401 is the browser's own Response, asked for once, and the token stays unless it is invalid", async (t) => {
    const { first, client } = await openLocal(t, (_, response) => response.writeHead(401, { 'www-authenticate': 'Bearer error="invalid_token"' }).end('no'));
    const [status, challenge, token] = await client.evaluate(async (client, url) => {
      const response = await client.fetch(url);
      return [response.status, response.headers.get('www-authenticate'), client.token()?.access_token ?? null];
    }, `${first.origin}/me`);
    assert.deepEqual([status, challenge, token], [401, 'Bearer error="invalid_token"', knowsCodes(entry) ? null : 'AT']);
    assert.equal(first.log.length, 1);
  });

  test('rule F6: every kind of body arrives as it was given', async (t) => {
    const { first, client } = await openLocal(t, (_, response) => response.end());
    await client.evaluate(async (client, url) => {
      const form = new FormData();
      form.append('name', 'ö');
      const bodies = ['text', new URLSearchParams({ a: 'b c' }), new Blob(['{}'], { type: 'application/json' }), new Uint8Array([0, 255]), form];
      for (const body of bodies) {
        await client.fetch(url, { method: 'PUT', body });
      }
    }, `${first.origin}/body`);
    const seen = first.log.map(({ method, headers, body }) => [method, headers['content-type']?.split(';')[0], body]);
    assert.deepEqual(seen.slice(0, 4), [
      ['PUT', 'text/plain', 'text'],
      ['PUT', 'application/x-www-form-urlencoded', 'a=b+c'],
      ['PUT', 'application/json', '{}'],
      ['PUT', undefined, '\x00\xff'],
    ]);
    assert.equal(seen[4][1], 'multipart/form-data');
    assert.match(seen[4][2], /name="name"\r\n\r\n\xc3\xb6\r\n/);
  });

  test('rule F6: nothing of a response is buffered', async (t) => {
    let release;
    const wasRead = new Promise((resolve) => (release = resolve));
    const { first, client } = await openLocal(t, async ({ path }, response) => {
      if (path === '/release') {
        release();
        return response.end();
      }
      response.write('first ');
      await wasRead;
      return response.end('last');
    });
    const text = await client.evaluate(async (client, origin) => {
      const reader = (await client.fetch(`${origin}/stream`)).body.pipeThrough(new TextDecoderStream()).getReader();
      const { value } = await reader.read();
      // Only now does the server go on.
      await client.fetch(`${origin}/release`);
      let rest = '';
      for (let part = await reader.read(); !part.done; part = await reader.read()) rest += part.value;
      return [value, rest];
    }, first.origin);
    assert.deepEqual(text, ['first ', 'last']);
  });

  test('rule F6: a signal ends a request that is under way, and a body that is being read', async (t) => {
    const { first, client } = await openLocal(t, ({ path }, response) => {
      if (path === '/body') response.write('first');
    });
    const names = await client.evaluate(async (client, origin) => {
      const waiting = new AbortController();
      const request = client.fetch(`${origin}/never`, { signal: waiting.signal }).catch((error) => error.name);
      waiting.abort();
      const reading = new AbortController();
      const response = await client.fetch(new Request(`${origin}/body`, { signal: reading.signal }));
      const body = response.text().catch((error) => error.name);
      reading.abort();
      return [await request, await body];
    }, first.origin);
    assert.deepEqual(names, ['AbortError', 'AbortError']);
  });

  test('a network failure is what fetch made of it', async (t) => {
    const { first, client } = await openLocal(t, (_, response) => response.destroy());
    const { thrown } = await client.evaluate(tryFetch, [first.origin]);
    assert.deepEqual([thrown?.type, thrown?.code], ['TypeError', undefined]);
  });
});
