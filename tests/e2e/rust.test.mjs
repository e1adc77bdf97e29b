// The page in Rust, examples/page: the crate's `browser` in a program as its users write them.
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { examplesOf } from './harness/examples.mjs';
import { openTab } from './harness/page.mjs';
import { countStorage, readRecords, readStores, takeOperations } from './harness/store.mjs';

const { app: origin, server } = JSON.parse(process.env.CLAVIGER_RUST_PAGE);
const home = `${origin}/`;
const EARLY = `${origin}/pkg/wasm/early.js`;
const CONFIG = `${origin}/config.json`;
const read = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
/** A state of ours by its looks, and nobody's. */
const NOBODYS = 'A'.repeat(43);

/** The page in a tab of its own. */
async function openPage(t, { config = {}, withoutEarly, init } = {}) {
  const app = await openTab(t, { origin, init });
  if (withoutEarly) {
    await app.world.context.route(EARLY, (route) => route.fulfill({ contentType: 'text/javascript', body: '' }));
  }
  await configure(app, config);
  await app.open('/');
  return app;
}

/** Changes what the page is told of its server and of its registration. */
function configure(app, config) {
  return app.world.context.route(CONFIG, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...(await response.json()), ...config } });
  });
}

/** What the page says once it says something, and the code of an error. */
async function shown({ page }) {
  const output = page.locator('#shown:not(:text-is("Loading"))');
  return { text: await output.textContent(), code: await output.getAttribute('data-code') };
}

/** From the page to the server and back, with the user's answer; the URL that the server sent the user to. */
async function answerAtServer(app, button = '#allow') {
  const { page } = app;
  assert.deepEqual(await shown(app), { text: 'Signed out', code: '' });
  await page.click('#sign-in');
  await page.fill('[name=email]', 'ada@example.com');
  await page.fill('[name=password]', 'demo');
  await page.click('#sign-in');
  const redirect = page.waitForResponse((response) => response.headers().location?.startsWith(home));
  await page.click(button);
  return (await redirect).headers().location;
}

/** Starts a login whose user never comes back from the server; the URL that the user went to. */
async function abandonLogin(app) {
  assert.equal((await shown(app)).text, 'Signed out');
  const asked = app.page.waitForRequest((request) => request.url().startsWith(`${server}/oauth/authorize`));
  await app.page.click('#sign-in');
  const url = new URL((await asked).url());
  await app.page.waitForURL(`${server}/**`);
  return url;
}

const isCall = ({ url }) => url.startsWith(`${server}/api/`);
const good = (state) => `${home}#access_token=AT&token_type=Bearer&expires_in=3600&state=${state}`;

/** The page at a response: a document of its own, also where only the fragment differs. */
async function arrive(app, url) {
  await app.page.goto('about:blank');
  await app.page.goto(url);
  return shown(app);
}

for (const withoutEarly of [false, true]) {
  test(`a sign-in ${withoutEarly ? 'without' : 'with'} claviger/early: the profile, a clean address bar and history, a record that is used`, async (t) => {
    const app = await openPage(t, { withoutEarly });
    const redirect = await answerAtServer(app);
    assert.deepEqual(await shown(app), { text: 'Ada Lovelace', code: '' });
    assert.equal((await app.place()).url, home);
    const token = new URLSearchParams(new URL(redirect).hash.slice(1)).get('access_token');
    assert.ok(token);
    assert.ok(!(await app.history()).some((url) => url.includes(token)));
    assert.ok(!JSON.stringify(await readStores(app)).includes(token));
    const records = Object.values(await readRecords(app));
    assert.equal(records.length, 1);
    assert.match(records[0], /^v=1&used=\d+&key=[\w-]{22}$/);
    assert.deepEqual(app.requests.filter(isCall).map(({ method, url, headers }) => [method, url, headers.authorization]), [
      ['GET', `${server}/api/v2/profile`, `Bearer ${token}`],
    ]);

    assert.deepEqual((await arrive(app, redirect)).code, 'state_replayed');
    assert.equal((await app.place()).url, home);
    assert.deepEqual(app.messages, []);
  });
}

