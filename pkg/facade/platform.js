// What the module asks of the platform during a call: the storage that the call is for, and random bytes. Nothing
// here throws, because that would end the module's call in its middle: the result says what happened.

/** The call's storage, as a function, because a browser that blocks storage throws when it is asked for one. */
export const port = { storage: undefined };

const decode = (bytes) => new TextDecoder().decode(bytes);

/** Bytes written; 0 where nothing is under this name, -1 where the storage can't be read, -2 where there is no room. */
export function getItem(name, into) {
  try {
    const text = port.storage().getItem(decode(name));
    if (text === null) return 0;
    // An empty text must not look like an absent one, so it becomes one that the module can't read.
    const { read, written } = new TextEncoder().encodeInto(text || ' ', into);
    return read < text.length ? -2 : written;
  } catch {
    return -1;
  }
}

/** An empty text removes what is under this name. */
export function setItem(name, bytes) {
  try {
    const key = decode(name);
    const text = decode(bytes);
    if (text) port.storage().setItem(key, text);
    else port.storage().removeItem(key);
    return true;
  } catch {
    return false;
  }
}

/** Fills the bytes from the platform's CSPRNG; false where it has none. */
export function fillRandom(bytes) {
  try {
    crypto.getRandomValues(bytes);
    return true;
  } catch {
    return false;
  }
}
