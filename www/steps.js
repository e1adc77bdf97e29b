// The panel: each step of a sign-in, told when it has happened.
//
// A step's fact is something that this page has looked at, or that the package
// would have thrown about; nothing is shown on trust. No token, no state and no
// address that holds one is ever written to the panel or to storage.

const STEPS = [
  ['state', 'A state is made and kept', 'A random value ties the answer to this very request, so that nobody can slip in an answer of theirs.', 6749, '10.10'],
  ['redirect', 'The browser goes to the server', 'You type your password there. This app never sees it.', 6749, '4.2.1'],
  ['fragment', 'The answer is read', 'It stands behind the # of the address, the part that browsers keep to themselves.', 6749, '4.2.2'],
  ['verified', 'The state is verified', 'Before anything else in the answer counts, it must carry the state of this tab’s request.', 6749, '10.12'],
  ['scrubbed', 'The address is cleaned', 'A token left in the address would stay in the history, and travel with every copied link.', 9700, '4.3.2'],
  ['header', 'The header is attached', 'The token goes to the city’s API, and to no other address.', 6750, '2.1'],
  ['profile', 'The API answers', 'It knows from the token who is asking, and what they allowed this app to do.', 6749, '7'],
];
const NAMES = STEPS.map(([name]) => name);

// Codes of an answer that was refused: before its state could be looked at, because
// of its state, and after the state was found good.
const BEFORE_STATE = new Set(['response_too_large', 'malformed_response', 'duplicate_parameter', 'wrong_location', 'ambiguous_response']);
const ABOUT_STATE = new Set(['missing_state', 'unknown_state', 'state_expired', 'state_replayed', 'state_wrong_client', 'redirect_uri_mismatch']);
const AFTER_STATE = new Set(['issuer_mismatch', 'issuer_missing', 'authorization_error', 'unexpected_response_type',
  'missing_access_token', 'missing_token_type', 'unsupported_token_type']);

// The first steps are taken before the page is left, so the list waits in this
// tab's storage: names, times and the facts that the panel shows.
const KEY = 'city-issues:steps';
let taken = restore();

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
  render();
}

function note(name, fact, failed = false) {
  taken = [...taken.filter((step) => step.name !== name), { name, fact, failed, at: Date.now() }];
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
  const kept = state !== '' && storageHolds(state);
  note('state', `${state.length} random characters${kept ? ', kept in this tab’s session storage' : ''}.`);
  note('redirect', `Left for ${url.host}${url.pathname}.`);
}

function storageHolds(text) {
  return Object.entries(sessionStorage).flat().some((entry) => entry.includes(text));
}

// What handleRedirect() gave, or the error that came in its place. `lengthBefore` is
// history.length before the call; the address must not have been changed since.
export function noteReturn({ redirect, error, lengthBefore }) {
  if (!redirect && ![BEFORE_STATE, ABOUT_STATE, AFTER_STATE].some((codes) => codes.has(error.code))) return;
  // What is listed of a sign-in that has had its answer is not part of this one.
  if (taken.some(({ name }) => name === 'fragment')) taken = [];
  if (redirect) {
    const { expires_at } = redirect.token;
    note('fragment', expires_at ? `A token was in it, good for ${duration(expires_at - Date.now() / 1000)}.` : 'A token was in it, with no end set.');
    note('verified', redirect.appState === undefined ? 'It is the state that was kept.' : 'It is the state that was kept, and what this app had put beside it came back too.');
  } else {
    note('fragment', error.error ? `The server answered “${error.error}”, and gave no token.` : 'An answer was in the address. It was refused.', !error.error);
    if (AFTER_STATE.has(error.code)) note('verified', 'The answer carried a state that had been kept.');
    if (ABOUT_STATE.has(error.code)) note('verified', `Refused: ${error.code}.`, true);
  }
  noteAddress(redirect?.token.access_token, lengthBefore);
}

const RESPONSE = ['access_token', 'token_type', 'expires_in', 'state', 'code', 'error', 'error_description', 'error_uri', 'iss'];

function noteAddress(token, lengthBefore) {
  const here = new URL(location.href);
  const left = here.hash !== '' || RESPONSE.some((name) => here.searchParams.has(name)) || (token && here.href.includes(token));
  if (left) {
    note('scrubbed', 'Something of the answer is still in the address.', true);
    return;
  }
  const facts = ['Nothing of the answer is left in the address bar.'];
  if (history.length === lengthBefore) facts.push(`history.length stayed at ${lengthBefore}.`);
  // Some browsers let a page see its own entries of the history: look there too.
  const entries = globalThis.navigation?.entries?.() ?? [];
  if (token && entries.length > 0 && entries.every(({ url }) => !url?.includes(token))) {
    facts.push('No entry of this page in the history holds the token.');
  }
  // No script can clear this one; so a page that reports its timings should cut
  // the address at the #.
  if (token && performance.getEntriesByType('navigation').some(({ name }) => name.includes(token))) {
    facts.push('One trace stays until this page is left: the browser’s own timing record, which scripts of this page can read.');
  }
  note('scrubbed', facts.join(' '));
}

// An answer of the API to the request for the profile. The page can't see the
// header that was sent; that this API let the request in is the proof of it.
export function noteAnswer({ method, path, url, status, milliseconds }) {
  if (path !== '/profile') return;
  const answer = `${method} ${url.pathname}: ${status}, in ${milliseconds} ms.`;
  if (status >= 200 && status < 300) {
    note('header', `Authorization: Bearer … was sent to ${url.host}, which answers nobody without it.`);
    note('profile', answer);
  } else {
    note('profile', answer, true);
  }
}

function duration(seconds) {
  const [unit, size] = [['hour', 3600], ['minute', 60], ['second', 1]].find(([, size]) => Math.round(seconds) >= size) ?? ['second', 1];
  return new Intl.NumberFormat('en', { style: 'unit', unit, unitDisplay: 'long' }).format(Math.max(0, Math.round(seconds / size)));
}

// All seven are listed from the start. data-step appears when a step has been
// taken, data-failed when it was refused.
function render() {
  const template = document.querySelector('#step-template');
  document.querySelector('#steps').replaceChildren(...STEPS.map(([name, title, why, rfc, section]) => {
    const item = template.content.cloneNode(true).firstElementChild;
    const step = taken.find((step) => step.name === name);
    if (step) item.dataset[step.failed ? 'failed' : 'step'] = name;

    item.querySelector('.step-title').textContent = title;
    if (step) item.querySelector('.step-title').append(hiddenText(step.failed ? ': refused' : ': done'));
    item.querySelector('.step-why').textContent = why;

    const fact = item.querySelector('.step-fact');
    fact.textContent = step?.fact ?? '';
    fact.hidden = !step;

    const link = item.querySelector('a');
    link.href = `https://www.rfc-editor.org/rfc/rfc${rfc}#section-${section}`;
    link.textContent = `RFC ${rfc}, ${section}`;

    const time = item.querySelector('time');
    if (step) {
      time.dateTime = new Date(step.at).toISOString();
      time.textContent = new Date(step.at).toLocaleTimeString('en-GB');
    } else {
      time.remove();
    }
    return item;
  }));
  const done = taken.filter((step) => !step.failed).length;
  document.querySelector('#steps-count').textContent = `${done} of ${STEPS.length}`;
}

// The tick is a picture; this is the same for those who listen.
function hiddenText(text) {
  const span = document.createElement('span');
  span.className = 'visually-hidden';
  span.textContent = text;
  return span;
}

// On a narrow screen the app comes first, and the panel waits to be opened.
document.querySelector('#steps-panel').open = matchMedia('(min-width: 60rem)').matches;
render();
