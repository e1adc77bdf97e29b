// One at a time, in this tab and across the tabs of the origin.

/** How long to wait for another tab, in milliseconds: one that is frozen never ends. */
const LIMIT = 10_000;

const queues = new Map();

/** Runs `run` when nobody else does under this name. */
export async function locked(name, run) {
  const locks = globalThis.navigator?.locks;
  if (!locks) return queued(name, run);
  let hasBegun = false;
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), LIMIT);
  try {
    return await locks.request(name, { signal: limit.signal }, () => {
      hasBegun = true;
      clearTimeout(timer);
      return run();
    });
  } catch (error) {
    if (hasBegun) throw error;
    // Nobody may have a lock here, or another tab keeps it for too long.
    return queued(name, run);
  } finally {
    clearTimeout(timer);
  }
}

/** The same within this tab alone. */
function queued(name, run) {
  const ended = (queues.get(name) ?? Promise.resolve()).then(run, run);
  queues.set(name, ended);
  return ended;
}
