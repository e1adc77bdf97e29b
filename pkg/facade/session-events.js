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
        // The listener's own error goes where unhandled ones go, and is nobody else's.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }

  // A clock that was changed, or an end beyond the longest timer, only makes it look again.
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
      // One of its own for each subscription, so that each ends once.
      const subscription = { listener };
      listeners.add(subscription);
      return () => void listeners.delete(subscription);
    },
  };
}
