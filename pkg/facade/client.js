// The object that createClient gives.
import {
  ACCESS_TOKEN, ADDRESS, APP_STATE, CHECK_CLIENT, CHECK_RESOURCES, FINISH, RECORD, REQUEST, RETURN_TO, SESSION_NAME, START, STATUS,
  TOKEN, USABLE_UNTIL,
} from 'claviger:numbers';
import { url } from './arguments.js';
import { capture, takeCaptured } from './captured-response.js';
import { readClient } from './client-options.js';
import { call } from './door.js';
import { readRequest } from './login-request.js';
import { sessionEvents } from './session-events.js';
import { tokenOf } from './token-response.js';
import { check } from './verdict.js';
import { STORAGES } from './web-storage.js';

/** The application's state from the login's record; nothing if it is no JSON, because another program wrote it. */
function readAppState(text) {
  try {
    return { appState: JSON.parse(text) };
  } catch {
    return {};
  }
}

/** `parts` are what one entry has and another has not. */
export function client(options, parts) {
  const { further, texts, stateStore, resources, hasResources } = readClient(options, parts);
  const logins = STORAGES[stateStore] ?? parts.memoryStorage();
  const ask = (method, args = []) => call(method, args, texts, logins);
  const { [SESSION_NAME]: sessionName } = check(ask(CHECK_CLIENT));
  if (hasResources) check(call(CHECK_RESOURCES, [], resources));

  const { start, end, tell, token, subscribe } = sessionEvents(parts.onWake);
  /** The token that requests are sent with, until when, and the session as the module keeps it in a text. */
  const session = {};
  // The address for which handleRedirect was called, and what came of it.
  let known = [];

  /** What the entries for codes replace. */
  const hooks = { finish: FINISH, begin };

  function hold({ [ACCESS_TOKEN]: access, [USABLE_UNTIL]: until, [RECORD]: record }) {
    Object.assign(session, { access, until, record });
  }

  /** The session of a token that the module gave. */
  function begin(answer, type) {
    hold(answer);
    return start(tokenOf(answer), +(session.until ?? Infinity), type);
  }

  function accept(answer, type, { [APP_STATE]: appState, [RETURN_TO]: returnTo } = answer) {
    return Object.freeze({
      token: hooks.begin(answer, type),
      ...(appState && readAppState(appState)),
      ...(returnTo && { returnTo }),
    });
  }

  function forget() {
    hold({ __proto__: null });
  }

  async function authorizationUrl(parameters, options) {
    const { [ADDRESS]: address } = check(ask(START, readRequest(parameters, options)));
    known = [];
    return new URL(address);
  }

  /** Shows what is left of the address that the response came in. */
  function scrub(address) {
    if (address !== location.href) history.replaceState(history.state, '', address);
  }

  function finish(url, isShown) {
    const answer = ask(isShown ? hooks.finish : FINISH, [url]);
    const { [STATUS]: status, [ADDRESS]: address = url } = answer;
    // Start the request before the address changes, because the browser changes it on the thread that sends requests.
    // No other script runs between the two; if the address can't be changed, the request is aborted.
    const exchange = status === REQUEST && hooks.exchange(answer);
    try {
      if (isShown) scrub(address);
    } catch (error) {
      if (exchange) exchange.abandon();
      throw error;
    }
    check(answer);
    if (status === TOKEN) return accept(answer, 'login');
    return exchange || hooks.relayed?.(status, url) || null;
  }

  /** Answers a response, and keeps the outcome for the next question about the same address; nothing for other URLs. */
  function answer(opened, isShown) {
    let outcome;
    try {
      outcome = finish(opened, isShown);
      if (!outcome) return;
    } catch (error) {
      outcome = isShown && hooks.rescue ? hooks.rescue(error, opened) : Promise.reject(error);
      if (isShown && error.code === 'state_wrong_client') capture(opened, location.href);
    }
    known = [isShown ? location.href : opened, outcome];
    return known;
  }

  const client = {
    authorizationUrl,
    async login(parameters, options) {
      location.assign(await authorizationUrl(parameters, options));
    },
    async handleRedirect(given) {
      const page = globalThis.location?.href;
      const asked = given === undefined ? page : url(given, 'url');
      if (asked === undefined) return null;
      const isPage = asked === page;
      const captured = isPage && takeCaptured();
      if (!captured && known[0] === asked) return known[1];
      const [opened, left] = captured || [];
      // A response in the address bar is newer than the captured one, which then stays captured for its own client.
      const newer = !(captured && left === page) && answer(asked, isPage);
      if (captured && newer) capture(opened, left);
      const [, outcome = null] = newer || (captured && answer(opened, left === page)) || [];
      return outcome;
    },
    fetch: async (input, init) => parts.sendWithToken(input, init, resources, session, hooks.refused),
    token,
    subscribe,
    async logout() {
      forget();
      known = [];
      end('logout');
    },
  };
  return parts.extend?.({ accept, ask, begin, client, end, forget, hold, hooks, resources, session, sessionName, tell, texts }, further) ?? client;
}
