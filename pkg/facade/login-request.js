// The arguments of a login: what is kept here until its response comes, and what is sent.
import { form, membersOf, wrong } from './arguments.js';
import { BE_JSON, BE_SMALL } from './musts.js';

/** Bytes of JSON that appState may have. */
const MAX_APP_STATE_BYTES = 65_536;

/** As the module takes them: the application's state, the path to go on with, parameters. */
export function readRequest(parameters = {}, options = {}) {
  const further = form(parameters);
  const option = membersOf(options, 'options');
  const appState = option('appState');
  const returnTo = option('returnTo');
  return [appState === undefined ? undefined : json(appState), returnTo === undefined ? undefined : `${returnTo}`, further];
}

function json(value) {
  let text;
  try {
    text = JSON.stringify(value);
  } catch {}
  if (text === undefined) throw wrong('appState', BE_JSON);
  if (new TextEncoder().encode(text).length > MAX_APP_STATE_BYTES) throw wrong('appState', BE_SMALL);
  return text;
}
