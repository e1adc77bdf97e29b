// City Issues: signing in, and what is shown when. This is the file to copy from.

import { explain, AppError } from './errors.js';
import { createApi, filterOf, renderIssues } from './issues.js';
import { clearForm, fillDraft, isEmpty, keepCopy, readDraft, showFieldErrors, takeCopy } from './report.js';
import { keepFlow, readFlow, saysWho } from './flow.js';
import { isAboutIdToken } from './id-token.js';
import { clearSteps, listFlow, noteAnswer, noteDeparture, noteEnd, noteRenewal, noteReturn, noteSignedOutThere } from './steps.js';
import { showTrials } from './trials.js';
import './panel.js';

const $ = (selector) => document.querySelector(selector);

let setup;
let responseType;
let client;
let api;
let view = 'loading';
let busy = false;
let issues = [];

start();

async function start() {
  hideProblem();
  setBusy(true);
  let redirect;
  let isSignedOut;
  let problem;
  try {
    setup ??= await loadSetup();
    if (!client) await useFlow(readFlow() ?? setup.best.response_type);
    redirect = await client.handleRedirect();
    isSignedOut = Boolean(await client.handleLogout?.());
  } catch (error) {
    problem = error;
  }
  setBusy(!client);

  if (setup) showTrials(setup.control);
  if (redirect) {
    await noteReturn({ ...setup, redirect, idToken: client.idToken?.() });
    await signedIn(redirect);
    return;
  }
  // Refused; or back from signing out at the server; or no answer in the address: a
  // first visit, a reload, the Back button.
  if (problem) await noteReturn({ ...setup, error: problem });
  else if (isSignedOut) noteSignedOutThere();
  else clearSteps();
  show('out');
  if (isSignedOut) say('You are signed out, here and at the server.');
  fillDraft(takeCopy());
  if (problem) showProblem(problem, start);
}

async function loadSetup() {
  const response = await fetch('/config.json').catch(() => null);
  const config = response?.ok ? await response.json().catch(() => null) : null;
  if (!config) throw new AppError('config_unavailable');
  // A plain `import` at the top does as well; this way a package that can't be
  // loaded becomes a sentence and not an empty page.
  const [{ bestResponseType, createClient, discover }, { openid }] = await Promise.all([
    import('/pkg/wasm/claviger.js'),
    import('/pkg/wasm/openid.js'), // who the user is; an app that does not ask goes without
  ]).catch(() => {
    throw new AppError('package_missing');
  });
  const server = await discover(config.issuer);
  const best = bestResponseType(server);
  $('#flow-reason').textContent = best.reason;
  return { ...config, createClient, openid, server, best };
}

// The flow that the next sign-in takes. An app of one flow makes one client.
async function useFlow(chosen) {
  responseType = chosen;
  client = await makeClient(setup);
  api = createApi(client.fetch, setup.api, noteAnswer);
  $(`#flows [value="${responseType}"]`).checked = true;
  listFlow(responseType);
}

async function makeClient({ createClient, openid, server, client_id, redirect_uri, api }) {
  // With `openid` in its scope a client knows who its user is.
  const who = saysWho(responseType) ? { scope: 'openid profile issues', openid, post_logout_redirect_uri: redirect_uri } : { scope: 'profile issues' };
  const client = await createClient({
    server,
    client_id,
    redirect_uri,
    response_type: responseType,
    ...who,
    resources: [api], // the token may go here, and nowhere else
    autoRenew: true, // where the server gave a refresh token
  });
  client.subscribe(({ type }) => {
    if (type === 'renew') renewed();
    // One that can be renewed is not lost, as where the network is gone.
    if (type === 'expire' && client.state() === 'signed-out') sessionEnded({ code: 'token_expired' });
    if (type === 'revoke') sessionEnded({ code: 'api_unauthorized' });
    if (type === 'logout' && view === 'in') signedOut();
  });
  return client;
}

// Signing in

