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
  code: { title: 'authorization code with PKCE', part: 'query', steps: 17, saysWho: true, ask: askForCode, redeem: exchangeCode, goOn: renew },
  'id_token token': { title: 'implicit, with an ID token', part: 'fragment', steps: 15, saysWho: true, ask: askForToken, redeem: readToken, goOn: () => {} },
  token: { title: 'implicit, OAuth alone', part: 'fragment', steps: 7, saysWho: false, ask: askForToken, redeem: readToken, goOn: () => {} },
};

/** What is wrong with an ID token, the check that finds it, and the error that says so. */
const WRONG = [
  { wrong: 'nonce', check: 'nonce-same', code: 'nonce_mismatch' },
  { wrong: 'audience', check: 'audience', code: 'id_token_audience_mismatch' },
  { wrong: 'signature', check: 'signature', code: 'id_token_signature_invalid' },
];
const CHECKS = ['read', 'issuer', 'audience', 'time', 'nonce-same', 'signature', 'bound'];

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
    const tab = await open(context);
    await signIn(tab, responseType);
    if (FLOWS[responseType].saysWho) await refuse(tab, responseType);
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
    /** How often the server's keys were asked for so far. */
    keyRequests: () => requests.filter((request) => request.url() === `${demo.server}/oauth/jwks`).length,
    /** The requests so far that carry a token to the API. */
    calls: () => requests.filter((request) => request.url().startsWith(`${demo.server}/api/`)).length,
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
  const { title, part, steps, saysWho, ask, redeem, goOn } = FLOWS[responseType];
  seen('flow', title);

  await page.goto(home);
  await page.waitForSelector('#sign-in-start:not([aria-disabled=true])');
  assert.ok(await page.isChecked('#flows [value=code]'), 'the code is not the first choice');
  await page.check(`#flows [value="${responseType}"]`);
  const authorize = awaitedLater(page.waitForRequest((request) => new URL(request.url()).pathname === '/oauth/authorize'));
  await page.click('#sign-in-start');
  const authorizationUrl = new URL((await authorize).url());
  assert.equal(authorizationUrl.origin, demo.server, 'the authorize URL is at another server');
  const parameters = authorizationUrl.searchParams;
  assert.equal(parameters.get('response_type'), responseType);
  assert.equal(parameters.get('redirect_uri'), home);
  const state = parameters.get('state');
  assert.match(state, /^[\w-]{43,}$/, 'the state is no base64url of 32 bytes');
  const nonce = parameters.get('nonce');
  assert.equal(nonce !== null, saysWho, 'a nonce goes with an ID token alone');
  if (saysWho) assert.match(nonce, /^[\w-]{43}$/, 'the nonce is no base64url of 32 bytes');
  assert.equal(parameters.get('scope').split(' ').includes('openid'), saysWho);
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

  // The state and the nonce stand in the server's own addresses, too.
  const secrets = { shown: [state, nonce].filter(Boolean), hidden: [] };
  let { token, idToken } = await redeem(tab, { parameters, answer, secrets });
  if (saysWho) await showsWho(tab, idToken, nonce, secrets);

  const response = await profile;
  assert.equal(response.status(), 200);
  assert.equal((await response.request().allHeaders()).authorization, `Bearer ${token}`, 'the request carries no such header');
  const name = (await response.json()).name;
  assert.ok(name, 'the profile has no name');
  await page.waitForSelector(`#profile-name:text-is("${name}")`);
  for (const step of ['state', 'redirect', 'answer', 'header', 'profile']) {
    await ticked(step);
  }
  assert.equal(await page.textContent('#steps-count'), `${steps} of ${steps}`, 'the panel lists other steps');
  seen('profile', `GET /api/v2/profile 200: ${name}`);

  token = (await goOn(tab, secrets, idToken)) ?? token;
  await assertNothingLeaked(tab, redirectUrl, secrets);

  const endSession = saysWho && awaitedLater(page.waitForRequest((request) => new URL(request.url()).pathname === '/oauth/end-session'));
  await page.click('#sign-out');
  await page.waitForSelector('#steps li[data-step=ended]:has-text("revoked at")', { state: 'attached' });
  const revoked = tab.forms('/oauth/revoke').map(formOf);
  assert.ok(revoked.some((form) => form.get('token') === token), 'the server was not asked to revoke the token');
  const afterwards = await fetch(`${demo.server}/api/v2/profile`, { headers: { authorization: `Bearer ${token}` } });
  assert.equal(afterwards.status, 401, 'the token still opens the API');
  seen('signed out', `${revoked.length} revoked at the server; the API answers 401 to the token`);
  if (saysWho) {
    const left = new URL((await endSession).url()).searchParams;
    secrets.hints = [left.get('id_token_hint')];
    assert.ok(secrets.hidden.includes(secrets.hints[0]), 'the hint is no ID token of this session');
    assert.equal(left.get('post_logout_redirect_uri'), home);
    await page.waitForSelector('#notice:has-text("here and at the server")');
    await tab.ticked('left');
    assert.equal(page.url(), home, 'the address bar is not clean');
    const servers = await page.context().request.get(`${demo.server}/`);
    assert.match(await servers.text(), /You are not signed in/, 'the server still knows who it was');
    seen('end of session', `${[...left.keys()].join(', ')}; the server knows nobody any more`);
  }

  await assertNothingLeaked(tab, redirectUrl, secrets);
  const { length } = Object.values(secrets).flat();
  const but = saysWho ? '; but for the ID token that the server was shown to end its session' : '';
  seen('nothing leaked', `of ${length} secrets, none is in the history, the storage, the page, its console or a URL asked for${but}`);
}

