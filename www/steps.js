// What has happened in a sign-in, step by step, for the panel.
//
// A step's fact is something that this page has looked at, or that the package
// would have thrown about; nothing is noted on trust. No token, no state and no
// address that holds one is ever noted, shown or stored.

const NAMES = ['state', 'redirect', 'fragment', 'verified', 'scrubbed', 'header', 'profile'];

// An answer can be refused before its state is looked at, because of its state,
// or after its state was found good.
const BEFORE_STATE = new Set(['response_too_large', 'malformed_response', 'duplicate_parameter', 'wrong_location', 'ambiguous_response']);
const ABOUT_STATE = new Set(['missing_state', 'unknown_state', 'state_expired', 'state_replayed', 'state_wrong_client', 'redirect_uri_mismatch']);
const AFTER_STATE = new Set(['issuer_mismatch', 'issuer_missing', 'authorization_error', 'unexpected_response_type',
  'missing_access_token', 'missing_token_type', 'unsupported_token_type']);

// The first steps are taken before the page is left, so they wait in this tab's storage.
const KEY = 'city-issues:steps';
let taken = restore();
let listener = () => {};

// Calls `show` with the steps taken, each { name, fact, failed }: now, and after each new one.
export function onSteps(show) {
  listener = show;
  listener(taken);
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
  listener(taken);
}

function note(name, fact, failed = false) {
  taken = [...taken.filter((step) => step.name !== name), { name, fact, failed }];
  save();
}

export function clearSteps() {
  taken = [];
  save();
}

// The URL that client.authorizationUrl() gave; the browser is about to go there.
export function noteDeparture(url) {
  clearSteps();
  const state = url.searchParams.get('state') ?? '';
  const kept = state !== '' && Object.entries(sessionStorage).flat().some((entry) => entry.includes(state));
  note('state', `${state.length} random characters${kept ? ', kept in session storage' : ''}.`);
  note('redirect', `Left for ${url.host}${url.pathname}.`);
}

// What handleRedirect() gave, or the error that came in its place. To be called
// before anything else changes the address.
export function noteReturn({ redirect, error }) {
  const about = redirect ? AFTER_STATE : [BEFORE_STATE, ABOUT_STATE, AFTER_STATE].find((codes) => codes.has(error.code));
  if (!about) return; // not an answer: the page could not start
  // What is listed of a sign-in that has had its answer is not part of this one.
  if (taken.some(({ name }) => name === 'fragment')) taken = [];

  if (redirect) note('fragment', `An access token, ${lifetime(redirect.token.expires_at)}.`);
  else if (error.error) note('fragment', `The server answered “${error.error}”, and gave no token.`);
  else if (about === ABOUT_STATE) note('fragment', 'An answer was in the address.');
  else note('fragment', `Refused: ${error.code}.`, true);

  if (about === AFTER_STATE) note('verified', 'It is the state that was kept.');
  if (about === ABOUT_STATE) note('verified', `Refused: ${error.code}.`, true);

  noteAddress(redirect?.token.access_token);
}

const RESPONSE = ['access_token', 'token_type', 'expires_in', 'state', 'code', 'error', 'error_description', 'error_uri', 'iss'];

function noteAddress(token) {
  const here = new URL(location.href);
  if (here.hash !== '' || RESPONSE.some((name) => here.searchParams.has(name))) {
    note('scrubbed', 'Something of the answer is still in the address.', true);
    return;
  }
  let fact = 'Nothing of the answer is left in the address bar';
  // Some browsers let a page see its own entries of the history: look there too.
  const entries = globalThis.navigation?.entries?.() ?? [];
  if (token && entries.length > 0 && entries.every(({ url }) => !url?.includes(token))) fact += ', nor in this page’s history';
  fact += '.';
  // No script can clear this one. A page that reports its timings should cut their
  // addresses at the #.
  if (token && performance.getEntriesByType('navigation').some(({ name }) => name.includes(token))) {
    fact += ' The browser’s own timing record holds it until you leave.';
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

const UNITS = [['hour', 3600], ['minute', 60], ['second', 1]];

function lifetime(expiresAt) {
  if (expiresAt === undefined) return 'with no end set';
  const seconds = Math.max(0, Math.round(expiresAt - Date.now() / 1000));
  const [unit, size] = UNITS.find(([, size]) => seconds >= size) ?? ['second', 1];
  return `good for ${new Intl.NumberFormat('en', { style: 'unit', unit, unitDisplay: 'long' }).format(Math.round(seconds / size))}`;
}
