// The object that createClient gives.
import { read } from './core.js';
import { send } from './fetch.js';
import { hold, take } from './held.js';
import { readOptions, readRequest, url } from './options.js';
import { session } from './session.js';

let clients = 0;

export function client(core, options) {
  read(core.create(String(readOptions(options))));
  const id = clients++;
  const { start, end, token, subscribe } = session(() => core.usableFor(id));
  // The address for which handleRedirect was called, and what came of it.
  let known = [];

  async function authorizationUrl(parameters, options) {
    const { url } = read(core.start(id, ...readRequest(parameters, options)));
    known = [];
    return new URL(url);
  }

  async function answer(opened, isShown) {
    const form = core.finish(id, opened);
    const address = new URLSearchParams(form).get('address') ?? opened;
    if (isShown && address !== location.href) history.replaceState(history.state, '', address);
    const { access_token, expires_at, scope, app_state, return_to } = read(form);
    if (!access_token) return null;
    const appState = app_state && JSON.parse(app_state);
    start({
      access_token,
      token_type: 'Bearer',
      ...(expires_at && { expires_at: Number(expires_at) }),
      ...(scope && { scope }),
    });
    return Object.freeze({
      token: token(),
      ...(app_state && { appState }),
      ...(return_to && { returnTo: return_to }),
    });
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
      const [opened, left] = held || [asked, page];
      const isShown = isPage && left === page;
      const outcome = answer(opened, isShown);
      const scrubbed = isShown ? location.href : opened;
      outcome.catch((error) => {
        if (isShown && error.code === 'state_wrong_client') hold(opened, scrubbed);
      });
      known = [scrubbed, outcome];
      return outcome;
    },
    fetch: async (input, init) => send(input, init, (url) => read(core.authorize(id, url)).header),
    token,
    subscribe,
    async logout() {
      core.logout(id);
      known = [];
      end();
    },
  };
}
