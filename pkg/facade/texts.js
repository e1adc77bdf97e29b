// Texts by their positions, for the module.

/** So many of them, none of which is there. Not a single hole, because a hole is read from Object.prototype. */
export function blank(count) {
  return Array.from({ __proto__: null, length: count }, () => undefined);
}
