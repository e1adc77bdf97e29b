// What has happened in a sign-in, step by step, for the panel.
//
// A step's fact is something that this page has looked at, or that the package
// would have thrown about; nothing is noted on trust. No token, code, verifier or
// state and no address that holds one is ever noted, shown or stored.

import { readFlow, saysWho } from './flow.js';
import { CHECKS, base64url, fingerprintOf, heldChecks, isAboutIdToken, keyOf, refusedChecks, sha256 } from './id-token.js';

const NAMES = ['state', 'challenge', 'nonce', 'redirect', 'answer', 'verified', 'scrubbed', 'exchanged', ...CHECKS, 'header', 'profile', 'renewed', 'ended', 'left'];

// An answer can be refused before its state is looked at, because of its state,
// or after its state was found good; and a good code can get no token.
const BEFORE_STATE = new Set(['response_too_large', 'malformed_response', 'duplicate_parameter', 'wrong_location', 'ambiguous_response']);
const ABOUT_STATE = new Set(['missing_state', 'unknown_state', 'state_expired', 'state_replayed', 'state_wrong_client', 'redirect_uri_mismatch']);
const AFTER_STATE = new Set(['issuer_mismatch', 'issuer_missing', 'authorization_error', 'unexpected_response_type',
  'missing_code', 'missing_access_token', 'missing_token_type', 'unsupported_token_type']);
const ABOUT_CODE = new Set(['token_error', 'invalid_token_response', 'token_endpoint_unreachable']);
// A code's answer has no token_type: with a code these are about the exchange.
const ABOUT_TYPE = new Set(['missing_token_type', 'unsupported_token_type']);

// The first steps are taken before the page is left, so they wait in this tab's storage.
const KEY = 'city-issues:steps';
let flow = readFlow() ?? 'code';
let taken = restore();
let renewals = 0;
let listener = () => {};

// Calls `show` with the flow's response_type and the steps taken, each
// { name, fact, failed }: now, and after each change.
export function onSteps(show) {
  listener = show;
  listener(flow, taken);
}

function restore() {
  try {
    const list = JSON.parse(sessionStorage.getItem(KEY));
    return Array.isArray(list) ? list.filter((step) => NAMES.includes(step?.name)) : [];
  } catch {
    return [];
  }
}

function save() {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(taken));
  } catch {
    // Storage refused: the panel then begins anew after the redirect.
  }
  listener(flow, taken);
}

function note(name, fact, failed = false, more = {}) {
  taken = [...taken.filter((step) => step.name !== name), { name, fact, failed, ...more }];
  save();
}

export function clearSteps() {
  taken = [];
  renewals = 0;
  save();
}

export function listFlow(responseType) {
  flow = responseType;
  listener(flow, taken);
}

// The URL that client.authorizationUrl() gave; the browser is about to go there.
export async function noteDeparture(url) {
  clearSteps();
  const kept = Object.entries(sessionStorage).flat();
  const state = url.searchParams.get('state') ?? '';
  note('state', `${state.length} random characters${state && isIn(kept, state) ? ', kept in session storage' : ''}.`);

  const challenge = url.searchParams.get('code_challenge');
  if (challenge) {
    const verifier = await findPreimage(challenge, kept);
    const isHidden = verifier && !url.href.includes(verifier);
    note('challenge', isHidden ? `${verifier.length} characters; the URL has only the SHA-256.` : 'What was hashed was not found in session storage.', !isHidden);
  }
  const nonce = url.searchParams.get('nonce');
  if (nonce) {
    const fingerprint = await fingerprintOf(nonce);
    note('nonce', `${nonce.length} random characters${isIn(kept, nonce) ? ', kept there, too' : ''}: ${fingerprint}`, false, { fingerprint });
  }
  note('redirect', `Left for ${url.host}${url.pathname}.`);
}

const isIn = (kept, text) => kept.some((one) => one.includes(text));

// RFC 7636, 4.2: which of the words that are kept has this S256.
async function findPreimage(challenge, kept) {
  for (const word of kept.join(' ').match(/[\w-]{43,128}/g) ?? []) {
    if (base64url(await sha256(word)) === challenge) return word;
  }
}

