// Turns a WebAssembly module into plain JavaScript, for pages where WebAssembly is forbidden.
//
// binaryen's wasm2js translates the functions. What it puts around them is written anew here, smaller: it keeps one
// memory for all instances, answers a failed memory.grow as if it had not failed, and holds the data in base64.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import binaryen from 'binaryen';

/** Those that Rust's target has by default, but for multivalue, of which wasm2js makes nothing. */
const FEATURES = [
  'mutable-globals', 'nontrapping-float-to-int', 'sign-ext', 'bulk-memory', 'bulk-memory-opt', 'reference-types',
];
/** What makes the JavaScript smallest; docs/module-text.md has the figures. */
const SMALLER = ['-Oz', '--flatten', '--rereloop', '-Oz', '-Oz'];

const VIEWS = {
  HEAP8: 'Int8Array',
  HEAPU8: 'Uint8Array',
  HEAP16: 'Int16Array',
  HEAPU16: 'Uint16Array',
  HEAP32: 'Int32Array',
  HEAPU32: 'Uint32Array',
  HEAPF32: 'Float32Array',
  HEAPF64: 'Float64Array',
};

/** What the functions call and wasm2js defines elsewhere. The instruction memory.grow answers -1 and never throws. */
const HELPERS = {
  wasm2js_trap: `() => { throw new Error('unreachable'); }`,
  wasm2js_memory_copy: `(to, from, length) => HEAPU8.copyWithin(to, from, from + length)`,
  wasm2js_memory_fill: `(to, value, length) => HEAPU8.fill(value, to, to + length)`,
  __wasm_memory_size: `() => HEAPU8.length >>> 16`,
  __wasm_memory_grow: `(pages) => { try { return memory.grow(pages >>> 0); } catch { return -1; } }`,
  wasm2js_scratch_load_i32: `(at) => scratch.getInt32(at * 4, true)`,
  wasm2js_scratch_store_i32: `(at, value) => scratch.setInt32(at * 4, value, true)`,
  wasm2js_scratch_load_f64: `() => scratch.getFloat64(0, true)`,
  wasm2js_scratch_store_f64: `(value) => scratch.setFloat64(0, value, true)`,
  wasm2js_scratch_load_f32: `() => scratch.getFloat32(8, true)`,
  wasm2js_scratch_store_f32: `(value) => scratch.setFloat32(8, value, true)`,
};

/**
 * The source of an ES module that exports `instantiate(imports)`, which returns what the exports of a
 * WebAssembly.Instance would be. It differs from them where WebAssembly traps: an address outside of the memory is read
 * as 0 and written to without effect, and a division by zero gives 0. And a buffer that was outgrown is not detached.
 */
