// One run of something, for everybody who waits for it.
import { abortFor, reasonOf } from './abort.js';

/**
 * Runs `run` at once, with a signal that aborts when nobody waits any more. It is told a moment later:
 * a component that is taken down and set up again, as React's StrictMode does, waits for it again.
 */
export function sharedWait(run) {
  const abandoned = new AbortController();
  const outcome = run(abandoned.signal);
  // Whoever waits gets the error; without anybody it is not reported as unhandled.
  outcome.catch(() => {});
  let waiting = 0;

  return {
    /** Aborts the run, whoever waits for it. */
    abandon: () => abandoned.abort(),
    async wait(signal) {
      waiting += 1;
      try {
        return await until(outcome, signal);
      } finally {
        waiting -= 1;
        setTimeout(() => waiting || abortFor(abandoned, signal?.reason));
      }
    },
  };
}

/** `outcome`, or the reason of a signal that aborts first. */
export function until(outcome, signal) {
  if (!signal) return outcome;
  return new Promise((resolve, reject) => {
    const abort = () => reject(reasonOf(signal));
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, { once: true });
    outcome.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
