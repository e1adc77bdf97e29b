// What the address bar and the history keep when a response is taken out of them.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { eachEntry, OPTIONS, response, useApp } from './harness/page.mjs';
import { readStores } from './harness/store.mjs';

eachEntry((entry) => {
  const app = useApp({ entry });

  test('a hash router keeps its route and its state, and hears of no change', async () => {
    const options = { ...OPTIONS, hashRouter: true };
    const { state } = await app.startLogin(options);
    const url = `${OPTIONS.redirect_uri}#/cb?access_token=AT&token_type=Bearer&state=${state}&tab=2`;
    await app.arrive(`${OPTIONS.redirect_uri}#/cb`);
    await app.evaluate((url) => {
      globalThis.heard = [];
      for (const type of ['hashchange', 'popstate']) addEventListener(type, () => heard.push(type));
      history.replaceState({ scroll: 7 }, '', url);
    }, url);
    assert.equal((await app.handleRedirect(options)).value?.token.access_token, 'AT');
    assert.equal((await app.place()).url, `${OPTIONS.redirect_uri}#/cb?tab=2`);
    // A task of its own: events of the history's are queued.
    const after = await app.evaluate(() => new Promise((resolve) => setTimeout(() => resolve([history.state, heard]))));
    assert.deepEqual(after, [{ scroll: 7 }, []]);
  });

  test('rule P17: the scrub keeps history.state', async () => {
    for (const state of [(await app.startLogin()).state, 'attacker']) {
      await app.evaluate((url) => history.replaceState({ key: 'k1', at: [1] }, '', url), response(state));
      await app.handleRedirect();
      assert.deepEqual(await app.evaluate(() => [location.href, history.state]), [OPTIONS.redirect_uri, { key: 'k1', at: [1] }]);
    }
  });

  for (const [how, patch] of [
    ['throws', () => { history.replaceState = () => { throw new DOMException('100 times in 10 seconds', 'SecurityError'); }; }],
    ['is ignored, as by Chromium where a page has used it too often', () => { history.replaceState = () => {}; }],
  ]) {
    test(`rule P17: where replaceState ${how} nobody is signed in, in the page, in the core and in the store`, async () => {
      const { state } = await app.startLogin();
      await app.arrive(response(state));
      const client = await app.client();
      await client.evaluate((client) => {
        globalThis.events = [];
        client.subscribe(({ type }) => events.push(type));
      });
      await app.evaluate(patch);
      const { thrown } = await app.handleRedirect();
      assert.equal(thrown?.name, 'SecurityError');
      assert.doesNotMatch(JSON.stringify(thrown), new RegExp(`AT&|${state}`));
      assert.deepEqual(await client.evaluate((client) => [client.token(), events, client.state?.() ?? 'signed-out']), [null, [], 'signed-out']);
      const { thrown: refused } = await client.evaluate((client) => settle(() => client.fetch('https://app.example/')));
      assert.equal(refused?.code, 'login_required');
      assert.ok(!JSON.stringify(await readStores(app)).includes('AT&') && !JSON.stringify(await readStores(app)).includes(state));
      // The next document finds a response that was used, and takes it out.
      await app.open('about:blank');
      await app.open(response(state));
      assert.equal((await app.handleRedirect()).thrown?.code, 'state_replayed');
      assert.equal((await app.place()).url, OPTIONS.redirect_uri);
    });
  }

  test('rule P17: a router that wraps replaceState and answers to it changes nothing', async () => {
    const { state } = await app.startLogin();
    await app.arrive(response(state));
    const seen = await app.evaluate(async (options) => {
      const client = await clientFor(options);
      const { replaceState } = history;
      const inner = [];
      history.replaceState = (...entry) => {
        replaceState.apply(history, entry);
        inner.push(client.handleRedirect());
      };
      const redirect = await client.handleRedirect();
      return [redirect?.token.access_token, await Promise.all(inner), client.token()?.access_token, location.href];
    }, OPTIONS);
    assert.deepEqual(seen, ['AT', [null], 'AT', OPTIONS.redirect_uri]);
  });

  test('a webview passes the URL that it was opened with, and the page stays where it is', async () => {
    const options = { ...OPTIONS, redirect_uri: 'com.example.app:/cb' };
    const { state } = await app.startLogin(options);
    const before = await app.place();
    const url = response(state, options);
    assert.equal((await app.handleRedirect(options, url)).value?.token.access_token, 'AT');
    assert.equal((await app.handleRedirect(options, url)).value?.token.access_token, 'AT', 'the same outcome');
    const outcome = await app.evaluate(
      ({ options, url }) => settle(async () => (await clientFor(options)).handleRedirect(new URL(url))),
      { options, url },
    );
    assert.equal(outcome.value?.token.access_token, 'AT', 'a URL object');
    assert.deepEqual(await app.place(), before);
  });
});