test('signed out by the button, and signed in again', async (t) => {
  const app = await openPage(t);
  await answerAtServer(app);
  assert.equal((await shown(app)).text, 'Ada Lovelace');
  await app.page.click('#sign-out');
  assert.equal((await shown(app)).text, 'Signed out');
  await app.page.click('#sign-in');
  await app.page.click('#allow');
  await app.page.locator('#shown', { hasText: 'Ada Lovelace' }).waitFor();
});

test("a signal of Leptos's follows the session", async (t) => {
  const app = await openPage(t);
  const isSignedIn = async (text) => {
    await app.page.locator('#shown', { hasText: text }).waitFor();
    return app.page.locator('#sign-out').isEnabled();
  };
  assert.equal(await isSignedIn('Signed out'), false);
  await answerAtServer(app);
  assert.equal(await isSignedIn('Ada Lovelace'), true);
  await app.page.click('#sign-out');
  await app.page.locator('#sign-out:disabled').waitFor();

  const bodyOf = (text) => text.slice(text.indexOf('pub fn'), text.indexOf('\n}\n'));
  assert.equal(bodyOf(examplesOf('frameworks').leptos), bodyOf(read('examples/page/src/signal.rs')));
});

test('the authorize URL is the one of the npm package', async (t) => {
  const app = await openPage(t);
  const url = await abandonLogin(app);
  const state = url.searchParams.get('state');
  assert.match(state, /^[\w-]{43}$/);
  assert.equal(url.href, `${server}/oauth/authorize?response_type=token&client_id=city-issues&redirect_uri=${encodeURIComponent(home)}&state=${state}`);
});

test('refused by the user: the code, and a clean address bar', async (t) => {
  const app = await openPage(t);
  await answerAtServer(app, '#deny');
  assert.equal((await shown(app)).code, 'authorization_error');
  assert.equal((await app.place()).url, home);
});

test('a forged callback is refused, sends nothing, and ends no login under way', async (t) => {
  const app = await openPage(t);
  const state = (await abandonLogin(app)).searchParams.get('state');
  for (const [url, code] of [
    [good(NOBODYS), 'unknown_state'],
    [`${home}#access_token=AT&token_type=Bearer`, 'missing_state'],
    [`${home}#error=access_denied&state=${NOBODYS}`, 'unknown_state'],
    [`${good(state)}&state=${state}`, 'duplicate_parameter'],
  ]) {
    assert.equal((await arrive(app, url)).code, code);
    assert.equal((await app.place()).url, home);
  }
  assert.deepEqual(app.requests.filter(isCall), []);
  // A token that the server doesn't know, in an answer that is right.
  assert.deepEqual(await arrive(app, good(state)), { text: 'The server said 401.', code: '' });
});

test('what is no response stays in the address bar', async (t) => {
  const app = await openPage(t);
  for (const rest of ['?tab=2&state=TX#/route?a=b', '#section', '#state=open']) {
    assert.deepEqual(await arrive(app, home + rest), { text: 'Signed out', code: '' });
    assert.equal((await app.place()).url, home + rest);
  }
});

test("another client's response stays for that client, outside of the address bar", async (t) => {
  const app = await openPage(t);
  const state = (await abandonLogin(app)).searchParams.get('state');
  await configure(app, { client_id: 'other' });
  assert.equal((await arrive(app, good(state))).code, 'state_wrong_client');
  assert.equal((await app.place()).url, home);
  assert.deepEqual(await app.evaluate(() => globalThis[Symbol.for('claviger')]), [good(state), home]);
  await configure(app, {});
  assert.equal((await arrive(app, good(state))).text, 'The server said 401.');
});

test('rule M10: a token that lives 3 s is of use while it lives', async (t) => {
  const app = await openPage(t, { config: { client_id: 'city-issues-short' } });
  await answerAtServer(app);
  assert.deepEqual([(await shown(app)).code, app.requests.filter(isCall).length], ['', 1]);
});

