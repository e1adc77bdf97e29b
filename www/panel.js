// The panel: the steps of the chosen flow are listed from the start, in groups, and
// each is ticked when steps.js has noted it. What can come later is listed once it has.

import { onSteps } from './steps.js';

const rfc = (number, section) => ({ label: `RFC ${number}, ${section}`, href: `https://www.rfc-editor.org/rfc/rfc${number}#section-${section}` });
const core = (section, anchor) => ({ label: `OpenID, ${section}`, href: `https://openid.net/specs/openid-connect-core-1_0.html#${anchor}` });

const STATE = ['state', 'A state is made and kept', 'It ties the answer to this one request.', rfc(6749, '10.10')];
const NONCE = ['nonce', 'A nonce is made and kept', 'It ties the ID token to this one sign-in.', core('3.1.2.1', 'AuthRequest')];
const redirect = (section) => ['redirect', 'Redirect to the server', 'Your password is typed there, never here.', rfc(6749, section)];
const VERIFIED = ['verified', 'The state is verified', 'Before anything else in the answer counts.', rfc(6749, '10.12')];

const fragment = (why) => ['The answer', [
  ['answer', 'The answer is read', why, rfc(6749, '4.2.2')],
  VERIFIED,
  ['scrubbed', 'The address is cleaned', 'Links and the history must not carry a token.', rfc(9700, '4.3.2')],
]];
const ID_TOKEN = ['The ID token', [
  ['read', 'It is read', 'Strictly: a header, claims and a signature.', core('2', 'IDToken')],
  ['issuer', 'The issuer is the server', 'Whoever else wrote it does not count.', core('3.1.3.7', 'IDTokenValidation')],
  ['audience', 'The audience is this app', 'One for another app proves nothing here.', core('3.1.3.7', 'IDTokenValidation')],
  ['time', 'It is good now', 'By the clock of this device.', core('3.1.3.7', 'IDTokenValidation')],
  ['nonce-same', 'The nonce is this sign-in’s', 'An old ID token can’t be used again.', core('15.5.2', 'NonceNotes')],
  ['signature', 'The server has signed it', 'With one of the keys that it publishes.', core('3.1.3.7', 'IDTokenValidation')],
  ['bound', 'The access token fits', 'Neither can be swapped for another.', core('3.2.2.9', 'ImplicitTokenValidation')],
]];
const API = ['The API', [
  ['header', 'The header is attached', 'For the city’s API, and for no other address.', rfc(6750, '2.1')],
  ['profile', 'The API answers', 'The token tells it what you have allowed.', rfc(6749, '7')],
]];
const GROUPS = {
  code: [
    ['The request', [
      STATE,
      ['challenge', 'A verifier is made and kept', 'Only its hash, the challenge, goes to the server.', rfc(7636, '4.2')],
      NONCE,
      redirect('4.1.1'),
    ]],
    ['The answer', [
      ['answer', 'The answer is read', 'Behind the ? stands a code, not yet a token.', rfc(6749, '4.1.2')],
      VERIFIED,
      ['scrubbed', 'The address is cleaned', 'Links and the history must not carry a code.', rfc(9700, '4.3.1')],
      ['exchanged', 'The code is exchanged', 'Once, with the verifier; no URL has the token.', rfc(7636, '4.5')],
    ]],
    ID_TOKEN,
    API,
  ],
  'id_token token': [['The request', [STATE, NONCE, redirect('4.2.1')]], fragment('What stands behind the # is sent to no server.'), ID_TOKEN, API],
  token: [['The request', [STATE, redirect('4.2.1')]], fragment('What stands behind the # is sent to no server.'), API],
};
const LATER = [
  ['renewed', 'The token is renewed', 'By a refresh token: used once, then replaced.', rfc(6749, '6')],
  ['ended', 'Signed out', 'The server is told that the tokens are done with.', rfc(7009, '2')],
  ['left', 'Signed out at the server', 'By the ID token it knows whose session to end.', { label: 'OpenID Logout, 2', href: 'https://openid.net/specs/openid-connect-rpinitiated-1_0.html#RPLogout' }],
];
// More steps than these fit no window beside the app: then one group is open, and the others are for a click.
const FEW = 8;

const wide = matchMedia('(min-width: 60rem)');
const panel = document.querySelector('#steps-panel');

onSteps((flow, taken) => {
  const find = ([name]) => taken.find((step) => step.name === name);
  const later = LATER.filter(find);
  const groups = later.length > 0 ? [...GROUPS[flow], ['Later', later]] : GROUPS[flow];
  const listed = groups.flatMap(([, steps]) => steps);
  const current = currentOf(groups, find, taken);
  let number = 0;
  document.querySelector('#steps').replaceChildren(...groups.map(([title, steps]) => {
    const group = document.querySelector('#group-template').content.cloneNode(true).firstElementChild;
    const done = steps.filter((step) => find(step) && !find(step).failed).length;
    group.open = listed.length <= FEW || title === current;
    group.classList.toggle('done', done === steps.length);
    group.classList.toggle('refused', steps.some((step) => find(step)?.failed));
    group.querySelector('h3').textContent = title;
    group.querySelector('.group-count').textContent = `${done} of ${steps.length}`;
    const list = group.querySelector('ol');
    list.style.counterReset = `step ${number}`;
    number += steps.length;
    list.replaceChildren(...steps.map((step) => renderStep(step, find(step))));
    return group;
  }));
  document.querySelector('#steps-count').textContent = `${taken.filter(({ failed }) => !failed).length} of ${listed.length}`;
});

// The group to look at: where something was refused, else what came last; of a
// sign-in that went well, who it is.
function currentOf(groups, find, taken) {
  const holds = (name) => groups.find(([, steps]) => steps.some(([step]) => step === name))?.[0];
  const refused = taken.find(({ failed }) => failed);
  const last = taken.at(-1)?.name;
  const isApi = API[1].some(([name]) => name === last);
  return holds(refused?.name) ?? (isApi ? holds('read') : undefined) ?? holds(last) ?? groups[0][0];
}

// data-step appears when a step has been taken, data-failed when it was refused.
function renderStep([name, title, why, { href, label }], step) {
  const item = document.querySelector('#step-template').content.cloneNode(true).firstElementChild;
  if (step) item.dataset[step.failed ? 'failed' : 'step'] = name;
  item.querySelector('.step-title').textContent = title;
  // The tick is a picture; this is the same for those who listen.
  item.querySelector('.visually-hidden').textContent = step ? (step.failed ? ': refused' : ': done') : '';
  item.querySelector('.step-why').textContent = why;

  const link = item.querySelector('a');
  link.href = href;
  link.textContent = label;

  const fact = item.querySelector('.step-fact');
  fact.textContent = step?.fact ?? '';
  fact.hidden = !step;
  return item;
}

// On a narrow screen the app comes first: the panel is a bar at the lower edge,
// and opened it stands below the app.
panel.open = wide.matches;
panel.querySelector('summary').addEventListener('click', () => {
  if (!wide.matches && !panel.open) panel.addEventListener('toggle', () => panel.scrollIntoView(), { once: true });
});
