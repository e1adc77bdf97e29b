// The panel: the steps of the chosen flow are listed from the start, and each is
// ticked when steps.js has noted it. What can come later is listed once it has.

import { onSteps } from './steps.js';

const STATE = ['state', 'A state is made and kept', 'It ties the answer to this one request.', 6749, '10.10'];
const VERIFIED = ['verified', 'The state is verified', 'Before anything else in the answer counts.', 6749, '10.12'];
const API = [
  ['header', 'The header is attached', 'For the city’s API, and for no other address.', 6750, '2.1'],
  ['profile', 'The API answers', 'The token tells it who asks, and for what.', 6749, '7'],
];
const STEPS = {
  code: [
    STATE,
    ['challenge', 'A verifier is made and kept', 'Only its hash, the challenge, goes to the server.', 7636, '4.2'],
    ['redirect', 'Redirect to the server', 'Your password is typed there, never here.', 6749, '4.1.1'],
    ['answer', 'The answer is read', 'Behind the ? stands a code, not yet a token.', 6749, '4.1.2'],
    VERIFIED,
    ['scrubbed', 'The address is cleaned', 'Links and the history must not carry a code.', 9700, '4.3.1'],
    ['exchanged', 'The code is exchanged', 'Once, with the verifier; no URL has the token.', 7636, '4.5'],
    ...API,
  ],
  token: [
    STATE,
    ['redirect', 'Redirect to the server', 'Your password is typed there, never here.', 6749, '4.2.1'],
    ['answer', 'The answer is read', 'What stands behind the # is sent to no server.', 6749, '4.2.2'],
    VERIFIED,
    ['scrubbed', 'The address is cleaned', 'Links and the history must not carry a token.', 9700, '4.3.2'],
    ...API,
  ],
};
const LATER = [
  ['renewed', 'The token is renewed', 'By a refresh token: used once, then replaced.', 6749, '6'],
  ['ended', 'Signed out', 'The server is told that the tokens are done with.', 7009, '2'],
];

const wide = matchMedia('(min-width: 60rem)');
const panel = document.querySelector('#steps-panel');

onSteps((flow, taken) => {
  const find = (name) => taken.find((step) => step.name === name);
  const later = LATER.filter(([name]) => find(name));
  const listed = [...STEPS[flow], ...later];
  document.querySelector('#steps').replaceChildren(...listed.map((step) => renderStep(step, find(step[0]))));
  document.querySelector('#steps-count').textContent = `${taken.filter(({ failed }) => !failed).length} of ${listed.length}`;
  // The panel scrolls where it stands beside the app.
  if (later.length > 0) panel.scrollTop = panel.scrollHeight;
});

// data-step appears when a step has been taken, data-failed when it was refused.
function renderStep([name, title, why, rfc, section], step) {
  const item = document.querySelector('#step-template').content.cloneNode(true).firstElementChild;
  if (step) item.dataset[step.failed ? 'failed' : 'step'] = name;
  item.querySelector('.step-title').textContent = title;
  // The tick is a picture; this is the same for those who listen.
  item.querySelector('.visually-hidden').textContent = step ? (step.failed ? ': refused' : ': done') : '';
  item.querySelector('.step-why').textContent = why;

  const link = item.querySelector('a');
  link.href = `https://www.rfc-editor.org/rfc/rfc${rfc}#section-${section}`;
  link.textContent = `RFC ${rfc}, ${section}`;

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
