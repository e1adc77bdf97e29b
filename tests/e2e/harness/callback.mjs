// Plays a case of tests/vectors/callbacks.expanded.json in a page.
import assert from 'node:assert/strict';
import { expand, goodUrl, optionsOf, urlsOf } from './vectors.mjs';

/** The case's response, and what became of it, of the address bar, of the record and of the history. */
export async function runCase(app, given) {
  const state = await prepare(app, given);
  const { url, left } = urlsOf(given, state);
  const isHandedIn = Boolean(given.options?.given);
  if (!isHandedIn) {
    await app.arrive(url);
  }

  const { before, outcome, after, follow } = await handle(app, given, state, isHandedIn ? url : undefined);
  assert.ok(isHandedIn || before.url === url, 'the page stands at the response');
  checkOutcome(given, outcome);
  assert.equal(after.url, isHandedIn ? before.url : left, 'the address bar');
  assert.ok(before.length < 50, 'the history has room for an entry more');
  assert.equal(after.length, before.length, 'history.length');
  if (given.scrub) {
    assert.ok(!after.entries.includes(url), 'the history');
  }
  if (given.consume_pending === false) {
    assert.deepEqual(after.stores, before.stores, 'nothing that is stored was touched');
  }
  if (!given.options?.prior) {
    assert.equal(follow.value?.token.access_token === 'AT', !given.consume_pending, 'the fate of the record');
  }
}

/** The response, handed to a client that has a token. */
export async function runInSession(app, given) {
  const state = await prepare(app, given);
  const options = optionsOf(given);
  const { thrown, tokens } = await app.evaluate(
    async ({ age, options, good, url }) => {
      const client = await clientFor(options);
      const other = (await client.authorizationUrl()).searchParams.get('state');
      await client.handleRedirect(good.replace('=AT&', '=BEFORE&').replace('{S}', other));
      const before = client.token();
      const { now } = Date;
      Date.now = () => now() + age * 1000;
      const outcome = await settle(() => client.handleRedirect(url));
      Date.now = now;
      return { ...outcome, tokens: [before, client.token()] };
    },
    { age: given.options?.pending_age ?? 0, options, good: goodUrl(given, '{S}'), url: urlsOf(given, state).url },
  );
  assert.equal(thrown?.code, given.code);
  assert.equal(tokens[0]?.access_token, 'BEFORE');
  assert.deepEqual(tokens[1], tokens[0]);
}

/** The options of the client that started the login. */
function starterOf(given) {
  const options = optionsOf(given);
  return { ...options, client_id: given.options?.pending_client_id ?? options.client_id };
}

/**
 * Empty storages, and then what a case presumes: a login under way, and perhaps its response handled
 * before. Gives the state.
 */
async function prepare(app, given) {
  const state = await app.evaluate(async (starter) => {
    sessionStorage.clear();
    localStorage.clear();
    forgetClients();
    return (await (await clientFor(starter)).authorizationUrl()).searchParams.get('state');
  }, starterOf(given));
  if (given.options?.prior === 'replay') {
    const prior = await app.handleRedirect(optionsOf(given), goodUrl(given, state));
    assert.equal(prior.value?.token.access_token, 'AT');
  }
  return state;
}

/**
 * Handles a response so many seconds after its login as the case says, with a look at the page before
 * and after; then, at the login's own time, the good response to the same login.
 */
function handle(app, given, state, url) {
  return app.evaluate(
    async ({ age, options, starter, url, good }) => {
      const look = () => ({
        url: location.href,
        length: history.length,
        // Not every engine shows it to a page.
        entries: globalThis.navigation?.entries().map((entry) => entry.url) ?? [],
        stores: { session: { ...sessionStorage }, local: { ...localStorage } },
      });
      const client = await clientFor(options);
      const { now } = Date;
      const before = look();
      Date.now = () => now() + age * 1000;
      const outcome = await settle(() => (url === undefined ? client.handleRedirect() : client.handleRedirect(url)));
      outcome.called = Math.floor(Date.now() / 1000);
      Date.now = now;
      const after = look();
      const follow = await settle(async () => (await clientFor(starter)).handleRedirect(good));
      return { before, outcome, after, follow };
    },
    {
      age: given.options?.pending_age ?? 0,
      options: optionsOf(given),
      starter: starterOf(given),
      url,
      good: goodUrl(given, state),
    },
  );
}

function checkOutcome(given, { value, thrown, called }) {
  if (given.expect === 'IGNORE') {
    assert.deepEqual({ value, code: thrown?.code }, { value: null, code: undefined });
  } else if (given.expect === 'REJECT') {
    assert.equal(thrown?.code, given.code);
    assert.equal(thrown.name, 'OAuthError');
    for (const name of ['error', 'error_description', 'error_uri'].filter((name) => name in given)) {
      assert.equal(thrown[name], given[name] === null ? undefined : expand(given[name]), name);
    }
  } else {
    assert.equal(thrown?.code, undefined);
    checkToken(given, value.token, called);
  }
}

function checkToken(given, token, called) {
  assert.equal(token.token_type, 'Bearer');
  assert.equal(token.access_token, given.token);
  if ('scope' in given) {
    assert.equal(token.scope, given.scope ?? undefined);
  }
  if (given.expires_in === null) {
    assert.ok(!('expires_at' in token), 'unknown is absent');
  } else if ('expires_in' in given) {
    const late = called - (token.expires_at - given.expires_in);
    assert.ok(late >= 0 && late <= 2, `expires_at is ${late} s off`);
  }
  if ('expires_at_least' in given) {
    assert.ok(Number.isSafeInteger(token.expires_at) && token.expires_at >= given.expires_at_least);
  }
}
