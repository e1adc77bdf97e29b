// The module's one door: numbers and texts by their positions in, a status and texts out. src/package/wire.rs has the
// other side.
import { buffer, call as enter, room } from 'claviger:glue';
import { ARGUMENTS, MORE_ROOM, NOW, REPLIES } from 'claviger:numbers';
import { OAuthError } from './oauth-error.js';
import { port } from './platform.js';

/** Bytes of a table's entry: a place and a length. */
const ENTRY_BYTES = 8;
/** Bytes that a call has beside three times its texts, for what the module decodes and writes. */
const FURTHER_BYTES = 8192;

let isCalling = false;
/** What every call throws after one has trapped: nobody knows what the memory holds. */
let failed;

/**
 * Calls the module: `args` stand in front of the texts of a client or of resources, and undefined is a text that is not
 * there. `storage` gives the storage of this call. The answer is its status, and behind it REPLIES texts.
 */
export function call(method, args, registered = [], storage) {
  if (failed) throw failed;
  if (isCalling) throw new OAuthError('module_failed', 'The module was called from within one of its own calls, as by a wrapped Storage; nothing was done.');
  const texts = [...args, ...Array(ARGUMENTS - args.length), ...registered];
  texts[NOW] = `${Math.floor(Date.now() / 1000)}`;
  const least = texts.reduce((bytes, text) => bytes + ENTRY_BYTES + (text?.length ?? 0) * 6, FURTHER_BYTES);
  isCalling = true;
  port.storage = storage;
  try {
    for (let bytes = least; ; bytes *= 4) {
      const answer = attempt(method, texts, bytes);
      if (answer[0] !== MORE_ROOM) return answer;
    }
  } finally {
    isCalling = false;
    port.storage = undefined;
  }
}

function attempt(method, texts, bytes) {
  const base = enterSafely(() => room(bytes));
  if (!base) throw new OAuthError('out_of_memory', 'There is no memory for so large a text; pass less, or load the page again.');
  const start = base + REPLIES * ENTRY_BYTES;
  const table = new Uint32Array(buffer(), start, texts.length * 2);
  const memory = new Uint8Array(buffer(), start, bytes - REPLIES * ENTRY_BYTES);
  const encoder = new TextEncoder();
  let place = texts.length * ENTRY_BYTES;
  texts.forEach((text, at) => {
    const { written } = encoder.encodeInto(text ?? '', memory.subarray(place));
    table.set(text === undefined ? [0, 0] : [place, written], at * 2);
    place += written;
  });
  const status = enterSafely(() => enter(method, texts.length, place));
  // No status is no answer, and never a yes.
  if (!status) throw failure();
  const replies = new Uint32Array(buffer(), base, REPLIES * 2);
  const decoder = new TextDecoder();
  const answer = [status];
  for (let at = 0; at < REPLIES * 2; at += 2) {
    answer.push(replies[at] ? decoder.decode(new Uint8Array(buffer(), replies[at], replies[at + 1])) : undefined);
  }
  // Nothing of a call stays behind.
  new Uint8Array(buffer(), base, bytes).fill(0);
  return answer;
}

function enterSafely(run) {
  try {
    return run();
  } catch {
    throw (failed = failure());
  }
}

function failure() {
  return new OAuthError('module_failed', 'The WebAssembly module stopped, so nothing it says counts any more; load the page again.');
}
