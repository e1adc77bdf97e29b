// The session of the implicit entry: a token in the page's memory, which ends with its time or with a logout.
import { ACCESS_TOKEN, ADDRESS, FINISH, START, USABLE_UNTIL } from 'claviger:numbers';
import { sendWithToken } from './authorization-header.js';
import { readRequest } from './login-request.js';
import { redirectOf } from './redirect.js';
import { subscribers } from './subscribers.js';
import { LONGEST_TIMER_MS } from './time-limits.js';
import { tokenOf } from './token-response.js';
import { check } from './verdict.js';

export function openSession({ ask, resources }) {
  const { subscribe, tell } = subscribers();
  /** What a request is sent with, and until when: seconds since 1970 as text, absent where nobody knows. */
  let held = { __proto__: null };
  let token = null;
  let isTold;
  let timer;

  const left = () => (held.until ?? Infinity) * 1000 - Date.now();

  // If the clock was changed or the end is beyond the longest timer, the time is not up yet, and a new timer starts.
  function watch() {
    clearTimeout(timer);
    if (held.until === undefined) return;
    if (left() > 0) {
      timer = setTimeout(watch, Math.min(left(), LONGEST_TIMER_MS));
      // In Node it would keep the process alive.
      timer.unref?.();
    } else if (token && !isTold) {
      isTold = true;
      tell({ type: 'expire' });
    }
  }

  return {
    start: async (parameters, options) => check(ask(START, readRequest(parameters, options)))[ADDRESS],
    finish: (url) => ask(FINISH, [url]),
    accept(answer) {
      // Another login is another user, for all that anybody knows.
      const wasSignedIn = token && !isTold;
      held = { __proto__: null, access: answer[ACCESS_TOKEN], until: answer[USABLE_UNTIL] };
      token = Object.freeze(tokenOf(answer));
      isTold = false;
      const redirect = redirectOf(answer, { token });
      tell(...(wasSignedIn ? [{ type: 'logout' }] : []), { type: 'login' });
      watch();
      return redirect;
    },
    /** What came of a response, if its session has not ended since. */
    recall(redirect) {
      return redirect?.token === token ? redirect : null;
    },
    methods: {
      fetch: async (input, init) => sendWithToken(input, init, resources, held),
      token: () => (left() > 0 ? token : null),
      subscribe,
      async logout() {
        clearTimeout(timer);
        held = { __proto__: null };
        if (!token) return;
        token = null;
        tell({ type: 'logout' });
      },
    },
  };
}
