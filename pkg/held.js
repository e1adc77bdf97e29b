// A response that was taken out of the address bar, by claviger/early or for another client on this
// page, stays under a name that nothing enumerates: [its URL, what was left in the address bar].
const NAME = Symbol.for('claviger');

export function take() {
  const held = globalThis[NAME];
  delete globalThis[NAME];
  return held;
}

export function hold(url, left) {
  globalThis[NAME] = [url, left];
}
