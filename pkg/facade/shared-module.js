// The module inside of an entry that shares it with others on the page.
import { keep, known } from './compiled-module.js';
import { bytes, refused } from './inlined-module.js';

export { bytes, refused };

export function sourceNow() {
  const module = known();
  return module instanceof WebAssembly.Module ? module : keep(new WebAssembly.Module(bytes()));
}

/** What another entry has on its way is not compiled a second time, unless it does not arrive. */
export const source = () => known()?.catch?.(sourceNow) ?? sourceNow();