async function signIn() {
  if (busy) return;
  const draft = readDraft();
  setBusy(true);
  try {
    // `client.login(parameters, options)` is these two lines in one. They stand
    // apart because the panel tells about the URL before the browser follows it.
    const url = await client.authorizationUrl(undefined, {
      returnTo: location.pathname + location.search, // where to go on: the chosen filter
      appState: isEmpty(draft) ? undefined : { draft }, // anything JSON can hold; comes back with this sign-in only
    });
    await noteDeparture(url);
    keepFlow(responseType);
    keepCopy(draft);
    location.assign(url);
  } catch (error) {
    setBusy(false);
    showProblem(error, signIn);
  }
}

async function signedIn({ token, claims, appState, returnTo }) {
  if (returnTo) history.replaceState(history.state, '', returnTo);
  takeCopy(); // the sign-in went well: appState has the draft
  if (fillDraft(appState?.draft)) $('#report-status').textContent = 'Your draft came back with you.';
  showSession(token);
  show('in');
  showWho(claims);
  await load();
  $('#hello').focus(); // the page has become another one: go on from its heading
}

// Who it is stands in the verified ID token, before any request is sent. Without one
// the page has only the word of the API, which comes later.
function showWho({ name } = {}) {
  $('#profile-name').textContent = name ?? '';
  labelWho();
}

function labelWho() {
  const label = $('#profile-name').textContent ? 'Signed in as' : 'Signed in';
  $('#hello-label').textContent = view === 'ended' ? 'No longer signed in' : label;
}

function showSession({ expires_at }) {
  const end = expires_at ? `Until ${clock(expires_at)}${responseType === 'code' ? ', and renewed before that' : ''}.` : 'The server set no end.';
  $('#session').textContent = `${end} The token is kept in this page’s memory alone, so reloading signs you out.`;
}

// It is renewed unasked, too; the button is there to see it happen.
async function renew() {
  if (busy) return;
  hideProblem();
  say('');
  setBusy(true);
  try {
    await client.renew();
    say('The token was renewed.');
  } catch (error) {
    noteRenewal({ error });
    // The session goes on with the token that it has.
    const code = isAboutIdToken(error) ? 'renewal_refused' : 'renewal_failed';
    if (client.token()) showProblem(new AppError(code, { error: error.code }), renew);
    else sessionEnded(error);
  } finally {
    setBusy(false);
  }
}

function renewed() {
  const token = client.token();
  noteRenewal({ token, idToken: client.idToken?.() });
  if (view === 'ended') {
    show('in');
    hideProblem();
  }
  showSession(token);
}

async function signOut() {
  const { server } = setup;
  // With an ID token the page then goes to the server, which ends its session, too.
  const endSession = saysWho(responseType);
  try {
    await client.logout(endSession ? { revoke: true, endSession } : { revoke: true });
    noteEnd({ server, endSession });
  } catch (error) {
    noteEnd({ server, endSession, error });
    showProblem(error);
  }
}

function signedOut() {
  noteEnd();
  forget();
  show('out');
  hideProblem();
  say(`You are signed out, and the token is forgotten here.${saysWho(responseType) ? '' : ' The server’s own pages may still know you.'}`);
  $('#welcome').focus();
}

// Expired, or no longer accepted: the page stays as it is, with all that was
// typed, and only asks to sign in again.
function sessionEnded(error) {
  if (view === 'out') return;
  show('ended');
  $('#session').textContent = issues.length > 0 ? 'The list below is as it was.' : '';
  showProblem(error);
}

function forget() {
  issues = [];
  renderIssues(issues, 'all');
  $('#profile-name').textContent = '';
  $('#standing').textContent = '';
  $('#session').textContent = '';
}

// Data

async function load() {
  hideProblem();
  $('#hello').setAttribute('aria-busy', 'true');
  $('#issues-status').textContent = 'Loading your reports…';
  try {
    await Promise.all([loadProfile(), loadIssues()]);
  } catch (error) {
    if (issues.length === 0) $('#issues-status').textContent = 'Your reports could not be loaded.';
    failed(error, load);
  } finally {
    $('#hello').removeAttribute('aria-busy');
  }
}

async function loadProfile() {
  const { name, witty_title: title, civic_points: points } = await api.profile();
  if (!saysWho(responseType)) showWho({ name });
  $('#standing').textContent = `${title}, with ${points} civic points`;
}

async function loadIssues() {
  issues = await api.issues();
  renderIssues(issues, filterOf(location.href));
}

