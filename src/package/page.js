// What the module asks the platform for. Nothing here throws: an answer of undefined or false says so.

const storage = (isLocal) => (isLocal ? localStorage : sessionStorage);

/** '' where there is nothing under this key; an empty text is one that can't be read. */
export function getItem(isLocal, key) {
  try {
    const text = storage(isLocal).getItem(key);
    return text === null ? '' : text || ' ';
  } catch {}
}

/** An empty text removes what is under this key. */
export function setItem(isLocal, key, text) {
  try {
    if (text) storage(isLocal).setItem(key, text);
    else storage(isLocal).removeItem(key);
    return true;
  } catch {
    return false;
  }
}
