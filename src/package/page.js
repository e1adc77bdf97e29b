// What the module asks the platform for. Nothing here throws: an answer of undefined or false says so.

/** '' where there is nothing under this key; an empty text is one that can't be read. */
export function getItem(store, key) {
  try {
    const text = globalThis[store].getItem(key);
    return text === null ? '' : text || ' ';
  } catch {}
}

/** An empty text removes what is under this key. */
export function setItem(store, key, text) {
  try {
    if (text) globalThis[store].setItem(key, text);
    else globalThis[store].removeItem(key);
    return true;
  } catch {
    return false;
  }
}
