// The module's one door: numbers and texts by their positions in, a status and texts out. src/package/wire.rs has the
// other side.
import { buffer, call as enter, room } from 'claviger:glue';
import { ARGUMENTS, MORE_ROOM, REPLIES, STATUS } from 'claviger:numbers';
import { OAuthError } from './oauth-error.js';
import { port } from './platform.js';
import { blank } from './texts.js';

/** Bytes of a number, and of a table's entry: a place and a length. */
const NUMBER_BYTES = 4;
const ENTRY_BYTES = 8;
/** Bytes that a call has beside six times its texts, for what the module reads from a storage, decodes and writes. */
const FURTHER_BYTES = 16_384;

let isCalling = false;
/** What every call throws after one has trapped: nobody knows what the memory holds. */
let failed;

/**
 * Calls the module: `args` stand in front of the texts of a client or of resources, and undefined is a text that is not
 * there. `storage` gives the storage of this call. The answer is its status, and behind it its texts at their positions.
 */
export function call(method, args, registered = [], storage) {
  if (failed) throw failed;
  if (isCalling) throw fromWithin();
  const texts = [...args, ...blank(ARGUMENTS - args.length), ...registered];
  const least = texts.reduce((bytes, text) => bytes + ENTRY_BYTES + (text?.length ?? 0) * 6, FURTHER_BYTES);
  isCalling = true;
  port.storage = storage;
  try {
    for (let bytes = least; ; bytes *= 4) {
      const answer = attempt(method, texts, bytes);
      if (answer[STATUS] !== MORE_ROOM) return answer;
    }
  } finally {
    isCalling = false;
    port.storage = undefined;
  }
}

/** The whole of the memory, as bytes and as numbers; made anew when it has grown. */
let memory;
let numbers;
// Not at once, because an import touches nothing.
let encoder;
let decoder;

function look() {
  if (memory?.buffer === buffer()) return;
  memory = new Uint8Array(buffer());
  numbers = new Uint32Array(buffer());
  encoder ??= new TextEncoder();
  decoder ??= new TextDecoder('utf-8', { ignoreBOM: true });
}

function attempt(method, texts, bytes) {
  const base = enterSafely(() => room(bytes));
  if (!base) throw new OAuthError('out_of_memory', 'There is no memory for so large a text; pass less, or load the page again.');
  look();
  const table = base + REPLIES * ENTRY_BYTES;
  let place = texts.length * ENTRY_BYTES;
  memory.fill(0, table, table + place);
  for (let at = 0; at < texts.length; at += 1) {
    if (texts[at] === undefined) continue;
    const { written } = encoder.encodeInto(texts[at], memory.subarray(table + place, base + bytes));
    const entry = (table + at * ENTRY_BYTES) / NUMBER_BYTES;
    numbers[entry] = place;
    numbers[entry + 1] = written;
    place += written;
  }
  const status = enterSafely(() => enter(method, texts.length, place, Math.floor(Date.now() / 1000)));
  // No status is no answer, and never a yes.
  if (!status) throw failure();
  look();
  const answer = blank(REPLIES);
  answer[STATUS] = status;
  for (let at = 1; at < REPLIES; at += 1) {
    const entry = (base + at * ENTRY_BYTES) / NUMBER_BYTES;
    const start = numbers[entry];
    if (start) answer[at] = decoder.decode(memory.subarray(start, start + numbers[entry + 1]));
  }
  // Nothing of a call stays behind.
  memory.fill(0, base, base + bytes);
  return answer;
}

/** What a call is answered with that comes from within another one, such as from a wrapped Storage. */
export function fromWithin() {
  return new OAuthError('module_failed', 'The module was called from within one of its own calls, as by a wrapped Storage; nothing was done.');
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
