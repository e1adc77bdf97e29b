// Compressed inside of the entry.
import text from 'claviger:deflated';

export function module() {
  const stream = new Blob([Uint8Array.fromBase64(btoa(text))]).stream();
  return new Response(stream.pipeThrough(new DecompressionStream('deflate-raw'))).arrayBuffer();
}

/** Nothing decompresses at once. */
export function moduleNow() {
  throw new Error('The module is not there yet.');
}
