// The object that createClient gives.
import { extend, redeem, rescue, send } from 'claviger:variant';
import { asking, AUTHORIZE, CREATE, FINISH, LOGOUT, REFUSED, START } from './door.js';
import { check } from './oauth-error.js';
import { hold, take } from './captured-response.js';
import { readOptions, readRequest, url } from './client-options.js';
import { session } from './session-events.js';
import { tokenOf } from './token-response.js';

let clients = 0;

/** `call` is the module's door. */
export function client(call, options) {
  const ask = asking(call, clients);
  check(ask(CREATE, readOptions(options)));
  clients += 1;

  const { start, end, tell, token, subscribe } = session();
  // The address for which handleRedirect was called, and what came of it.
  let known = [];

  /** The session of a token that the module gave. */
  function begin(answer, type) {
    const token = start(tokenOf(answer), +(answer.usable_until ?? Infinity), type);
    if (IS_FULL && answer.unkept) tell('unkept');
    return token;
  }

  function accept(answer, type) {
    const { app_state, return_to } = answer;
    const appState = app_state && JSON.parse(app_state);
    return Object.freeze({
      token: begin(answer, type),
      ...(app_state && { appState }),
      ...(return_to && { returnTo: return_to }),
    });
  }

  async function authorizationUrl(parameters, options) {
    const { url } = check(ask(START, readRequest(parameters, options)));
    known = [];
    return new URL(url);
  }

  function finish(url, isShown) {
    const answer = ask(FINISH, url);
    const { address = url } = answer;
    if (isShown && address !== location.href) history.replaceState(history.state, '', address);
    const checked = check(answer);
    if (checked.access_token) return accept(checked, 'login');
    return IS_FULL ? redeem(checked, accept, ask, url) : null;
  }

  /** What comes of a response, and the same again for who asks again; nothing of what is none. */
  function answer(opened, isShown) {
    let outcome;
    try {
      outcome = finish(opened, isShown);
      if (!outcome) return;
    } catch (error) {
      outcome = IS_FULL && isShown ? rescue(error, opened) : Promise.reject(error);
      if (isShown && error.code === 'state_wrong_client') hold(opened, location.href);
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
      const held = isPage && take();
      if (!held && known[0] === asked) return known[1];
      const [opened, left] = held || [];
      // What came since stands in the address bar; what is held waits for its client then.
      const newer = !(held && left === page) && answer(asked, isPage);
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
  return IS_FULL ? extend(client, { accept, ask, begin, end, tell }, options) : client;
}
