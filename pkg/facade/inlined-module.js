// The module inside of the entry: a string with a character for each byte. docs/benchmarks.md compares
// this form with others, under "Loading": brotli makes base64 larger, unpacking it takes longer than it
// saves, and a file of its own costs a round trip.
import text from 'claviger:dense';
import { keep, known } from './compiled-module.js';

/** Twice through the browser's own code, where it has it: a loop over characters that runs once is interpreted. */
function bytes() {
  return Uint8Array.fromBase64?.(btoa(text)) ?? Uint8Array.from(text, (character) => character.charCodeAt());
}

/** Nothing else on a page has the module of the small build. */
export const moduleNow = IS_FULL ? () => (known() instanceof WebAssembly.Module ? known() : keep(new WebAssembly.Module(bytes()))) : bytes;

/** What another entry has on its way is not compiled a second time, unless it does not arrive. */
export function module() {
  return known()?.catch?.(moduleNow) ?? moduleNow();
}