// What handleRedirect() gave, or the error that came in its place; the ID token,
// where there is one; and the server and the client that it had to fit. To be
// called before anything else changes the address.
export async function noteReturn({ redirect, error, idToken, server, client_id }) {
  const isCode = flow === 'code';
  const isIdToken = isAboutIdToken(error);
  const isExchange = ABOUT_CODE.has(error?.code) || (isCode && (ABOUT_TYPE.has(error?.code) || isIdToken));
  const about = redirect || isExchange || isIdToken ? AFTER_STATE : [BEFORE_STATE, ABOUT_STATE, AFTER_STATE].find((codes) => codes.has(error.code));
  if (!about) return; // not an answer: the page could not start
  // What is listed of a sign-in that has had its answer is not part of this one.
  if (taken.some(({ name }) => name === 'answer')) taken = [];
  const sent = taken.find(({ name }) => name === 'nonce')?.fingerprint;

  if (isExchange || (redirect && isCode)) note('answer', 'A code, and no token.');
  else if (redirect) note('answer', `An access token, ${lifetime(redirect.token)}${saysWho(flow) ? ', and an ID token' : ''}.`);
  else if (isIdToken) note('answer', 'An access token and an ID token.');
  else if (error.error) note('answer', `The server answered “${error.error}”, and gave no ${isCode ? 'code' : 'token'}.`);
  else if (about === ABOUT_STATE) note('answer', 'An answer was in the address.');
  else note('answer', `Refused: ${error.code}.`, true);

  if (about === AFTER_STATE) note('verified', 'It is the state that was kept.');
  if (about === ABOUT_STATE) note('verified', `Refused: ${error.code}.`, true);

  noteAddress(redirect);

  const endpoint = isCode && place(server.token_endpoint);
  if (isCode && isIdToken) note('exchanged', `At ${endpoint}. The tokens are kept only if the ID token is good.`);
  else if (isExchange) note('exchanged', `No token: ${error.error ?? error.code}.`, true);
  else if (redirect && isCode) note('exchanged', `At ${endpoint}: ${lifetime(redirect.token)}.`);

  const expected = { server, client_id, sent };
  if (isIdToken) noteChecks(refusedChecks(error, expected));
  else if (redirect?.claims) noteChecks(await heldChecks({ ...redirect, idToken, ...expected }));
}

function noteChecks(checks) {
  for (const { name, fact, failed } of checks) note(name, fact, failed);
}

const RESPONSE = ['access_token', 'id_token', 'token_type', 'expires_in', 'state', 'code', 'error', 'error_description', 'error_uri', 'iss'];

function holdsAnswer(url) {
  const { search, hash } = new URL(url);
  return [search, hash].some((part) => RESPONSE.some((name) => new URLSearchParams(part.slice(1)).has(name)));
}

function noteAddress(redirect) {
  if (location.hash !== '' || holdsAnswer(location.href)) {
    note('scrubbed', 'Something of the answer is still in the address.', true);
    return;
  }
  let fact = 'Nothing of the answer is left in the address bar';
  // Some browsers let a page see its own entries of the history: look there too.
  const entries = globalThis.navigation?.entries?.() ?? [];
  if (redirect && entries.length > 0 && entries.every(({ url }) => url && !holdsAnswer(url))) fact += ', nor in this page’s history';
  fact += '.';
  // No script can clear this one. A page that reports its timings should cut their
  // addresses at the ? and the #.
  if (redirect && performance.getEntriesByType('navigation').some(({ name }) => holdsAnswer(name))) {
    fact += ` The browser’s timing record holds ${flow === 'code' ? 'the used code' : 'it'} until you leave.`;
  }
  note('scrubbed', fact);
}

// An answer of the API to the request for the profile. The page can't see the
// header that was sent; that this API let the request in is the proof of it.
export function noteAnswer({ method, path, url, status, milliseconds }) {
  if (path !== '/profile') return;
  const ok = status >= 200 && status < 300;
  if (ok) note('header', `Authorization: Bearer … to ${url.host}.`);
  note('profile', `${method} ${url.pathname}: ${status}, in ${milliseconds} ms.`, !ok);
}

// The token that took the place of the one before, with its ID token, or why there is none.
export function noteRenewal({ token, idToken, error }) {
  if (token) {
    renewals += 1;
    const key = idToken ? ` The ID token is signed with the key ${keyOf(idToken)}` : '';
    note('renewed', `Renewal ${renewals}: a new access token, ${lifetime(token)}.${key}`);
  } else {
    note('renewed', `${isAboutIdToken(error) ? 'Refused' : 'No token'}: ${error.error ?? error.code}.`, true);
  }
}

// The session is forgotten here; then the server has confirmed that the tokens are
// revoked, or it has not; then the page is left for the server to end its session, too.
export function noteEnd({ server, endSession = false, error } = {}) {
  let fact = 'The tokens are forgotten here';
  if (server && !error) fact += `, and revoked at ${place(server.revocation_endpoint)}`;
  if (error) fact += `. At the server: ${error.code}`;
  note('ended', `${fact}.`, Boolean(error));
  if (endSession) note('left', `Left for ${place(server.end_session_endpoint)}.`);
}

// Back from there with the state that this page had sent along.
export function noteSignedOutThere() {
  note('left', 'The server has sent you back, with the state of this sign-out.');
}

function place(url) {
  const { host, pathname } = new URL(url);
  return host + pathname;
}

const UNITS = [['hour', 3600], ['minute', 60], ['second', 1]];

function lifetime({ expires_at }) {
  if (expires_at === undefined) return 'with no end set';
  const seconds = Math.max(0, Math.round(expires_at - Date.now() / 1000));
  const [unit, size] = UNITS.find(([, size]) => seconds >= size) ?? ['second', 1];
  return `good for ${new Intl.NumberFormat('en', { style: 'unit', unit, unitDisplay: 'long' }).format(Math.round(seconds / size))}`;
}
