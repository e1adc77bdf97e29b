// Signs in on the demo's page as a person would, in headless Chromium, with each of its flows, and prints each step
// once it is proved. No secret is printed. Usage: CLAVIGER_CHROMIUM=… CLAVIGER_DEMO=… node demo-check.mjs
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { stripVTControlCharacters } from 'node:util';

const { chromium } = createRequire(new URL('../tests/package.json', import.meta.url))('playwright-core');
const demo = JSON.parse(process.env.CLAVIGER_DEMO);
const home = `${demo.app}/`;

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

/** How the flows differ; all else is the same journey. */
const FLOWS = {
  code: { title: 'authorization code with PKCE', part: 'query', steps: 9, ask: askForCode, redeem: exchangeCode, goOn: renewTwice },
  token: { title: 'implicit', part: 'fragment', steps: 7, ask: askForToken, redeem: readToken, goOn: () => {} },
};

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
  for (const responseType of Object.keys(FLOWS)) {
    const context = await browser.newContext();
    await signIn(await open(context), responseType);
    await context.close();
  }
} catch (error) {
  console.error(`After ${last}: ${stripVTControlCharacters(error.message)}`);
  process.exitCode = 1;
} finally {
  await browser.close();
}

/** A page, and all that it has said and asked for. */
async function open(context) {
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const said = [];
  page.on('console', (message) => said.push(message.text()));
  page.on('pageerror', (error) => said.push(String(error)));
  const requests = [];
  page.on('request', (request) => requests.push(request));
  const cdp = await context.newCDPSession(page);
  const answers = [];
  // The package reads the token endpoint's answers as streams, and the browser keeps no copy of those.
  cdp.on('Fetch.requestPaused', async ({ requestId }) => {
    const { body, base64Encoded } = await cdp.send('Fetch.getResponseBody', { requestId });
    answers.push(JSON.parse(Buffer.from(body, base64Encoded ? 'base64' : 'utf8')));
    await cdp.send('Fetch.continueRequest', { requestId });
  });
  await cdp.send('Fetch.enable', { patterns: [{ urlPattern: `${demo.server}/oauth/token`, requestStage: 'Response' }] });
  return {
    page,
    /** What the token endpoint has answered so far. */
    answers,
    /** The requests so far that carry a form to this path of the server. */
    forms: (path) => requests.filter((request) => request.method() === 'POST' && request.url() === demo.server + path),
    ticked: (step) => page.waitForSelector(`#steps li[data-step=${step}]`, { state: 'attached' }),
    /** Where a secret could have been left; the address that the server redirected to is the answer itself. */
    async places(redirectUrl) {
      const { entries } = await cdp.send('Page.getNavigationHistory');
      const kept = await page.evaluate(() => [
        location.href, JSON.stringify(history.state), ...[sessionStorage, localStorage].flatMap((store) => Object.entries(store).flat()),
      ]);
      return {
        storage: kept.slice(2),
        history: [...kept.slice(0, 2), ...entries.flatMap(({ url, userTypedURL }) => [url, userTypedURL])],
        page: [await page.content()],
        console: said,
        requests: requests.map((request) => request.url()).filter((url) => url !== redirectUrl),
      };
    },
  };
}

async function signIn(tab, responseType) {
  const { page, ticked } = tab;
  const { title, part, steps, ask, redeem, goOn } = FLOWS[responseType];
  seen('flow', title);

  await page.goto(home);
  await page.waitForSelector('#sign-in-start:not([aria-disabled=true])');
  assert.ok(await page.isChecked('#flows [value=code]'), 'the code is not the first choice');
  await page.check(`#flows [value=${responseType}]`);
  const authorize = awaitedLater(page.waitForRequest((request) => new URL(request.url()).pathname === '/oauth/authorize'));
  await page.click('#sign-in-start');
  const authorizationUrl = new URL((await authorize).url());
  assert.equal(authorizationUrl.origin, demo.server, 'the authorize URL is at another server');
  const parameters = authorizationUrl.searchParams;
  assert.equal(parameters.get('response_type'), responseType);
  assert.equal(parameters.get('redirect_uri'), home);
  const state = parameters.get('state');
  assert.match(state, /^[\w-]{43,}$/, 'the state is no base64url of 32 bytes');
  seen('authorize URL', `${[...parameters.keys()].join(', ')}; the state has ${state.length} characters`);
  ask(parameters);

  await page.fill('[name=email]', 'ada@example.com');
  await page.fill('[name=password]', 'demo');
  await page.click('#sign-in');
  await page.waitForSelector('#allow');
  seen('login', 'ada@example.com');

  const redirect = awaitedLater(page.waitForResponse((response) => response.headers().location?.startsWith(home)));
  const profile = awaitedLater(page.waitForResponse((response) =>
    new URL(response.url()).pathname === '/api/v2/profile' && response.request().method() === 'GET'));
  await page.click('#allow');
  seen('consent', 'Allow');

  const redirectUrl = (await redirect).headers().location;
  const { search, hash } = new URL(redirectUrl);
  const [answered, other] = part === 'query' ? [search, hash] : [hash, search];
  assert.equal(other, '', `the answer is not in the ${part} alone`);
  const answer = new URLSearchParams(answered.slice(1));
  seen('redirect', `${[...answer.keys()].join(', ')} in the ${part}`);

  assert.equal(answer.get('state'), state, 'the state that came back is another one');
  await ticked('verified');
  assert.ok(!(await tab.places(redirectUrl)).storage.some((text) => text.includes(state)), 'the storage still holds the state');
  seen('state verified', 'it is the one that was sent; the storage no longer holds it');

  await ticked('scrubbed');
  assert.equal(page.url(), home, 'the address bar is not clean');
  seen('URL clean', page.url());

  const secrets = [state];
  let token = await redeem(tab, { parameters, answer, secrets });

  const response = await profile;
  assert.equal(response.status(), 200);
  assert.equal((await response.request().allHeaders()).authorization, `Bearer ${token}`, 'the request carries no such header');
  const name = (await response.json()).name;
  assert.ok(name, 'the profile has no name');
  await page.waitForFunction((name) => document.querySelector('#profile-name')?.textContent.trim() === name, name);
  for (const step of ['state', 'redirect', 'answer', 'header', 'profile']) {
    await ticked(step);
  }
  assert.equal(await page.textContent('#steps-count'), `${steps} of ${steps}`, 'the panel lists other steps');
  seen('profile', `GET /api/v2/profile 200: ${name}`);

  token = (await goOn(tab, secrets)) ?? token;
  await assertNothingLeaked(tab, redirectUrl, secrets);

  await page.click('#sign-out');
  await page.waitForSelector('#steps li[data-step=ended]:has-text("revoked at")', { state: 'attached' });
  const revoked = tab.forms('/oauth/revoke').map(formOf);
  assert.ok(revoked.some((form) => form.get('token') === token), 'the server was not asked to revoke the token');
  const afterwards = await fetch(`${demo.server}/api/v2/profile`, { headers: { authorization: `Bearer ${token}` } });
  assert.equal(afterwards.status, 401, 'the token still opens the API');
  seen('signed out', `${revoked.length} revoked at the server; the API answers 401 to the token`);

  await assertNothingLeaked(tab, redirectUrl, secrets);
  seen('nothing leaked', `of ${secrets.length} secrets, none is in the history, the storage, the page, its console or a URL asked for`);
}

