// Who sees the token, by the engine's own fetch: the page's origin is http://localhost:…, those of the
// APIs http://127.0.0.1:….
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { ENTRIES } from '../e2e/harness/page.mjs';
import { startServer } from '../e2e/harness/servers.mjs';
import { openApp } from './harness/app.mjs';

const FORM = { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'a=b' };
/** What a request shows of the token, in every way that the full build has to send it. */
const WAYS = [
  [{ header: 'Authentication' }, ({ headers }) => headers.authentication === 'Bearer AT'],
  [{ via: 'query' }, ({ path, body }) => path.endsWith('?access_token=AT') && body === 'a=b'],
  [{ via: 'body' }, ({ body }) => body === 'a=b&access_token=AT'],
];

/** A page that is signed in, and two servers: the first is a resource, and redirects to where a test says. */
async function open(t, { entry, way } = {}) {
  const targets = {};
  const first = await startServer(t, ({ path }, response) => {
    const location = targets[path.split('?')[0]];
    response.writeHead(location ? 307 : 200, location && { location }).end('first');
  });
  const second = await startServer(t, (_, response) => response.end('second'));
  Object.assign(targets, { '/near': '/end', '/away': `${second.origin}/` });
  const app = await openApp(t, { entry });
  const options = { ...app.options, resources: [way ? { url: first.origin, ...way } : first.origin] };
  assert.ok((await app.signIn(options)).value);
  const send = (url, init) =>
    app.evaluate(
      ({ options, url, init }) =>
        settle(async () => {
          const response = await (await clientFor(options)).fetch(url, init);
          return [response.status, await response.text()];
        }),
      { options, url, init },
    );
  return { app, options, first, second, send };
}

for (const entry of ENTRIES) {
  test(`rule F7: ${entry}: a redirect to another origin does not carry the token, and one on the same origin does`, async (t) => {
    const { first, second, send } = await open(t, { entry });
    assert.deepEqual(await send(`${first.origin}/away`), { value: [200, 'second'] });
    assert.deepEqual(await send(`${first.origin}/near`), { value: [200, 'first'] });
    assert.deepEqual(first.log.map(({ path, headers }) => [path, headers.authorization]), ['/away', '/near', '/end'].map((path) => [path, 'Bearer AT']));
    assert.deepEqual(second.log.map(({ headers }) => headers.authorization), [undefined]);
  });

  test(`rule F4: ${entry}: another origin is refused before anything is sent`, async (t) => {
    const { second, send } = await open(t, { entry });
    assert.equal((await send(`${second.origin}/`)).thrown?.code, 'resource_not_allowed');
    assert.equal((await send('http://resource.example/')).thrown?.code, 'insecure_resource');
    assert.deepEqual(second.log, []);
  });
}

for (const [way, shows] of WAYS) {
  test(`rules F7, F9: ${JSON.stringify(way)}: the token goes there, and a redirect is an error`, async (t) => {
    const { first, second, send } = await open(t, { way });
    assert.deepEqual(await send(`${first.origin}/end`, FORM), { value: [200, 'first'] });
    for (const path of ['/away', '/near']) {
      for (const redirect of ['follow', 'manual']) {
        const { thrown } = await send(first.origin + path, { ...FORM, redirect });
        assert.deepEqual([thrown?.name, thrown?.code], ['TypeError', undefined], path);
      }
    }
    assert.deepEqual(first.log.map(({ path }) => path.split('?')[0]), ['/end', '/away', '/away', '/near', '/near']);
    assert.deepEqual(first.log.map((request) => [shows(request), request.headers.authorization]), Array(5).fill([true, undefined]));
    assert.deepEqual(second.log, []);
  });
}

test('rule F10: a 401 that says why ends the session, and the challenge can be read', async (t) => {
  const { origin } = await startServer(t, (_, response) => response.writeHead(401, { 'www-authenticate': 'Bearer error="invalid_token"' }).end());
  const app = await openApp(t);
  const options = { ...app.options, resources: [origin] };
  assert.ok((await app.signIn(options)).value);
  const seen = await app.evaluate(
    async ({ options, origin }) => {
      const client = await clientFor(options);
      const events = [];
      client.subscribe(({ type }) => events.push(type));
      const response = await client.fetch(`${origin}/me`);
      const { challenges } = await claviger;
      return [response.status, challenges(response), events, client.token()];
    },
    { options, origin },
  );
  assert.deepEqual(seen, [401, [{ scheme: 'bearer', parameters: { error: 'invalid_token' } }], ['revoke'], null]);
});

test('a signal ends a request, and a body arrives in parts', async (t) => {
  let release;
  const wasRead = new Promise((resolve) => (release = resolve));
  const { origin } = await startServer(t, async ({ path }, response) => {
    if (path === '/never') return;
    if (path === '/release') release();
    if (path === '/parts') {
      // Of a type that an engine need not guess, for which it would wait for more.
      response.setHeader('Content-Type', 'application/octet-stream');
      response.write('first ');
      await wasRead;
    }
    response.end('last');
  });
  const app = await openApp(t);
  const options = { ...app.options, resources: [origin] };
  assert.ok((await app.signIn(options)).value);
  const seen = await app.evaluate(
    async ({ options, origin }) => {
      const client = await clientFor(options);
      const abort = new AbortController();
      const never = client.fetch(`${origin}/never`, { signal: abort.signal }).catch((error) => error.name);
      abort.abort();
      const reader = (await client.fetch(`${origin}/parts`)).body.getReader();
      const text = async () => new TextDecoder().decode((await reader.read()).value);
      const first = await text();
      await client.fetch(`${origin}/release`);
      return [await never, first, await text()];
    },
    { options, origin },
  );
  assert.deepEqual(seen, ['AbortError', 'first ', 'last']);
});
