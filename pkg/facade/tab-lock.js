// One at a time, in this tab and across the tabs of the origin.
import { OTHER_TAB_TIMEOUT_MS } from './time-limits.js';

/** How long what a tab wrote may take until another one reads it. */
const SETTLING_MS = 250;

const queues = new Map();

/** Runs `run` when nobody else does under this name. */
export function locked(name, run) {
  const locks = globalThis.navigator?.locks;
  if (!locks) return queued(name, run);
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), OTHER_TAB_TIMEOUT_MS);
  return new Promise((resolve) => {
    const begin = async () => {
      clearTimeout(timer);
      const outcome = run();
      resolve(outcome);
      await outcome.catch(() => {});
      // Keep the lock until the next tab can read what this one wrote; callers in this tab have the outcome already.
      await new Promise((settled) => setTimeout(settled, SETTLING_MS));
    };
    locks.request(name, { signal: limit.signal }, begin).catch(() => {
      clearTimeout(timer);
      // Locks are forbidden here, or another tab has kept this one for too long.
      resolve(queued(name, run));
    });
  });
}

/** The same within this tab alone. */
function queued(name, run) {
  const ended = (queues.get(name) ?? Promise.resolve()).then(run, run);
  queues.set(name, ended);
  return ended;
}
