// What runs in the measured page. Milliseconds, unless a name says otherwise.
import { metadata } from './metadata.js';

/** The ID token that is sent where no other is asked for, by its name in id-tokens.mjs. */
const GOOD = 'I175';
const WARM_UP = 10;
/** A loop ends after this, if it has seen enough. */
const LONG = 4000;
const ENOUGH = 4;

let open;
let settings;
let client;

/** What an adapter is given; the authorization endpoint is never reached. */
export function prepare(origin) {
  settings = { server: metadata(origin), client_id: 'bench', redirect_uri: `${origin}/`, api: `${origin}/api`, leaving };
}

/** Where the page is being sent to; it stays. For clients that leave by themselves. */
function leaving() {
  return new Promise((resolve) => {
    globalThis.navigation.addEventListener('navigate', (event) => {
      event.preventDefault();
      resolve(event.destination.url);
    }, { once: true });
  });
}

export async function load(name) {
  ({ open } = await import(`/${name}/index.js`));
}

export async function start() {
  client = await open(settings);
}

export const authorize = () => client.authorize();

/** Import to first authorize URL; what the page preloads is asked for at the same moment. */
export async function cold(name, hint) {
  const begin = performance.now();
  if (hint) document.head.append(Object.assign(document.createElement('link'), { rel: 'preload', as: 'fetch', crossOrigin: '', href: hint }));
  await load(name);
  await start();
  await authorize();
  return performance.now() - begin;
}

const base64url = (text) => btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
const jwt = (claims) => [JSON.stringify({ alg: 'RS256', typ: 'JWT', kid: 'bench' }), JSON.stringify(claims), 'x'.repeat(256)].map(base64url).join('.');

/** A token of the server's for a login: one of the cases of id-tokens.mjs. */
async function idToken(id, login) {
  const headers = { 'content-type': 'application/json' };
  return (await fetch('/id-token', { method: 'POST', headers, body: JSON.stringify({ id, login }) })).json();
}

/** The redirect that the server would answer an authorize URL with, and the access token that must come out. */
export async function respond(authorizeUrl, id = GOOD) {
  const asked = Object.fromEntries(new URL(authorizeUrl).searchParams);
  const { state, nonce, scope = '', redirect_uri, response_type, response_mode, code_challenge } = asked;
  const now = Math.floor(Date.now() / 1000);
  const { server: { issuer }, client_id } = settings;
  const token = jwt({ iss: issuer, sub: 'ada', aud: client_id, iat: now, exp: now + 3600, jti: crypto.randomUUID() });
  const tokens = { access_token: token, token_type: 'Bearer', expires_in: 3600, ...(scope && { scope }) };
  if (scope.split(' ').includes('openid')) {
    const found = await idToken(id, { iss: issuer, aud: client_id, nonce, now, access_token: token });
    if (found) tokens.id_token = found;
  }
  const form = response_type === 'code' ? { code: base64url(JSON.stringify({ challenge: code_challenge, tokens })) } : tokens;
  const parameters = new URLSearchParams({ ...form, ...(state && { state }) });
  const inQuery = response_type === 'code' && response_mode !== 'fragment';
  return { url: `${redirect_uri}${inQuery ? '?' : '#'}${parameters}`, token };
}

/**
 * Waits until nothing is left to do for the URL that the page gave itself last. replaceState returns when the page's
 * process is done, and the browser's works on for some milliseconds, which would delay a request that starts then. A
 * real callback comes with the page, and pays for no replaceState but its own. So the browser has to commit the URL,
 * two frames take what that brings about for the page, and then the page has to be idle.
 */
async function settled() {
  await globalThis.committed(location.href);
  for (let frames = 0; frames < 2; frames += 1) await new Promise(requestAnimationFrame);
  await new Promise((resolve) => requestIdleCallback(resolve));
}

async function callback(url) {
  if (location.href !== url) history.replaceState(null, '', url);
  await settled();
  const begin = performance.now();
  const token = await client.callback(url);
  return { token, time: performance.now() - begin };
}

function same(token, expected) {
  if (token !== expected) throw new Error('The callback gave another token than the response had.');
}

/** Logs in once; gives what a check wants to see. */
export async function login() {
  const before = stored();
  const authorizeUrl = await client.authorize();
  const isStored = stored() !== before;
  const { url, token: expected } = await respond(authorizeUrl);
  const { token } = await callback(url);
  same(token, expected);
  return { authorizeUrl, isStored, token, left: location.href };
}

/** The same for a client with one call for each page, which is opened at `url` for the second half. */
export async function finish(url, expected) {
  await settled();
  const begin = performance.now();
  await start();
  const token = await client.callback(url);
  const time = performance.now() - begin;
  same(token, expected);
  return { time, token, left: location.href };
}

/** Who signed in, as the client says. */
export const user = () => client.user();

/** How long a client may say nothing of a response, on a machine that has other work too. */
const SILENCE = 30_000;

/**
 * Whether a client that was given this response believes it, by what it has afterwards: the token, or a user; `isSilent`
 * where it has not said so by then.
 */
export async function believes(url, expected, isStart) {
  async function token() {
    if (!isStart) return (await callback(url)).token;
    await settled();
    await start();
    return client.callback(url);
  }
  const late = new Promise((resolve) => setTimeout(resolve, SILENCE, { isSilent: true }));
  const answer = token().then((token) => ({ token }), (error) => ({ why: String(error?.message ?? error) }));
  const outcome = await Promise.race([answer, late]);
  const who = await Promise.resolve().then(() => client.user()).catch(() => undefined);
  return { ...outcome, isBelieved: outcome.token === expected || Boolean(who), isKept: stored().includes(expected) };
}

