// Writes a WebAssembly module as text that no tool on its way to a page has a reason to change, for
// pkg/facade/decode-module.js to read. docs/module-text.md describes the form, and compares it with others.

/** How many bytes have a character of the key each; a mark before it adds a multiple of their number. */
const PAGE = 40;
const MARKS = Math.ceil(256 / PAGE) - 1;

/** Printable ASCII without a space, and without what a string, a template or a script in a page has to escape. */
const ALPHABET = [...'!#%&()*+,-./0123456789:;=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_abcdefghijklmnopqrstuvwxyz{|}~'];

/** The text, as such and as a literal, with its length and its checksum, which `decodeModule` takes after it. */
export function moduleText(bytes) {
  const key = keyOf(bytes);
  const [marks, page] = [key.slice(0, MARKS), key.slice(MARKS)];
  let text = key.join('');
  for (const byte of bytes) {
    const itself = String.fromCharCode(byte);
    if (byte < PAGE) text += page[byte];
    else if (ALPHABET.includes(itself) && !key.includes(itself)) text += itself;
    else text += marks[MARKS - Math.floor(byte / PAGE)] + page[byte % PAGE];
  }
  return { literal: `'${text}'`, text, length: text.length, checksum: checksum(text) };
}

/** The characters that the module needs least for themselves, in the order of their codes. */
function keyOf(bytes) {
  const counts = new Array(256).fill(0);
  for (const byte of bytes) counts[byte] += 1;
  const needed = (character) => (character.charCodeAt() < PAGE ? 0 : counts[character.charCodeAt()]);
  return ALPHABET.toSorted((one, other) => needed(one) - needed(other))
    .slice(0, MARKS + PAGE)
    .sort();
}

/** Multiplied by an odd number, different sums stay different: a single changed character always shows. */
function checksum(text) {
  let sum = 0;
  for (const character of text) sum = (sum * 33 + character.charCodeAt()) >>> 0;
  return sum;
}
