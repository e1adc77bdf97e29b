// A turn to ask for a token, one at a time among all contexts of the origin that see the same record.
import { OTHER_TAB_TIMEOUT_MS } from './time-limits.js';

/** How long what a tab wrote may take until another one reads it. */
export const SETTLING_MS = 250;

/**
 * Waits for the lock, and calls `begin` once: with 'held', with 'timeout' where another context keeps it for too long,
 * or with nothing where the platform has no locks. The function that comes back gives the lock away, or stops to wait.
 */
export function takeLock(name, begin) {
  const locks = globalThis.navigator?.locks;
  const waiting = new AbortController();
  let isOver = false;
  let give;

  function start(how) {
    if (isOver) return;
    clearTimeout(timer);
    isOver = true;
    begin(how);
  }

  const timer = setTimeout(() => {
    waiting.abort();
    start('timeout');
  }, OTHER_TAB_TIMEOUT_MS);
  timer.unref?.();

  function hold() {
    if (isOver) return undefined;
    // Promised before anything begins, because what begins may end at once.
    const held = new Promise((resolve) => (give = resolve));
    start('held');
    return held;
  }

  if (locks) locks.request(name, { signal: waiting.signal }, hold).catch(() => start());
  // Not before the caller knows how to give it back.
  else queueMicrotask(() => start());

  return (settling = SETTLING_MS) => {
    isOver = true;
    clearTimeout(timer);
    waiting.abort();
    // Until the next context can read what this one wrote.
    if (give) setTimeout(give, settling);
  };
}
