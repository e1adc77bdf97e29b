// The object that createClient gives.
import { send } from 'claviger:sending';
import { OAuthError } from './error.js';
import { hold, take } from './held.js';
import { readOptions, readRequest, url } from './options.js';
import { session } from './session.js';

// What the module's door does; src/package/door.rs has the same numbers.
const CREATE = 0;
const START = 1;
const FINISH = 2;
const AUTHORIZE = 3;
const LOGOUT = 4;
const REFUSED = 5;

let clients = 0;

/** `call` is the module's door: a method, a client and a text in, a form out. */
export function client(call, options) {
  const ask = (method, text) => Object.fromEntries(new URLSearchParams(call(method, id, text)));
  const id = clients;
  check(ask(CREATE, readOptions(options)));
  clients += 1;

  const { start, end, token, subscribe } = session();
  // The address for which handleRedirect was called, and what came of it.
  let known = [];

  async function authorizationUrl(parameters, options) {
    const { url } = check(ask(START, readRequest(parameters, options)));
    known = [];
    return new URL(url);
  }

  function finish(url, isShown) {
    const answer = ask(FINISH, url);
    const { address = url } = answer;
    if (isShown && address !== location.href) history.replaceState(history.state, '', address);
    const { access_token, expires_at, usable_until = Infinity, scope, app_state, return_to } = check(answer);
    if (!access_token) return null;
    const appState = app_state && JSON.parse(app_state);
    const token = { access_token, token_type: 'Bearer', ...(expires_at && { expires_at: +expires_at }), ...(scope && { scope }) };
    return Object.freeze({
      token: start(token, +usable_until),
      ...(app_state && { appState }),
      ...(return_to && { returnTo: return_to }),
    });
  }

  /** What comes of a response, and the same again for who asks again; nothing of what is none. */
  function answer(opened, isShown) {
    let outcome;
    try {
      outcome = finish(opened, isShown);
      if (!outcome) return;
    } catch (error) {
      outcome = Promise.reject(error);
      if (isShown && error.code === 'state_wrong_client') hold(opened, location.href);
    }
    known = [isShown ? location.href : opened, outcome];
    return known;
  }

  return {
    authorizationUrl,
    async login(parameters, options) {
      location.assign(await authorizationUrl(parameters, options));
    },
    async handleRedirect(given) {
      const page = globalThis.location?.href;
      const asked = given === undefined ? page : url(given, 'url');
      if (asked === undefined) return null;
      const isPage = asked === page;
      const held = isPage && take();
      if (!held && known[0] === asked) return known[1];
      const [opened, left] = held || [];
      // What came since stands in the address bar; what is held waits for its client then.
      const newer = left !== page && answer(asked, isPage);
      if (held && newer) hold(opened, left);
      const [, outcome = null] = newer || (held && answer(opened, left === page)) || [];
      return outcome;
    },
    fetch: async (input, init) => send(input, init, (text) => check(ask(AUTHORIZE, text)), (text) => ask(REFUSED, text).revoked && end('revoke')),
    token,
    subscribe,
    async logout() {
      ask(LOGOUT, '');
      known = [];
      end('logout');
    },
  };
}

/** An answer with a message is a failure. */
export function check({ code, message, address, ...answer }) {
  if (code) throw new OAuthError(code, message, answer);
  if (message) throw new TypeError(message);
  return answer;
}
