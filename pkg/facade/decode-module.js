// Reads the WebAssembly module out of the text that xtask/module-text.mjs makes of it: docs/module-text.md.
const MARKS = 6;
const PAGE = 40;

/** A tool on the way from the package to the page has changed the text. */
export class ModuleTextChanged extends Error {}

/** The text begins with its key: the marks, then the characters that stand for the bytes from 0. */
export function decodeModule(text, length, checksum) {
  const values = [];
  // Not an array that grows: the loop runs once, before any compiler has seen it, and is a third faster so.
  const bytes = new Uint8Array(text.length);
  let size = 0;
  let sum = 0;
  let page = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    sum = (sum * 33 + code) >>> 0;
    const value = values[code] ?? code;
    if (at < MARKS + PAGE) values[code] = at - MARKS;
    else if (value < 0) page = -value * PAGE;
    else {
      bytes[size++] = page + value;
      page = 0;
    }
  }
  if (text.length !== length || sum !== checksum) throw new ModuleTextChanged();
  return bytes.subarray(0, size);
}
