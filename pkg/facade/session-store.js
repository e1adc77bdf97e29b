// Where the record of the session is: in the storage that the client has chosen for it, or in memory.
import { callersStore } from './callers-store.js';
import { STORAGES } from './web-storage.js';

/** `name` is where it stands. Without a `tokenStore` the session ends with the page. `look` has the session read it again. */
export function sessionStore(tokenStore, name, look) {
  if (Array.isArray(tokenStore)) return callersStore(tokenStore, name, look);
  const storage = STORAGES[tokenStore];
  let isKept = Boolean(storage);
  /** The record as it was last read or written. */
  let record;

  /** Runs `run` with the storage; one that refuses is not asked again. */
  function attempt(run) {
    try {
      return run(storage());
    } catch {
      isKept = false;
      return undefined;
    }
  }

  function erase() {
    try {
      storage().removeItem(name);
    } catch {}
  }

  return {
    /** Whether other tabs see the record. */
    isShared: tokenStore === 'local',
    /** Whether the storage has the record. */
    isKept: () => isKept,
    /** The record as it is now; nothing where there is none. A storage that refuses to say has not lost it. */
    read() {
      const text = isKept ? attempt((storage) => storage.getItem(name)) : undefined;
      if (isKept) record = text ?? undefined;
      return record;
    },
    write(text) {
      record = text;
      if (!isKept) return;
      attempt((storage) => storage.setItem(name, text));
      // What is there belongs to an older session.
      if (!isKept) erase();
    },
    /** `isEverywhere` also where the storage has refused this record: it may have kept an older one. */
    remove(isEverywhere) {
      record = undefined;
      if (storage && (isKept || isEverywhere)) erase();
    },
    /** Whether what was to be removed may still be there. */
    isUnsure: () => false,
    /** Runs what needs the record as the storage has it now. */
    fresh: (run) => void run(),
    /** Runs what is to come when all that was written or removed is; gives what that gives. */
    settled: (run) => run(),
  };
}