/** What is `shown` stands in the server's own addresses, and so do the ID tokens that were `hints` there. */
async function assertNothingLeaked(tab, redirectUrl, { shown, hidden: all, hints = [] }) {
  for (const [place, texts] of Object.entries(await tab.places(redirectUrl))) {
    const hidden = ['requests', 'history'].includes(place) ? all.filter((secret) => !hints.includes(secret)) : [...all, ...shown];
    assert.ok(!texts.some((text) => hidden.some((secret) => text?.includes(secret))), `a secret is left: ${place}`);
  }
}

// Who signed in

/** By the ID token's claims, each check of which is a step. */
async function showsWho({ page, ticked }, idToken, nonce, secrets) {
  assert.ok(idToken, 'there is no ID token');
  secrets.hidden.push(idToken);
  const claims = claimsOf(idToken);
  assert.deepEqual([claims.iss, claims.aud, claims.nonce], [demo.server, 'city-issues', nonce]);
  for (const check of ['nonce', ...CHECKS]) await ticked(check);
  const sha256 = createHash('sha256').update(nonce).digest('hex').slice(0, 6);
  for (const [check, fact] of [['read', claims.sub], ['issuer', demo.server], ['audience', 'city-issues'], ['nonce-same', sha256], ['signature', kidOf(idToken)]]) {
    assert.ok((await page.textContent(`#steps li[data-step=${check}] .step-fact`)).includes(fact), `${check} does not say ${fact}`);
  }
  assert.equal(await page.textContent('#profile-name'), claims.name, 'the page names somebody else');
  seen('ID token', `${claims.name} (${claims.sub}), by ${CHECKS.length} checks`);
}

/** An ID token that is wrong in one thing signs nobody in, and the page says in which; the next one does. */
async function refuse(tab, responseType) {
  const { page } = tab;
  for (const { wrong, check, code } of WRONG) {
    const calls = tab.calls();
    await page.selectOption('#wrong', wrong);
    await page.waitForSelector('#trials-status:has-text("The next ID token will")');
    await again(tab, responseType);
    await page.waitForSelector(`#steps li[data-failed=${check}]:has-text("Refused: ${code}.")`);
    const before = CHECKS.slice(0, CHECKS.indexOf(check));
    for (const name of before) await tab.ticked(name);
    assert.equal(await page.locator('#steps li[data-failed]').count(), 1, 'more than one step is refused');
    assert.equal(await page.locator(CHECKS.slice(before.length + 1).map((name) => `#steps li[data-step=${name}]`).join()).count(), 0, 'a later check is ticked');
    assert.equal(await page.textContent('#problem-detail'), code);
    const sentence = await page.textContent('.problem-sentence');
    assert.ok(sentence.length > 20, 'the page does not say why');
    assert.ok(await page.isVisible('#sign-in-start') && !(await page.isVisible('#sign-out')), 'somebody is signed in');
    assert.equal(page.url(), home, 'the address bar is not clean');
    assert.equal(tab.calls(), calls, 'the API was called');
    assert.equal(await page.inputValue('#wrong'), '', 'the switch is still on');
    seen('refused', `${wrong}: ${sentence}`);
  }
  await again(tab, responseType);
  await page.waitForSelector('#profile-name:text-is("Ada Lovelace")');
  await page.click('#sign-out');
  await page.waitForSelector('#notice:has-text("here and at the server")');
  seen('signed in again', 'with an ID token that is right');
}

