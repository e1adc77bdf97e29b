// What a server says beside the members that the standards define, as data. It is the server's, and decides nothing.

/** A value of JSON that nobody can change, and whose objects inherit nothing. */
function bare(_, value) {
  if (!(value instanceof Object)) return value;
  return Object.freeze(Array.isArray(value) ? value : Object.assign({ __proto__: null }, value));
}

/** From the module's text: JSON, or the pairs of a form, each behind its `&`. What can't be decoded is left out. */
export function furtherIn(text) {
  if (!text?.startsWith('&')) return text && JSON.parse(text, bare);
  const pairs = [...new URLSearchParams(text)].filter((pair) => !pair.join('').includes('\uFFFD'));
  return pairs.length ? bare('', Object.fromEntries(pairs)) : undefined;
}