test('metadata of the wrong types is an error that says what it must be', async (t) => {
  const listen = () => addEventListener('unhandledrejection', ({ reason }) => (globalThis.rejection = reason));
  const app = await openPage(t, { init: [listen] });
  for (const [config, sentence] of [
    [{ authorization_endpoint: 1 }, /^server must be an object/],
    [{ issuer: 1 }, /^server must be an object/],
    [{ authorization_response_iss_parameter_supported: 'true' }, /^server must be an object/],
    [{ issuer: undefined, authorization_response_iss_parameter_supported: true }, /^server\.issuer must be there/],
    [{ authorization_endpoint: '/authorize' }, /^server\.authorization_endpoint must be an absolute URL/],
    [{ authorization_endpoint: 'http://as.example/authorize' }, /^server\.authorization_endpoint must be an absolute https:/],
    [{ api: 'api' }, /^url must be an absolute URL/],
  ]) {
    await configure(app, config);
    const thrown = app.page.waitForEvent('pageerror');
    await app.open('/');
    assert.match((await thrown).message, sentence);
    assert.equal(await app.evaluate(() => globalThis.rejection?.code), 'invalid_option');
  }
});

test('an issuer that the metadata names, and promises, is asked for', async (t) => {
  const app = await openPage(t, { config: { issuer: server, authorization_response_iss_parameter_supported: true } });
  const state = (await abandonLogin(app)).searchParams.get('state');
  assert.equal((await arrive(app, good(state))).code, 'issuer_missing');
});

const REFUSED = [
  ['a getter that throws', () => Object.defineProperty(globalThis, 'sessionStorage', { get() { throw new DOMException('Access is denied.', 'SecurityError'); } })],
  ['absent', () => Object.defineProperty(globalThis, 'sessionStorage', { get: () => null })],
  ['methods that throw', () => ['getItem', 'setItem', 'removeItem'].forEach((name) => {
    Storage.prototype[name] = () => { throw new DOMException('The operation is insecure.', 'SecurityError'); };
  })],
];
for (const [how, init] of REFUSED) {
  test(`storage that is refused, ${how}: a typed error, and a clean address bar`, async (t) => {
    const app = await openPage(t, { init: [init] });
    assert.equal((await shown(app)).text, 'Signed out');
    await app.page.click('#sign-in');
    await app.page.locator('[data-code=storage_unavailable]').waitFor();
    assert.equal((await arrive(app, good(NOBODYS))).code, 'storage_unavailable');
    assert.equal((await app.place()).url, home);
  });
}

test('a login takes four operations on the storage, on keys of its own', async (t) => {
  const app = await openPage(t, { init: [countStorage] });
  assert.equal((await shown(app)).text, 'Signed out');
  const asked = app.page.waitForRequest((request) => request.url().startsWith(`${server}/oauth/authorize`));
  const started = await app.evaluate(() => {
    document.querySelector('#sign-in').click();
    return globalThis.storageOperations.splice(0);
  });
  const state = new URL((await asked).url()).searchParams.get('state');
  await app.page.waitForURL(`${server}/**`);
  await arrive(app, good(state));
  const finished = await takeOperations(app);
  const names = [started, finished].map((operations) => operations.map(([name]) => name));
  assert.deepEqual(names, [['getItem', 'setItem'], ['getItem', 'setItem']]);
  assert.ok([...started, ...finished].every(([, key]) => key.startsWith('claviger:')));
});

test("the crate's README has the page's Rust", () => {
  const [, inReadme] = /<!-- page -->\n```rs\n([^]*?)```\n<!-- \/page -->/.exec(read('src/README.md'));
  const [, inPage] = /\/\/ <readme>\n([^]*?)\/\/ <\/readme>/.exec(read('examples/page/src/lib.rs'));
  assert.equal(inReadme, inPage);
  const [, openidInReadme] = /<!-- page openid -->\n```rs\n([^]*?)```\n<!-- \/page openid -->/.exec(read('src/README.md'));
  const [, openidInPage] = /\/\/ <readme>\n([^]*?)\/\/ <\/readme>/.exec(read('examples/page/src/openid.rs'));
  assert.equal(openidInReadme, openidInPage);
});
