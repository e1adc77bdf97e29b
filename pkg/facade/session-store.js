// Where the record of the session is: in the storage that the client has chosen for it, or in memory.
import { STORAGES } from './web-storage.js';

/** `name` is where it stands. Without a `tokenStore` the session ends with the page. */
export function sessionStore(tokenStore, name) {
  const storage = STORAGES[tokenStore];
  let isKept = Boolean(storage);
  /** The record, where no storage has it. */
  let record;

  function attempt(run) {
    try {
      return run(storage()) ?? true;
    } catch {
      return false;
    }
  }

  return {
    /** Whether a storage has the record; one that has refused it is not asked again. */
    isKept: () => isKept,
    /** The record as it is now; nothing where there is none. */
    read: () => (isKept ? attempt((storage) => storage.getItem(name) ?? false) || undefined : record),
    write(text) {
      if (isKept) {
        isKept = attempt((storage) => storage.setItem(name, text));
        // What is there belongs to an older session.
        if (!isKept) attempt((storage) => storage.removeItem(name));
      }
      record = isKept ? undefined : text;
    },
    /** Also where the storage has refused this record: the session that ends may be the one that it has kept before. */
    remove() {
      record = undefined;
      if (storage) attempt((storage) => storage.removeItem(name));
    },
  };
}
