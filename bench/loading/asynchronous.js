// Characters inside of the entry, as it is, and compiled beside the page's thread.
import text from 'claviger:dense';

export const module = () => WebAssembly.compile(Uint8Array.fromBase64(btoa(text)));

export function moduleNow() {
  throw new Error('The module is not there yet.');
}
