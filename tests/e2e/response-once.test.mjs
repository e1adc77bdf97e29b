// A response counts once: asked for twice as by StrictMode, used again, or come back to by Back.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { eachEntry, OPTIONS, response, useApp } from './harness/page.mjs';

eachEntry((entry) => {
  const app = useApp({ entry });

  /** Calls handleRedirect so often, at once or one after the other, with what the listeners and the store were told. */
  const handleTwice = (isAtOnce) =>
    app.evaluate(
      async ({ options, isAtOnce }) => {
        const client = await clientFor(options);
        const events = [];
        client.subscribe(({ type }) => events.push(type));
        const call = () => client.handleRedirect().then((value) => ({ value }), (error) => ({ error }));
        const first = call();
        const [a, b] = isAtOnce ? await Promise.all([first, call()]) : [await first, await call()];
        return { isSame: a.value === b.value && a.error === b.error, value: a.value, code: a.error?.code, events };
      },
      { options: OPTIONS, isAtOnce },
    );

  for (const isAtOnce of [true, false]) {
    const how = isAtOnce ? 'at once' : 'one after the other';
    test(`H109: StrictMode: two calls ${how} give the same outcome and one login`, async () => {
      const { state } = await app.startLogin();
      await app.arrive(response(state));
      const { isSame, value, events } = await handleTwice(isAtOnce);
      assert.deepEqual([isSame, value?.token.access_token, events], [true, 'AT', ['login']]);
    });

    test(`H109: StrictMode: two calls ${how} throw the same error`, async () => {
      await app.arrive(response('attacker'));
      const { isSame, code, events } = await handleTwice(isAtOnce);
      assert.deepEqual([isSame, code, events], [true, 'unknown_state', []]);
    });
  }

  test('H109: the outcome is forgotten with the next login, and with logout', async () => {
    for (const forget of ['authorizationUrl', 'logout']) {
      const { state } = await app.startLogin();
      assert.ok((await app.receive(response(state))).value);
      await app.evaluate(async ({ options, forget }) => (await clientFor(options))[forget](), { options: OPTIONS, forget });
      assert.deepEqual(await app.handleRedirect(), { value: null });
    }
  });

  test('rule S2: H110: a used fragment that comes back is a replay, and the session stays', async () => {
    const { state } = await app.startLogin();
    assert.ok((await app.receive(response(state))).value);
    await app.evaluate((url) => location.assign(url), response(state, { token: 'OLD' }));
    const { thrown } = await app.handleRedirect();
    assert.equal(thrown?.code, 'state_replayed');
    assert.equal((await app.token()).access_token, 'AT');
    assert.equal((await app.place()).url, OPTIONS.redirect_uri);
  });

  test('H110: Back to a page that the browser kept finds it signed in, and Back to one that it did not finds no response', async () => {
    const { state } = await app.startLogin();
    await app.open(response(state));
    assert.ok((await app.handleRedirect()).value);
    await app.open('/elsewhere');
    await app.page.goBack({ waitUntil: 'commit' });
    assert.equal((await app.place()).url, OPTIONS.redirect_uri);
    assert.equal((await app.token()).access_token, 'AT');
    await app.page.reload();
    assert.deepEqual(await app.handleRedirect(), { value: null });
    assert.equal(await app.token(), null);
  });
});
