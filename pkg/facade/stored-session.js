// The session in the storage that the client has chosen for it, as the module's text.
import { STORAGES } from './web-storage.js';

/** `name` is where it stands. Without a `tokenStore` nothing is kept, and the session ends with the page. */
export function storedSession(tokenStore, name) {
  const storage = STORAGES[tokenStore];
  // A store that has refused a session is not asked again: what is there belongs to an older one.
  let isKept = Boolean(storage);

  function attempt(run) {
    try {
      return run(storage()) ?? true;
    } catch {
      return false;
    }
  }

  function remove() {
    if (storage) attempt((storage) => storage.removeItem(name));
  }

  return {
    isKept: () => isKept,
    /** The text; nothing where there is none. */
    read: () => attempt((storage) => storage.getItem(name) ?? false) || undefined,
    /** Whether it is kept now, or was never to be. */
    write(record) {
      if (!isKept) return true;
      isKept = attempt((storage) => storage.setItem(name, record));
      if (!isKept) remove();
      return isKept;
    },
    remove,
  };
}
