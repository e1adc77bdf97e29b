// Signs in on the demo's page as a person would, in headless Chromium, and prints each step once it is proved.
// No token and no state is printed. Usage: CLAVIGER_CHROMIUM=… CLAVIGER_DEMO=… node demo-check.mjs
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { stripVTControlCharacters } from 'node:util';

const { chromium } = createRequire(new URL('../tests/package.json', import.meta.url))('playwright-core');
const demo = JSON.parse(process.env.CLAVIGER_DEMO);

const ROOT = ['--no-sandbox'];
const QUIET = [
  '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
];
const browser = await chromium.launch({
  executablePath: process.env.CLAVIGER_CHROMIUM,
  // Chromium's sandbox refuses to run as root.
  args: process.getuid?.() === 0 ? [...ROOT, ...QUIET] : QUIET,
});

let last = 'the start';
function seen(step, fact) {
  last = step;
  console.log(`  ${step.padEnd(16)} ${fact}`);
}

/** Its failure is told where it is awaited, and not before. */
function awaitedLater(promise) {
  promise.catch(() => {});
  return promise;
}

try {
  await signIn(await browser.newPage());
} catch (error) {
  console.error(`After ${last}: ${stripVTControlCharacters(error.message)}`);
  process.exitCode = 1;
} finally {
  await browser.close();
}

async function signIn(page) {
  page.setDefaultTimeout(20_000);
  const said = [];
  page.on('console', (message) => said.push(message.text()));
  page.on('pageerror', (error) => said.push(String(error)));

  await page.goto(`${demo.app}/`);
  const requests = [];
  page.on('request', (request) => requests.push(request));
  const authorize = awaitedLater(page.waitForRequest((request) => new URL(request.url()).pathname === '/oauth/authorize'));
  await page.click('#sign-in-start');
  const authorizationUrl = new URL((await authorize).url());
  assert.equal(authorizationUrl.origin, demo.server, 'the authorize URL is at another server');
  const parameters = authorizationUrl.searchParams;
  assert.equal(parameters.get('response_type'), 'token');
  assert.equal(parameters.get('redirect_uri'), `${demo.app}/`);
  const state = parameters.get('state');
  assert.match(state, /^[\w-]{43,}$/, 'the state is no base64url of 32 bytes');
  seen('authorize URL', `${[...parameters.keys()].join(', ')}; the state has ${state.length} characters`);

  await page.fill('[name=email]', 'ada@example.com');
  await page.fill('[name=password]', 'demo');
  await page.click('#sign-in');
  await page.waitForSelector('#allow');
  seen('login', 'ada@example.com');

  const redirect = awaitedLater(page.waitForResponse((response) => response.headers().location?.startsWith(`${demo.app}/`)));
  const profile = awaitedLater(page.waitForResponse((response) =>
    new URL(response.url()).pathname === '/api/v2/profile' && response.request().method() === 'GET'));
  await page.click('#allow');
  seen('consent', 'Allow');

  const { hash, search } = new URL((await redirect).headers().location);
  const answer = new URLSearchParams(hash.slice(1));
  assert.equal(search, '', 'the answer is in the query');
  assert.equal(answer.get('token_type'), 'Bearer');
  const token = answer.get('access_token');
  assert.ok(token, 'the redirect carries no token');
  seen('redirect', `${[...answer.keys()].join(', ')} in the fragment`);

  assert.equal(answer.get('state'), state, 'the state that came back is another one');
  await page.waitForSelector('#steps li[data-step=verified]', { state: 'attached' });
  const stored = await page.evaluate(() => [sessionStorage, localStorage].flatMap((store) => Object.entries(store).flat()));
  assert.ok(!stored.some((text) => text.includes(state)), 'the storage still holds the state');
  seen('state verified', 'it is the one that was sent; the storage no longer holds it');

  const response = await profile;
  await page.waitForSelector('#steps li[data-step=scrubbed]', { state: 'attached' });
  const place = await page.evaluate(() => ({ url: location.href, state: JSON.stringify(history.state) }));
  assert.equal(place.url, `${demo.app}/`, 'the address bar is not clean');
  const session = await page.context().newCDPSession(page);
  const { entries } = await session.send('Page.getNavigationHistory');
  const places = [place.state, ...entries.flatMap(({ url, userTypedURL }) => [url, userTypedURL])];
  assert.ok(!places.some((text) => text?.includes(token)), 'the history holds the token');
  seen('URL clean', `${place.url}; no entry of the history holds the token`);

  assert.equal(response.status(), 200);
  assert.equal((await response.request().allHeaders()).authorization, `Bearer ${token}`, 'the request carries no such header');
  const name = (await response.json()).name;
  assert.ok(name, 'the profile has no name');
  await page.waitForFunction((name) => document.querySelector('#profile-name')?.textContent.trim() === name, name);
  for (const step of ['state', 'redirect', 'fragment', 'header', 'profile']) {
    await page.waitForSelector(`#steps li[data-step=${step}]`, { state: 'attached' });
  }
  seen('profile', `GET /api/v2/profile 200: ${name}`);

  const shown = [await page.content(), ...said].join('\n');
  assert.ok(!shown.includes(token) && !shown.includes(state), 'the page or its console shows a secret');
  assert.ok(!requests.some((request) => request.url().includes(token)), 'a request carries the token in its URL');
  seen('nothing leaked', 'neither the page, its console nor a URL that was asked for holds the token');
}
