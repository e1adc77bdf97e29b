// What fetch is asked for: a copy of what the caller gave, whose headers are ours to change.

/** The URL that a caller means. */
export function targetOf(input) {
  return input instanceof Request ? input.url : new URL(input, globalThis.location?.href).href;
}

/** A Request; or, where the caller gave none and `mayBePlain`, options with their URL, of which fetch makes one itself. */
export function asked(input, target, init, mayBePlain) {
  const isRequest = input instanceof Request;
  const isPlain = init === undefined || init === null || Object.getPrototypeOf(init) === Object.prototype;
  if (isRequest || !isPlain || !mayBePlain) return new Request(isRequest ? input : target, init);
  return { ...init, url: target, headers: new Headers(init?.headers) };
}

export function fetchAsked(asked, changes) {
  return asked instanceof Request ? fetch(asked, changes) : fetch(asked.url, { ...asked, ...changes });
}
