// Inputs that nobody thought of, through the packed door: each is a vector with a few changes, and the same on every run.
// `CLAVIGER_FUZZ_SEED` begins elsewhere, `CLAVIGER_FUZZ_INPUTS` makes more of them.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { claviger, settle } from './harness/package.mjs';

const { OAuthError, challenges, createClient, requestToken } = claviger;
const SEED = Number(process.env.CLAVIGER_FUZZ_SEED ?? 1);
const INPUTS = Number(process.env.CLAVIGER_FUZZ_INPUTS ?? 3000);
const TOKEN = 'PlantedToken-2YotnFZFEjr1zCsicMWpAA';
const SECRET = 'PlantedSecret-gX1fBat3bV';
const PIECES = ['&', '=', '#', '?', '%', '%00', '%26', '%zz', '+', '"', '\\', ',', '{', '}', '[', ']', 'null', '\u0000', '\u{1f511}', '\ud800', 'ä', 'state={S}', '{S}', `access_token=${TOKEN}`, 'token_type=Bearer', 'code=C', 'error=access_denied', 'iss=', 'expires_in=1e400', '/', '//', 'Bearer ', 'error="invalid_token"'];

const vectors = (name) => JSON.parse(readFileSync(new URL(`../vectors/${name}.json`, import.meta.url), 'utf8')).cases;

/** Numbers below a bound, the same for the same seed (mulberry32). */
function numbers(seed) {
  let state = seed;
  return (bound) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % bound;
  };
}

/** Inputs that are made of these texts. */
function* inputs(texts) {
  const below = numbers(SEED);
  for (let count = 0; count < INPUTS; count++) {
    let text = texts[below(texts.length)];
    for (let changes = below(4); changes >= 0; changes--) {
      const [from, to] = [below(text.length + 1), below(text.length + 1)].sort((a, b) => a - b);
      const other = texts[below(texts.length)];
      text = [
        () => text.slice(0, from) + PIECES[below(PIECES.length)] + text.slice(from),
        () => text.slice(0, from) + text.slice(Math.min(to, from + 8)),
        () => text.slice(0, to) + text.slice(from),
        () => text.slice(0, from) + other.slice(below(other.length + 1)),
        () => text.slice(0, from) + String.fromCharCode(below(256)) + text.slice(from + 1),
      ][below(5)]();
    }
    yield text.slice(0, 4000);
  }
}

/** That a refusal is one of the package's own, made by a module that has not stopped, and shows nothing. */
function refused(thrown, secrets, input) {
  assert.ok(thrown instanceof OAuthError, `${JSON.stringify(input)}: ${thrown?.stack}`);
  assert.notEqual(thrown.code, 'module_failed', JSON.stringify(input));
  for (const secret of secrets) assert.ok(!`${thrown.message} ${thrown.stack}`.includes(secret), JSON.stringify(input));
}

const isToken = (text) => /^[!-~]+$/.test(text);

/** The values of a name in a part of a URL, as the platform reads them. */
const valuesIn = (part, name) => new URLSearchParams(part).getAll(name).filter((value) => value !== '');

for (const response_type of ['token', 'code']) {
  test(`no response stops the module, and none is accepted without the state of its login: ${response_type}`, async (t) => {
    t.mock.method(globalThis, 'fetch', async () => Response.json({ access_token: TOKEN, token_type: 'Bearer' }));
    const client = await createClient({
      server: { authorization_endpoint: 'https://as.example/authorize', token_endpoint: 'https://as.example/token' },
      client_id: 'spa', redirect_uri: 'https://app.example/cb', response_type, stateStore: 'memory',
    });
    const texts = vectors('callbacks.expanded').map(({ response }) => response).filter((response) => typeof response === 'string');
    const name = response_type === 'code' ? 'code' : 'access_token';
    const marked = texts.map((text) => (response_type === 'code' ? text.replaceAll('access_token', 'code').replace('#', '?') : text.replaceAll('=AT', `=${TOKEN}`)));
    const seen = { accepted: 0, refused: 0, ignored: 0 };
    for (const input of inputs(marked)) {
      const state = (await client.authorizationUrl()).searchParams.get('state');
      const url = `https://app.example/cb${input.replaceAll('{S}', state)}`;
      if (!URL.canParse(url)) continue;
      const { value, thrown } = await settle(client.handleRedirect(url));
      if (thrown) {
        refused(thrown, [state, TOKEN], input);
        seen.refused++;
      } else if (value === null) {
        assert.equal(client.token(), null, JSON.stringify(input));
        seen.ignored++;
      } else {
        const { search, hash } = new URL(url);
        // A state may stand in the query, beside a response in the fragment.
        const states = (part) => [...new Set([part, search.slice(1)].flatMap((text) => valuesIn(text, 'state')))];
        const fits = (part) => states(part).join() === state && valuesIn(part, name).length === 1 && valuesIn(part, 'error').length === 0;
        assert.ok(fits(search.slice(1)) || fits(hash.slice(1).replace(/^[!/#?]*/, '')), JSON.stringify(input));
        assert.ok(isToken(value.token.access_token), JSON.stringify(input));
        await client.logout();
        refused((await settle(client.handleRedirect(url))).thrown, [state, TOKEN], input);
        seen.accepted++;
      }
    }
    // Chance has been on all three ways.
    for (const [way, count] of Object.entries(seen)) assert.ok(count > 10, `${way}: ${count}`);
  });
}

test('no answer of a token endpoint stops the module, and none gives what is no token', async (t) => {
  const bodies = vectors('token_responses').map(({ body }) => body).filter((body) => typeof body === 'string');
  const request = {
    server: { token_endpoint: 'https://as.example/token' },
    client_id: 'spa', client_secret: SECRET, grant_type: 'client_credentials',
  };
  let answer;
  t.mock.method(globalThis, 'fetch', async () => new Response(answer, { headers: { 'Content-Type': 'application/json' } }));
  let accepted = 0;
  for (const input of inputs(bodies)) {
    answer = input;
    const { value, thrown } = await settle(requestToken(request));
    if (thrown) {
      refused(thrown, [SECRET], input);
      continue;
    }
    // The platform's own reading, in which an unpaired surrogate has become a replacement already.
    const read = JSON.parse(new TextDecoder().decode(new TextEncoder().encode(input)));
    assert.equal(value.access_token, read.access_token, JSON.stringify(input));
    assert.ok(isToken(value.access_token), JSON.stringify(input));
    assert.equal(read.token_type.toLowerCase(), 'bearer', JSON.stringify(input));
    accepted++;
  }
  assert.ok(accepted > 10, String(accepted));
});

test('no challenge stops the module, and each is read with its names once', () => {
  const headers = ['Basic realm="simple", Newauth realm="apps", type=1, title="Login to \\"apps\\""', 'Bearer realm="example", error="invalid_token"', 'Negotiate a87421000492aa874209af8bc028==, Bearer'];
  for (const input of inputs(headers)) {
    // What a header can hold.
    const header = input.replaceAll(/[^\x20-\x7e\x80-\xff]/g, '');
    const read = challenges(new Response(null, { headers: { 'WWW-Authenticate': header } }));
    for (const { scheme, parameters } of read) {
      assert.match(scheme, /^[\w!#$%&'*+.^`|~-]+$/, JSON.stringify(header));
      for (const [name, value] of Object.entries(parameters)) {
        assert.equal(name, name.toLowerCase(), JSON.stringify(header));
        assert.equal(typeof value, 'string');
      }
    }
  }
});
