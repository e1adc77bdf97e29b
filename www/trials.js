// What the demo's server can be told to do, so that one sees it refused, or sees
// that it makes no difference. No real server has such switches.

const $ = (selector) => document.querySelector(selector);

const NEXT = {
  '': 'The next ID token will be right.',
  nonce: 'The next ID token will have the nonce of another sign-in.',
  audience: 'The next ID token will be made out to another app.',
  signature: 'The next ID token will be signed by a key that is not the server’s.',
};

let control;

// `url` is where the server's switches are.
export async function showTrials(url) {
  control = url;
  const response = await fetch(`${control}/id-token`).catch(() => null);
  const { wrong } = (response?.ok && (await response.json().catch(() => null))) || {};
  $('#wrong').value = wrong ?? '';
}

async function tell(path, form, done) {
  $('#trials-status').textContent = '';
  const response = await fetch(`${control}${path}`, { method: 'POST', body: new URLSearchParams(form) }).catch(() => null);
  $('#trials-status').textContent = response?.ok ? done : 'The server could not be told.';
}

$('#wrong').addEventListener('change', ({ target: { value } }) => tell('/id-token', { wrong: value }, NEXT[value]));
$('#rotate').addEventListener('click', () => tell('/keys', {}, 'The next ID token will be signed by a new key, which this page then has to ask for.'));
