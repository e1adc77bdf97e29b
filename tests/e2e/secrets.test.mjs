// Tokens, states and callback URLs are planted, and looked for everywhere that a page leaves traces.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { eachEntry, openApp, OPTIONS, response } from './harness/page.mjs';
import { readStores } from './harness/store.mjs';

const TOKEN = 'PLANTED-TOKEN';
const API = 'https://api.example/v1';
const WITH_API = { ...OPTIONS, resources: [API] };
const at = (text) => OPTIONS.redirect_uri + text;

eachEntry((entry) => {
  for (const early of [false, true]) {
    test(`no trace of a token, a state or a callback URL, ${early ? 'with' : 'without'} claviger/early`, async (t) => {
      const head = early ? '<script src="/pkg/wasm/early.js"></script>' : '';
      // The most talkative policy: whatever can be in a Referer is.
      const app = await openApp(t, { entry, head, headers: { 'referrer-policy': 'unsafe-url' } });
      const [secrets, traces] = [[TOKEN], []];
      const referrers = [];
      app.page.on('request', (request) => referrers.push(request.headers().referer));

      await app.open('/start');
      /** Opens a response, handles it, and goes on as an application does. */
      const receive = async (text) => {
        const { state } = await app.startLogin(WITH_API);
        const { state: pending } = await app.startLogin(WITH_API);
        secrets.push(state, pending);
        // By way of another page, so that a document is loaded.
        await app.open('about:blank');
        await app.open(at(text.replaceAll('{S}', state)));
        const before = referrers.length;
        const outcome = await app.handleRedirect(WITH_API);
        const client = await app.client(WITH_API);
        traces.push(await client.evaluate(async (client, api) => {
          const errors = [];
          for (const input of [`${api}/me`, 'https://evil.example/', 'http://api.example/v1', 'data:,']) {
            errors.push(await client.fetch(input).then(() => 'sent', (error) => [String(error), error.stack, JSON.stringify(error)]));
          }
          await fetch('https://analytics.example/event', { method: 'POST', body: JSON.stringify([errors, client, location.href, document.referrer]) });
          console.log(client, errors, String(client), JSON.stringify(client));
          document.body.append(document.referrer, location.href);
          return [errors, Object.keys(globalThis).filter((name) => /claviger/i.test(name) && name !== 'claviger')];
        }, API));
        traces.push(outcome.thrown ?? 'accepted', referrers.slice(before), await app.page.content(), await app.history(), (await app.place()).url);
        return outcome;
      };

      const good = `#access_token=${TOKEN}&token_type=Bearer&expires_in=3600&state={S}`;
      const { value } = await receive(good);
      assert.equal(value?.token.access_token, TOKEN);
      const sent = app.requests.filter(({ headers }) => headers.authorization);
      assert.deepEqual(sent.map(({ url, headers }) => [url, headers.authorization]), [[`${API}/me`, `Bearer ${TOKEN}`]]);
      const stores = JSON.stringify(await readStores(app));
      assert.ok(!stores.includes(TOKEN) && !stores.includes(secrets[1]), 'a used login leaves no secret in the storage');

      const refusals = [
        `${good}&access_token=${TOKEN}`, `${good}&id_token=%zz`, `${good}&code=${TOKEN}`, `${good}&iss=${TOKEN}`, good.replace('Bearer', TOKEN),
        `#access_token=${TOKEN}`, `#access_token=${TOKEN}&token_type=Bearer&state=${TOKEN}`, `##access_token=${TOKEN}`, `#error=denied&state={S}`,
        `#error=%22${TOKEN}&state={S}`, ...(early ? [`?access_token=${TOKEN}&state={S}`, `?error=denied&state={S}`] : []),
      ];
      for (const text of refusals) {
        const { value, thrown } = await receive(text);
        assert.ok(thrown || value === null, 'it is refused');
        assert.ok(!JSON.stringify(await readStores(app)).includes(TOKEN));
      }

      const others = app.requests.map(({ headers: { authorization, ...headers }, ...request }) => ({ ...request, headers }));
      const all = JSON.stringify([traces, app.messages, others]);
      assert.ok(app.messages.length >= refusals.length && others.length >= refusals.length && all.includes('analytics.example'));
      assert.ok(referrers.includes(OPTIONS.redirect_uri), 'referrers are seen');
      for (const secret of secrets) {
        assert.ok(!all.includes(secret), `${secret} at ${all.slice(Math.max(0, all.indexOf(secret) - 200), all.indexOf(secret) + 100)}`);
      }
      assert.doesNotMatch(all, /\/cb[?#]/);
    });
  }

  test('after a logout no copy of the token is left in the memory of the page', async (t) => {
    const app = await openApp(t, { entry });
    await app.open('/start');
    const { state } = await app.startLogin();
    await app.open('about:blank');
    // The client is made while the response is in the address.
    await app.open(response(state, { token: TOKEN }));
    const session = await app.world.context.newCDPSession(app.page);
    const holdsToken = async () => {
      let snapshot = '';
      session.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => (snapshot += chunk));
      await session.send('HeapProfiler.collectGarbage');
      await session.send('HeapProfiler.takeHeapSnapshot');
      session.removeAllListeners('HeapProfiler.addHeapSnapshotChunk');
      return snapshot.includes(TOKEN);
    };
    const isSignedIn = await app.evaluate(async (options) => Boolean(await (await clientFor(options)).handleRedirect()), OPTIONS);
    assert.equal(isSignedIn, true);
    assert.equal(await holdsToken(), true, 'a copy is found where there is one');
    await app.evaluate(async (options) => void (await (await clientFor(options)).logout()), OPTIONS);
    assert.equal(await holdsToken(), false);
  });

  test("an error's stack quotes no address with a response in it, also where the caller is a page's own script", async (t) => {
    const inline = `<script type="module">
      const { createClient } = await import('/pkg/wasm/${entry}.js');
      globalThis.client = await createClient(${JSON.stringify(OPTIONS)});
      globalThis.outcome = client.handleRedirect().then(String, (error) => error.stack);
    </script>`;
    for (const text of [`#access_token=${TOKEN}&token_type=Bearer&state=${'S'.repeat(43)}`, `?code=${TOKEN}&state=${'S'.repeat(43)}`]) {
      const app = await openApp(t, { entry, body: inline, headers: { 'Content-Security-Policy': "script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'" } });
      await app.open(at(text));
      await app.page.waitForFunction(() => globalThis.outcome);
      const stack = await app.evaluate(() => globalThis.outcome);
      assert.match(stack, /^OAuthError: .*\n.*https:\/\/app\.example\//s);
      assert.ok(!stack.includes(TOKEN) && !stack.includes('SSS'), stack);
      assert.match(stack, /app\.example\/cb:\d+:\d+/, 'the caller can still be found');
    }
  });

  test('what is sent to an API has the token in its header alone', async (t) => {
    const app = await openApp(t, { entry });
    await app.open('/start');
    const client = await app.signedIn(WITH_API, { token: TOKEN });
    await client.evaluate(async (client, api) => {
      await client.fetch(`${api}/issues?page=2`, { method: 'POST', body: 'text', headers: { 'X-Own': '1' } });
    }, API);
    const [{ headers: { authorization, ...headers }, ...request }, ...more] = app.requests;
    assert.deepEqual([authorization, more], [`Bearer ${TOKEN}`, []]);
    assert.ok(!JSON.stringify([headers, request]).includes(TOKEN));
  });

  test('a returned URL and a record hold a state, and nothing else does', async (t) => {
    const app = await openApp(t, { entry });
    await app.open('/start');
    const { state, url } = await app.startLogin();
    assert.equal(url.searchParams.get('state'), state);
    assert.ok((await app.handleRedirect(OPTIONS, response(state))).value);
    const { session, local } = await readStores(app);
    assert.ok(!JSON.stringify([session, local, app.messages, await app.page.content(), await app.history()]).includes(state));
  });
});
