// tests/vectors/callbacks.expanded.json in Chromium, through both entries. tests/vectors.rs runs the same file natively.
import { before, test } from 'node:test';
import assert from 'node:assert/strict';
import { eachEntry, openApp } from './harness/page.mjs';
import { callbacks, expand, expanded, goodUrl, optionsOf, urlsOf } from './harness/vectors.mjs';

test('every vector is expanded, or the expanded file says where it is tested', () => {
  const { cases, elsewhere } = expanded;
  const covered = new Set([...cases.map(({ vector }) => vector), ...elsewhere.map(({ vector }) => vector)]);
  assert.deepEqual(callbacks.map(({ id }) => id).filter((id) => !covered.has(id)), []);
  assert.ok(elsewhere.every(({ reason }) => reason.length > 10));
  assert.equal(new Set(cases.map(({ id }) => id)).size, cases.length, 'ids are unique');
});

test('an expanded case says what its vector says', () => {
  // H106 without the mode that it asks for, and URLs that are handed in and so stand in no address bar.
  const differs = new Set(['H106b', 'H103', 'H104a', 'H104b', 'H104c']);
  const vectors = new Map(callbacks.map((vector) => [vector.id, vector]));
  for (const given of expanded.cases.filter(({ vector, id }) => vector && !differs.has(id))) {
    const vector = vectors.get(given.vector);
    assert.equal(given.expect, vector.expect.split(' ')[0], given.id);
    assert.equal(given.code, vector.code, given.id);
    assert.equal(given.scrub, vector.scrub, given.id);
    if ('consume_pending' in vector) {
      assert.equal(given.consume_pending, vector.consume_pending, given.id);
    }
  }
});

eachEntry((entry) => {
  // One tab for all cases: each starts with empty storages and clients of its own.
  let app;
  before(async () => {
    app = await openApp(undefined, { entry });
    await app.open('/start');
  });

  for (const given of expanded.cases) {
    test(`${given.id} ${given.rule ?? given.vector}: ${given.code ?? given.expect}`, () => runCase(app, given));
  }

  for (const given of expanded.cases.filter(({ expect }) => expect === 'REJECT')) {
    test(`P16 ${given.id}: ${given.code} leaves the session as it was`, () => runInSession(app, given));
  }
});

async function runCase(app, given) {
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
async function runInSession(app, given) {
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
        entries: navigation.entries().map((entry) => entry.url),
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
