// The object that createClient gives.
import { ADDRESS, CHECK_CLIENT, CHECK_RESOURCES, JOB, REQUEST, SESSION_NAME, STATUS, TOKEN, UNVERIFIED } from 'claviger:numbers';
import { throwIfAborted } from './abort.js';
import { readSignal, url } from './arguments.js';
import { capture, takeCaptured } from './captured-response.js';
import { readClient } from './client-options.js';
import { call } from './door.js';
import { keptIn } from './redirect.js';
import { sharedWait } from './shared-wait.js';
import { check, errorOf } from './verdict.js';
import { STORAGES } from './web-storage.js';

/** `parts` are what one entry has and another has not, `addOn` the option `openid`. A promise where the session's store answers later. */
export function client(options, parts, addOn) {
  const { further, texts, stateStore, resources, hasResources } = readClient(options, parts, addOn);
  const logins = STORAGES[stateStore] ?? parts.memoryStorage();
  /** Calls a method of this client's; `storage` keeps the logins that it is about. */
  const ask = (method, args = [], storage = logins) => call(method, args, texts, storage);
  const { [SESSION_NAME]: name } = check(ask(CHECK_CLIENT));
  if (hasResources) check(call(CHECK_RESOURCES, [], resources));
  const sharesLogins = parts.claim && stateStore === 'local';
  const session = parts.openSession({ ask, logins, name, texts, resources, sharesLogins }, further);
  // The address for which handleRedirect was called, and what came of it.
  let known = [];

  async function authorizationUrl(parameters, options) {
    const address = await session.start(parameters, options);
    known = [];
    return new URL(address);
  }

  /** Shows what is left of the address that the response came in. */
  function scrub(address) {
    const { href } = location;
    if (address === href) return;
    history.replaceState(history.state, '', address);
    // Chromium ignores a page that changes it too often, where others throw.
    if (location.href === href) throw new DOMException('The browser left the response in the address, as where a page has changed it too often; nobody was signed in.', 'SecurityError');
  }

  /** The logins as they are and stay, for seeing what a response comes to before it is used up. */
  function unchanged() {
    const storage = logins();
    return { getItem: (name) => storage.getItem(name), setItem() {}, removeItem() {} };
  }

  /** Takes a response to a login that other tabs see, too: one of them does. It counts as of when it came here. */
  function claimed(url, isShown) {
    const { [STATUS]: status, [ADDRESS]: address = url, [JOB]: job } = session.finish(url, unchanged);
    if (status !== TOKEN && status !== REQUEST && status !== UNVERIFIED) return finish(url, isShown);
    if (isShown) scrub(address);
    return sharedWait(async (signal) => {
      const give = await parts.claim(`${name} response`);
      let outcome;
      try {
        // Whoever has given up is signed in by nobody, and the login stays.
        throwIfAborted(signal);
        outcome = finish(url, false, job);
      } finally {
        give();
      }
      return outcome ? outcome.wait(signal) : null;
    });
  }

  function finish(url, isShown, job) {
    const answer = session.finish(url, undefined, job);
    const { [STATUS]: status, [ADDRESS]: address = url } = answer;
    const isReadable = Boolean(keptIn(answer));
    // Start the request before the address changes, because the browser changes it on the thread that sends requests.
    // No other script runs between the two; if the address can't be changed, the request is aborted.
    const exchange = isReadable && (status === REQUEST || status === UNVERIFIED) && session.exchange(answer);
    try {
      if (isShown) scrub(address);
    } catch (error) {
      if (exchange) exchange.abandon();
      throw error;
    }
    check(answer);
    // A record that can't be read counts as absent.
    if (!isReadable) throw errorOf('unknown_state');
    if (status !== TOKEN) return exchange;
    const redirect = session.accept(answer);
    return { wait: async () => redirect };
  }

  // Nothing that holds a token outlives its session.
  session.methods.subscribe(({ type }) => {
    if ((type === 'logout' || type === 'revoke') && !session.methods.token()) known = [];
  });

  /** Answers a response, and keeps the outcome for the next question about the same address; nothing for other URLs. */
  function answer(opened, isShown) {
    let outcome;
    try {
      outcome = sharesLogins ? claimed(opened, isShown) : finish(opened, isShown);
      if (!outcome) return;
    } catch (error) {
      const refused = (isShown && session.rescue?.(error, opened)) || Promise.reject(error);
      // Whoever asks gets the error.
      refused.catch(() => {});
      outcome = { wait: () => refused };
      if (isShown && error.code === 'state_wrong_client') capture(opened, location.href);
    }
    known = [isShown ? location.href : opened, outcome];
    return known;
  }

  /** What came of a response, as it is now: nothing of a session that has ended since. */
  async function settled(outcome, signal) {
    return session.recall(await outcome.wait(signal));
  }

  const { logout, ...methods } = session.methods;
  const made = {
    authorizationUrl,
    async login(parameters, options) {
      location.assign(await authorizationUrl(parameters, options));
    },
    async handleRedirect(given, options) {
      const signal = readSignal(options);
      const page = globalThis.location?.href;
      const asked = given === undefined ? page : url(given, 'url');
      if (asked === undefined) return null;
      const isPage = asked === page;
      const captured = isPage && takeCaptured();
      if (!captured && known[0] === asked) return settled(known[1], signal);
      const [opened, left] = captured || [];
      // A response in the address bar is newer than the captured one, which then stays captured for its own client.
      const newer = !(captured && left === page) && answer(asked, isPage);
      if (captured && newer) capture(opened, left);
      const [, outcome] = newer || (captured && answer(opened, left === page)) || [];
      return outcome ? settled(outcome, signal) : null;
    },
    ...methods,
    async logout(options) {
      known = [];
      await logout(options);
    },
  };
  return session.opened ? session.opened.then(() => made) : made;
}