async function assertNothingLeaked(tab, redirectUrl, secrets) {
  for (const [place, texts] of Object.entries(await tab.places(redirectUrl))) {
    // The first of them, the state, stands in the server's own addresses, too.
    const hidden = ['requests', 'history'].includes(place) ? secrets.slice(1) : secrets;
    assert.ok(!texts.some((text) => hidden.some((secret) => text?.includes(secret))), `a secret is left: ${place}`);
  }
}

// Implicit

function askForToken(parameters) {
  assert.ok(!parameters.has('code_challenge'), 'there is nothing to challenge');
}

/** The redirect brought the token. */
function readToken(tab, { answer, secrets }) {
  assert.equal(answer.get('token_type'), 'Bearer');
  const token = answer.get('access_token');
  assert.ok(token, 'the redirect carries no token');
  assert.equal(tab.forms('/oauth/token').length, 0, 'the token endpoint was asked');
  secrets.push(token);
  return token;
}

// Authorization code with PKCE

function askForCode(parameters) {
  assert.equal(parameters.get('code_challenge_method'), 'S256');
  assert.match(parameters.get('code_challenge'), /^[\w-]{43}$/, 'the challenge is no base64url of 32 bytes');
}

/** The one request that has the code gets the token. */
async function exchangeCode(tab, { parameters, answer, secrets }) {
  assert.ok(!answer.has('access_token'), 'the redirect carries a token');
  const code = answer.get('code');
  assert.ok(code, 'the redirect carries no code');
  await tab.ticked('challenge');
  await tab.ticked('exchanged');
  const exchanges = tab.forms('/oauth/token');
  assert.equal(exchanges.length, 1, 'the code was not used once');
  const form = formOf(exchanges[0]);
  assert.equal(form.get('grant_type'), 'authorization_code');
  assert.equal(form.get('code'), code, 'another code was exchanged');
  assert.equal(form.get('redirect_uri'), home);
  const verifier = form.get('code_verifier');
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  assert.equal(challenge, parameters.get('code_challenge'), 'the challenge is not the S256 of the verifier');
  const { access_token, refresh_token } = tab.answers[0];
  assert.ok(access_token && refresh_token, 'the answer lacks a token');
  seen('code exchanged', `${[...form.keys()].join(', ')}; the challenge was the S256 of the verifier`);
  secrets.push(code, verifier, access_token, refresh_token);
  return access_token;
}

/** Each time with the refresh token that came last. */
async function renewTwice(tab, secrets) {
  for (const round of [1, 2]) {
    await tab.page.click('#renew:not([aria-disabled=true])');
    await tab.page.waitForSelector(`#steps li[data-step=renewed]:has-text("Renewal ${round}:")`, { state: 'attached' });
    const form = formOf(tab.forms('/oauth/token').at(-1));
    assert.equal(form.get('grant_type'), 'refresh_token');
    assert.equal(form.get('refresh_token'), secrets.at(-1), 'it was not the newest refresh token');
    const { access_token, refresh_token } = tab.answers.at(-1);
    assert.ok(![access_token, refresh_token].some((token) => secrets.includes(token)), 'a token stayed the same');
    secrets.push(access_token, refresh_token);
  }
  seen('renewed twice', 'each time with the newest refresh token, which was replaced');
  return secrets.at(-2);
}

function formOf(request) {
  return new URLSearchParams(request.postData());
}
