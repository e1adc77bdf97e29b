// What callers see of the session: a frozen copy of the token, and events.

/** Longest time that the platform's timers wait, in milliseconds. */
const LONGEST = 2 ** 31 - 1;

/** `usableFor` gives the seconds for which the token may still be sent. */
export function session(usableFor) {
  const listeners = new Set();
  let token = null;
  let timer;

  function tell(type) {
    // A copy, so that a listener may subscribe or unsubscribe while it is told.
    for (const { listener } of [...listeners]) {
      try {
        listener({ type });
      } catch (error) {
        // The listener's own error goes where unhandled ones go, and is nobody else's.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }

  // A clock that was changed, or an end beyond the longest timer, only makes it look again.
  function watch() {
    const left = usableFor() * 1000;
    if (left === Infinity) return;
    if (left > 0) timer = setTimeout(watch, Math.min(left, LONGEST));
    else tell('expire');
  }

  return {
    token: () => (usableFor() > 0 ? token : null),
    start(started) {
      clearTimeout(timer);
      token = Object.freeze(started);
      tell('login');
      watch();
    },
    end() {
      clearTimeout(timer);
      if (token) tell('logout', (token = null));
    },
    subscribe(listener) {
      if (typeof listener !== 'function') throw new TypeError('listener must be a function.');
      // One of its own for each subscription, so that each ends once.
      const subscription = { listener };
      listeners.add(subscription);
      return () => void listeners.delete(subscription);
    },
  };
}