/** To the server and back, as the person that the server knows or comes to know. */
async function again({ page }, responseType) {
  await page.waitForSelector('#sign-in-start:not([aria-disabled=true])');
  assert.ok(await page.isChecked(`#flows [value="${responseType}"]`), 'the page has forgotten its flow');
  await page.click('#sign-in-start');
  await page.waitForSelector('#allow, #sign-in');
  if (await page.isVisible('#sign-in')) {
    await page.fill('[name=email]', 'ada@example.com');
    await page.fill('[name=password]', 'demo');
    await page.click('#sign-in');
  }
  await page.click('#allow');
  await page.waitForURL(home);
}

function partOf(idToken, index) {
  return JSON.parse(Buffer.from(idToken.split('.')[index], 'base64url').toString('utf8'));
}

function claimsOf(idToken) {
  return partOf(idToken, 1);
}

/** As much of the key's name as the page shows. */
function kidOf(idToken) {
  return partOf(idToken, 0).kid.slice(0, 8);
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
  secrets.hidden.push(token);
  return { token, idToken: answer.get('id_token') };
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
  const { access_token, refresh_token, id_token } = tab.answers[0];
  assert.ok(access_token && refresh_token, 'the answer lacks a token');
  seen('code exchanged', `${[...form.keys()].join(', ')}; the challenge was the S256 of the verifier`);
  secrets.hidden.push(code, verifier, access_token, refresh_token);
  return { token: access_token, idToken: id_token };
}

/** Each time with the refresh token that came last; the third time by a key that the page does not know yet. */
async function renew(tab, secrets, idToken) {
  let newest = secrets.hidden.find((secret) => secret === tab.answers[0].refresh_token);
  let token;
  for (const round of [1, 2, 3]) {
    const keyRequests = tab.keyRequests();
    if (round === 3) {
      await tab.page.click('#rotate');
      await tab.page.waitForSelector('#trials-status:has-text("new key")');
    }
    await tab.page.click('#renew:not([aria-disabled=true])');
    await tab.page.waitForSelector(`#steps li[data-step=renewed]:has-text("Renewal ${round}:")`, { state: 'attached' });
    const form = formOf(tab.forms('/oauth/token').at(-1));
    assert.equal(form.get('grant_type'), 'refresh_token');
    assert.equal(form.get('refresh_token'), newest, 'it was not the newest refresh token');
    const { access_token, refresh_token, id_token } = tab.answers.at(-1);
    assert.ok(![access_token, refresh_token].some((secret) => secrets.hidden.includes(secret)), 'a token stayed the same');
    assert.equal(claimsOf(id_token).sub, claimsOf(idToken).sub, 'it is another user');
    secrets.hidden.push(access_token, refresh_token, id_token);
    [token, newest] = [access_token, refresh_token];

    const asked = tab.keyRequests() - keyRequests;
    assert.equal(asked, round === 3 ? 1 : 0, 'the keys were asked for without need, or not when there was need');
    if (round === 2) seen('renewed twice', 'each time with the newest refresh token, which was replaced');
    if (round === 3) {
      assert.notEqual(kidOf(id_token), kidOf(idToken), 'the key is the same');
      seen('key rotated', `from ${kidOf(idToken)}… to ${kidOf(id_token)}…, and the page asked for the keys once`);
    }
  }
  await refuseRenewal(tab);
  return token;
}

/** A renewal whose ID token is wrong is refused, and the session goes on as it is. */
async function refuseRenewal({ page, answers }) {
  assert.equal(await page.textContent('#notice'), 'The token was renewed.');
  await page.selectOption('#wrong', 'nonce');
  await page.waitForSelector('#trials-status:has-text("The next ID token will")');
  const { length } = answers;
  await page.click('#renew:not([aria-disabled=true])');
  await page.waitForSelector('#steps li[data-failed=renewed]:has-text("Refused: nonce_mismatch.")');
  assert.equal(answers.length, length + 1, 'the server was not asked');
  assert.equal(await page.textContent('#notice'), '', 'the page says that it was renewed');
  assert.equal(await page.textContent('#problem-detail'), 'renewal_refused · nonce_mismatch');
  assert.equal(await page.textContent('#hello-label'), 'Signed in as', 'the session has ended');
  seen('renewal refused', 'nonce; the session goes on with the token that it had');
}

function formOf(request) {
  return new URLSearchParams(request.postData());
}