export function stored() {
  return JSON.stringify([{ ...sessionStorage }, { ...localStorage }, document.cookie]);
}

export function forget() {
  sessionStorage.clear();
}

/** How many entries one more login adds to the storage. */
export async function added() {
  const entries = () => sessionStorage.length + localStorage.length;
  await client.authorize();
  const before = entries();
  await client.authorize();
  return entries() - before;
}

/** Whether a response that answers no login is refused. */
export async function refusesForged() {
  let url;
  do url = new URL(await client.authorize());
  while (!/\d/.test(url.searchParams.get('state')));
  // Of the same form, so that nothing but the comparison can refuse it.
  url.searchParams.set('state', url.searchParams.get('state').replaceAll(/\d/g, (digit) => 9 - digit));
  const { url: forged, token: expected } = await respond(url);
  try {
    return (await callback(forged)).token !== expected;
  } catch {
    return true;
  } finally {
    history.replaceState(null, '', '/');
  }
}

/** The API's word for the header that it was sent. */
export async function fetched() {
  return (await (await client.fetch(settings.api)).json()).authorization;
}

/** The mean of the middle half: the clock's grain goes out of it, and so do a collection and a switch of tasks. */
function middle(times) {
  const sorted = times.toSorted((one, other) => one - other);
  const quarter = Math.floor(sorted.length / 4);
  const half = sorted.slice(quarter, sorted.length - quarter);
  return half.reduce((sum, time) => sum + time, 0) / half.length;
}

/** Numbers up to `count`, negative ones first to warm up; fewer where each takes long. */
function* turns(warmUp, count) {
  const begin = performance.now();
  const isLate = () => performance.now() - begin > LONG;
  for (let at = -warmUp; at < 0 && !isLate(); at += 1) yield at;
  for (let at = 0; at < count && (at < ENOUGH || !isLate()); at += 1) yield at;
}

/** One authorize URL, and one callback, of `count` after a warm-up. */
export async function calls(count, warmUp = WARM_UP) {
  const times = { authorize: [], callback: [] };
  for (const at of turns(warmUp, count)) {
    // From the scrub of the callback before, which only some clients do.
    await settled();
    const begin = performance.now();
    const authorizeUrl = await client.authorize();
    const time = performance.now() - begin;
    const { url, token: expected } = await respond(authorizeUrl);
    const answer = await callback(url);
    same(answer.token, expected);
    if (at < 0) continue;
    times.authorize.push(time);
    times.callback.push(answer.time);
  }
  return { authorize: middle(times.authorize), callback: middle(times.callback) };
}

export async function authorized() {
  const begin = performance.now();
  const url = await client.authorize();
  return { ...(await respond(url)), time: performance.now() - begin };
}

/** Logins that nobody finishes, until `count` were begun. */
export async function abandon(from, count) {
  for (let at = from; at < count; at += 1) await client.authorize();
}

function plainly(token) {
  const headers = { Authorization: `Bearer ${token}` };
  return () => fetch(settings.api, { headers });
}

/** A call with the token against a plain fetch, in turn, one after the other and 16 at a time. */
export async function fetches(token, count) {
  const ways = { client: () => client.fetch(settings.api), plain: plainly(token) };
  const times = { client: [], plain: [], client16: [], plain16: [] };
  async function once(call) {
    const response = await call();
    if (!response.ok) throw new Error('The API was sent no token.');
    return response.text();
  }
  async function timed(name, run, at) {
    const begin = performance.now();
    await run();
    if (at >= 0) times[name].push(performance.now() - begin);
  }
  for (const at of turns(WARM_UP, count)) {
    const order = at % 2 ? ['client', 'plain'] : ['plain', 'client'];
    for (const way of order) await timed(way, () => once(ways[way]), at);
  }
  for (const at of turns(2, count / 4)) {
    const order = at % 2 ? ['client', 'plain'] : ['plain', 'client'];
    for (const way of order) await timed(`${way}16`, () => Promise.all(Array.from({ length: 16 }, () => once(ways[way]))), at);
  }
  return { alone: middle(times.client) / middle(times.plain), together: middle(times.client16) / middle(times.plain16) };
}

let answer;
let answered = 0;

/** Before the client is imported, because some keep the function: while there is an answer, the network is not asked. */
export function replaceNetwork() {
  const { fetch } = globalThis;
  globalThis.fetch = (input, init) => {
    if (!answer) return fetch(input, init);
    // As fetch itself does before anything goes out.
    const { headers } = new Request(input, init);
    if (headers.has('Authorization')) answered += 1;
    return Promise.resolve(answer);
  };
}

/** Microseconds of the main thread that a call of the client's costs beyond a plain one. */
export async function overhead(token, count) {
  answer = new Response('{}', { headers: { 'content-type': 'application/json' } });
  const ways = { client: () => client.fetch(settings.api), plain: plainly(token) };
  const times = {};
  const added = [];
  const block = 50;
  let made = 0;
  for (const at of turns(WARM_UP, count)) {
    for (const way of at % 2 ? ['client', 'plain'] : ['plain', 'client']) {
      const begin = performance.now();
      for (let call = 0; call < block; call += 1) await ways[way]();
      times[way] = ((performance.now() - begin) * 1000) / block;
      made += block;
    }
    // Of neighbours, so that what slows both goes out of it.
    if (at >= 0) added.push(times.client - times.plain);
  }
  answer = undefined;
  if (answered !== made) throw new Error('A call did not reach fetch with its token.');
  return middle(added);
}
