// What a client has beside with OpenID Connect: who the user is, and the ways back to the provider.
import { ADDRESS, DONE, END_SESSION, END_SESSION_ENDPOINT, SESSION_ENDED, STATUS } from 'claviger:numbers';
import { membersOf, readSignal, url, wrong } from './arguments.js';
import { call } from './door.js';
import { readRequest } from './login-request.js';
import { BE_FRAME_OR_REDIRECT } from './musts.js';
import { OAuthError } from './oauth-error.js';
import { redirectOf } from './redirect.js';
import { until } from './shared-wait.js';
import { askUserinfo } from './userinfo.js';
import { check } from './verdict.js';

const VIAS = ['frame', 'redirect'];
/** Of a renewal: what only the user can change. */
const NEEDS_USER = ['interaction_required', 'login_required'];

/** `session` is what a client's session does and says. */
export function openidMethods(texts, claims, session) {
  const { idToken, logins, name, state, subscribe, token } = session;
  /** The last ID token: it serves as a hint when its session is over, too, unless the user has left. */
  let hint = idToken();
  /** The address for which handleLogout was called, and what came of it. */
  let answered = [];
  /** Where a tab remembers that it has left for the server to see whether somebody is signed in there. */
  const asked = `claviger:asked:${name}`;

  subscribe(({ type }) => {
    if (type === 'logout') hint = undefined;
    if (type === 'login' || type === 'renew') hint = idToken();
    if (type === 'login') forget(asked);
  });

  return {
    claims: () => claims(idToken()),
    idToken: () => idToken() ?? null,
    userinfo: (options) => askUserinfo(texts, claims, session, readSignal(options)),

    async resume(options) {
      const signal = readSignal(options);
      const { via = 'frame' } = { via: membersOf(options ?? {}, 'options')('via') };
      if (!VIAS.includes(via)) throw wrong('via', BE_FRAME_OR_REDIRECT);
      await until(session.ready, signal);
      // A refused refresh token leaves the other way.
      for (let tries = 0; tries < 2; tries += 1) {
        if (state() === 'signed-in') return token();
        if (via === 'redirect' && state() === 'signed-out') break;
        try {
          return await session.renew({ signal });
        } catch (error) {
          if (NEEDS_USER.includes(error.code)) return null;
          if (error.error !== 'invalid_grant') throw error;
        }
      }
      if (via === 'frame' || !remember(asked)) return null;
      location.assign(await session.start({ prompt: 'none' }, options));
      // The page is left.
      return until(new Promise(() => {}), signal);
    },

    async logout(options) {
      const option = membersOf(options ?? {}, 'options');
      const logout = () => session.logout({ revoke: option('revoke') });
      if (!option('endSession')) return logout();
      const request = readRequest(option('parameters'), options);
      let address;
      let failure;
      answered = [];
      try {
        if (!texts[END_SESSION_ENDPOINT]) throw new OAuthError('end_session_unavailable', "The server's metadata has no end_session_endpoint; the session is forgotten here, and the user stays signed in there.");
        address = check(call(END_SESSION, [...request, hint], texts, logins))[ADDRESS];
      } catch (error) {
        // A wrong argument changes nothing.
        if (error instanceof TypeError) throw error;
        failure = error;
      }
      try {
        await logout();
      } finally {
        if (address) location.assign(address);
      }
      if (failure) throw failure;
    },

    async handleLogout(given) {
      const page = globalThis.location?.href;
      const opened = given === undefined ? page : url(given, 'url');
      if (opened === undefined) return null;
      if (answered[0] === opened) return answered[1];
      const answer = call(SESSION_ENDED, [opened], texts, logins);
      if (answer[STATUS] !== DONE) return null;
      const isPage = opened === page;
      if (isPage) history.replaceState(history.state, '', answer[ADDRESS]);
      answered = [isPage ? location.href : opened, redirectOf(answer, {})];
      return answered[1];
    },
  };
}

function forget(name) {
  try {
    sessionStorage.removeItem(name);
  } catch {}
}

/** Whether it is remembered now, and was not before. */
function remember(name) {
  try {
    const isFirst = sessionStorage.getItem(name) === null;
    sessionStorage.setItem(name, '1');
    return isFirst;
  } catch {
    return false;
  }
}