async function sendReport() {
  if (busy) return;
  const draft = readDraft();
  hideProblem();
  setBusy(true);
  $('#report-status').textContent = 'Sending…';
  try {
    await api.report(draft);
    clearForm();
    choose('/');
    await loadIssues();
    $('#report-status').textContent = 'Thank you. Your report is in the list below.';
  } catch (error) {
    $('#report-status').textContent = '';
    if (error.code === 'api_invalid') {
      const others = showFieldErrors(error.fields);
      $('#report-status').textContent = ['Not sent yet: please look at the marked fields.', ...others].join(' ');
    } else {
      failed(error, sendReport);
    }
  } finally {
    setBusy(false);
  }
}

// The errors that end a session end it wherever they come up.
async function failed(error, again) {
  if (['token_expired', 'login_required', 'api_unauthorized'].includes(error.code)) {
    sessionEnded(error);
    if (error.code === 'api_unauthorized') await client.logout(); // whatever is left of the token is of no use
  } else {
    showProblem(error, again);
  }
}

// What is shown: never a notice and a problem at once, because the newer of the two
// makes the older one untrue.

function show(name) {
  view = name;
  for (const element of document.querySelectorAll('[data-view]')) {
    const { view, flow = responseType } = element.dataset;
    element.hidden = !view.split(' ').includes(name) || !flow.split(',').includes(responseType);
  }
  labelWho();
  markFilter();
  say('');
}

function say(text) {
  if (text) hideProblem();
  $('#notice').textContent = text;
}

let retry;

function showProblem(error, again) {
  const { sentence, next, action, calm, detail } = explain(error);
  say('');
  const text = $('#problem-template').content.cloneNode(true);
  text.querySelector('.problem-sentence').textContent = sentence;
  text.querySelector('.problem-next').textContent = next;
  $('#problem-text').replaceChildren(text);
  $('#problem-detail').textContent = detail;

  retry = again;
  $('#retry').hidden = action !== 'retry' || !again;
  $('#sign-in-again').hidden = action !== 'sign-in' || view === 'out'; // there the page has its own
  $('#problem').classList.toggle('calm', calm);
  $('#problem').hidden = false;
}

function hideProblem() {
  // A button of its own may have the focus, and would take it along.
  if ($('#problem').contains(document.activeElement)) $('#main').focus();
  $('#problem').hidden = true;
  $('#problem-text').replaceChildren();
}

// aria-disabled and not disabled: a button that is disabled while it has the
// focus loses it, and whoever uses the keyboard starts again at the top.
function setBusy(value) {
  busy = value;
  for (const button of document.querySelectorAll('main button:not(#retry)')) button.setAttribute('aria-disabled', String(busy));
  $('#flows').disabled = busy;
}

function clock(seconds) {
  return new Date(seconds * 1000).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
}

// The filter is part of the address, so that it can be linked to and returned to.

function choose(href) {
  if (href !== location.pathname + location.search) history.pushState(null, '', href);
  markFilter();
  renderIssues(issues, filterOf(location.href));
}

function markFilter() {
  for (const link of document.querySelectorAll('#filters a')) {
    if (filterOf(link.href) === filterOf(location.href)) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
}

$('#filters').addEventListener('click', (event) => {
  const link = event.target.closest('a');
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  choose(link.getAttribute('href'));
});
addEventListener('popstate', () => {
  markFilter();
  if (view === 'in') renderIssues(issues, filterOf(location.href));
});

$('#sign-in-start').addEventListener('click', signIn);
$('#sign-in-again').addEventListener('click', signIn);
$('#retry').addEventListener('click', () => retry());
$('#renew').addEventListener('click', renew);
$('#sign-out').addEventListener('click', signOut);
$('#flows').addEventListener('change', async ({ target }) => {
  await useFlow(target.value);
  clearSteps();
  show('out');
});
$('#report-form').addEventListener('submit', (event) => {
  event.preventDefault();
  if (view === 'in') sendReport();
  else signIn();
});

// Back from the server by the Back button: the browser may show this page as it
// was left, with its buttons still waiting for the redirect.
addEventListener('pageshow', (event) => {
  if (event.persisted) setBusy(false);
});
