// What callers see of the session: a frozen copy of the token, and events.
import { LONGEST_TIMER_MS } from './time-limits.js';

/** `onWake` calls back when a page that slept, or whose clock was changed, is looked at again. */
export function sessionEvents(onWake) {
  const listeners = new Set();
  let token = null;
  // Seconds since 1970; not a number without a session, and once its end has been told.
  let usableUntil;
  let timer;

  const left = () => usableUntil * 1000 - Date.now();

  function tell(type) {
    // A copy, so that a listener may subscribe or unsubscribe while it is told.
    for (const { listener } of [...listeners]) {
      try {
        listener({ type });
      } catch (error) {
        // Report a listener's error as an unhandled one, so that the other listeners are still told.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }

  // If the clock was changed or the end is beyond the longest timer, the time is not up yet, and a new timer starts.
  function watch() {
    clearTimeout(timer);
    if (left() > 0) {
      timer = setTimeout(watch, Math.min(left(), LONGEST_TIMER_MS));
      // In Node it would keep the process alive.
      timer.unref?.();
    } else if (left() <= 0) tell('expire', (usableUntil = NaN));
  }
  onWake(watch);

  return {
    tell,
    token: () => (left() > 0 ? token : null),
    start(started, until, type) {
      token = Object.freeze(started);
      usableUntil = until;
      tell(type);
      watch();
      return started;
    },
    end(type) {
      clearTimeout(timer);
      usableUntil = NaN;
      if (token) tell(type, (token = null));
    },
    subscribe(listener) {
      if (typeof listener !== 'function') throw new TypeError('listener must be a function.');
      // An object for each subscription, so that a listener that subscribes twice can end each on its own.
      const subscription = { listener };
      listeners.add(subscription);
      return () => void listeners.delete(subscription);
    },
  };
}