export function toJavaScript(wasm) {
  refuseWhatHasNoForm(binaryen.readBinary(wasm));
  const written = translate(wasm);
  const part = (pattern, what) => {
    const found = pattern.exec(written);
    if (!found) throw new Error(`The output of this wasm2js has no ${what}; correct no-wasm.mjs.`);
    return found[1];
  };
  const functions = part(/ var Math_sqrt = Math\.sqrt;\n(.*?)\n bufferView = HEAPU8;\n/s, 'functions');
  const table = /\n var FUNCTION_TABLE = (?:Table\()?(\[[^\]]*\])\)?;\n/.exec(written)?.[1];
  const members = part(/\n return \{\n(.*?)\n \};\n\}\n/s, 'exports');
  const pages = part(/ var buffer = new ArrayBuffer\((\d+)\);\n/, 'memory') / 65536;
  const most = /newPages <= (\d+)/.exec(written)?.[1] ?? 65535;
  const segments = [...written.matchAll(/base64DecodeToExistingUint8Array\(bufferView, (\d+), "([^"]*)"\);/g)];

  const views = Object.keys(VIEWS).filter((name) => name === 'HEAPU8' || functions.includes(`${name}[`));
  // With a `$` in its name it is a variable that a function declares itself.
  const helpers = [...new Set(functions.match(/\b(?:wasm2js|__wasm_memory)_\w+(?![\w$])/g))];
  const unknown = helpers.find((name) => !HELPERS[name]);
  if (unknown) throw new Error(`The module does what needs ${unknown}, which no-wasm.mjs has not.`);
  const maths = [...new Set(functions.match(/\bMath_\w+/g))];
  return [
    'export function instantiate(imports) {',
    `let ${views.join(', ')};`,
    `function view(buffer) { ${views.map((name) => `${name} = new ${VIEWS[name]}(buffer);`).join(' ')} }`,
    `const memory = {
      get buffer() { return HEAPU8.buffer; },
      grow(pages) {
        const before = HEAPU8;
        const size = before.length / 65536;
        if (size + pages > ${most}) throw new RangeError('memory');
        view(new ArrayBuffer((size + pages) * 65536));
        HEAPU8.set(before);
        return size;
      },
    };`,
    ...maths.map((name) => `const ${name} = ${name.replace('_', '.')};`),
    ...when(helpers.some((name) => name.includes('scratch')), 'const scratch = new DataView(new ArrayBuffer(12));'),
    ...helpers.map((name) => `const ${name} = ${HELPERS[name]};`),
    functions,
    ...when(table, `const FUNCTION_TABLE = ${table};`),
    `view(new ArrayBuffer(${pages * 65536}));`,
    'const place = (at, text) => { for (const byte of text) HEAPU8[at++] = byte.charCodeAt(); };',
    ...segments.map(([, at, base64]) => `place(${at}, ${literal(Buffer.from(base64, 'base64'))});`),
    `return {\n${members.replace(/Object\.create\(.*?\n +\}\)/s, 'memory')}\n};`,
    '}\n',
  ].join('\n');
}

/** A line that is there if it is needed. */
function when(needed, line) {
  return needed ? [line] : [];
}

/** In ASCII, and of what is not printable as little as possible. */
function literal(bytes) {
  const escaped = (character) => `\\x${character.charCodeAt().toString(16).padStart(2, '0')}`;
  return `'${bytes.toString('latin1').replaceAll(/[^ -~]|['\\]/g, escaped)}'`;
}

function refuseWhatHasNoForm(module) {
  const upTo = (count) => [...Array(count).keys()];
  const functions = upTo(module.getNumFunctions()).map((at) => binaryen.getFunctionInfo(module.getFunctionByIndex(at)));
  const exports = upTo(module.getNumExports()).map((at) => binaryen.getExportInfo(module.getExportByIndex(at)));
  const exported = exports.filter(({ kind }) => kind === binaryen.ExternalFunction).map(({ value }) => value);
  const border = functions.filter(({ name, module: imported }) => imported || exported.includes(name));
  const types = border.flatMap(({ params, results }) => [params, results].flatMap(binaryen.expandType));
  const refuse = (sentence) => {
    throw new Error(`This module has no form without WebAssembly: ${sentence}`);
  };
  if (types.includes(binaryen.i64)) refuse('a function at its border has a 64-bit integer, which is two numbers.');
  if (exports.some(({ kind }) => kind === binaryen.ExternalTable)) refuse('a table is exported, which is an array.');
  if (module.emitText().includes('trunc_sat')) {
    refuse('a float becomes an integer by saturation, of which binaryen makes other values.');
  }
  if (module.getMemoryInfo().module) refuse('its memory is imported, and could not grow.');
}

function translate(wasm) {
  const folder = mkdtempSync(join(tmpdir(), 'no-wasm-'));
  try {
    const [from, optimized, to] = ['from.wasm', 'optimized.wasm', 'to.js'].map((name) => join(folder, name));
    writeFileSync(from, wasm);
    run('wasm-opt', from, '-o', optimized, ...SMALLER);
    run('wasm2js', optimized, '-o', to, '-Oz');
    return readFileSync(to, 'utf8');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function run(tool, ...args) {
  const program = fileURLToPath(new URL(`node_modules/binaryen/bin/${tool}`, import.meta.url));
  const features = FEATURES.map((name) => `--enable-${name}`);
  execFileSync(process.execPath, [program, ...features, ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
}
