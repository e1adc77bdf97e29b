// The record of the session in a store of the caller's, which may answer later or never. A turn of the session sees the
// record as it was last read. What another tab wrote since is heard before anything is written over it.
import { wrong } from './arguments.js';
import { BE_A_TOKEN_STORE } from './musts.js';
import { STORE_TIMEOUT_MS } from './time-limits.js';

/** The functions of a caller's store, read once; one that a page has added to Object.prototype is none. */
export function readStore(store) {
  return ['get', 'set', 'remove'].map((name) => {
    const run = store[name];
    if (typeof run !== 'function' || run === Object.prototype[name]) throw wrong('tokenStore', BE_A_TOKEN_STORE);
    return run.bind(store);
  });
}

/** `look` has the session read the record again. */
export function callersStore([get, set, remove], name, look) {
  let isKept = true;
  /** The record as the session has it, and as the store had it when it was asked last. */
  let record;
  let known;
  /** The store has not confirmed that it removed what it was told to. */
  let isUnsure = false;
  /** One operation at a time, in the order in which they were wanted. */
  let queue = Promise.resolve();
  const next = (run) => (queue = queue.then(run));

  async function erase() {
    isUnsure = true;
    try {
      await within(remove(name));
      isUnsure = false;
    } catch {}
  }

  /** What another tab wrote is heard first; then what was changed here meanwhile is judged by it. */
  function hear(theirs) {
    const [mine, before] = [record, known];
    known = record = theirs;
    look();
    if (mine === before) return;
    record = mine;
    look();
  }

  async function exchange() {
    if (!isKept) return;
    try {
      const found = await within(get(name));
      // Whatever is no text is no record.
      const theirs = (typeof found === 'string' && found) || undefined;
      if (theirs !== known) hear(theirs);
      const text = record;
      if (text === known) return;
      const written = (async () => (text === undefined ? remove(name) : set(name, text)))();
      // One that was given up may still write, over what came after it.
      written.catch(() => {}).then(() => isKept || erase());
      await within(written);
      known = text;
    } catch {
      isKept = false;
      // What is there belongs to an older session.
      if (record !== known) await erase();
      look();
    }
  }

  return {
    isShared: true,
    isKept: () => isKept,
    isUnsure: () => isUnsure,
    read: () => record,
    write(text) {
      record = text;
      next(exchange);
    },
    remove(isEverywhere) {
      record = undefined;
      next(isKept ? exchange : () => isEverywhere && erase());
    },
    fresh: (run) => next(exchange).then(run),
    settled: (run) => queue.then(run),
  };
}

/** What a store answers, if it does in time. */
async function within(answer) {
  let timer;
  const late = new Promise((_, reject) => (timer = setTimeout(reject, STORE_TIMEOUT_MS)));
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
