// Makes a module and its glue as small as they get.
// Usage: node shrink.mjs GLUE.js MODULE.wasm OUT_GLUE.js OUT_MODULE.wasm OUT_SCRIPT_GLUE.js OUT_SCRIPT.js; the last two are for pages
// where WebAssembly is forbidden.
//
// What goes, beside what wasm-opt finds: exports that the glue has no word of, among them those of a table of JavaScript's
// values, of which the door has none; what wasm-bindgen's glue does for callers that the facade is not; the words of a panic,
// which nobody would hear before the trap; and the long names of imports and exports, on both sides.
import { execFileSync } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import binaryen from 'binaryen';
import { toJavaScript } from './no-wasm.mjs';

const [glue, from, outGlue, out, outScriptGlue, outScript] = process.argv.slice(2);
/** The glue begins with what it makes for the door, and goes on with ways to load it that the facade does not use. */
const END = /\nlet wasmModule, wasmInstance, wasm;\n/;
const NEEDLESS = [
  [/ {8}__wbindgen_init_externref_table: function\(\) \{.*?\n {8}\},\n/s, ''],
  [/ {8}__proto__: null,\n/, ''],
  [/ {8}__proto__: null,\n/, ''],
  // An outgrown memory of plain JavaScript is not detached.
  ['cachedUint8ArrayMemory0.byteLength === 0', 'cachedUint8ArrayMemory0.buffer !== wasm.memory.buffer'],
];
/** What takes their place: at once, and for browsers that compile no large module at once. */
const LOADING = `
let wasm;
export function instantiateNow(source) {
  const imports = __wbg_get_imports();
  if (typeof source === 'function') wasm = source(imports);
  else wasm = new WebAssembly.Instance(source instanceof WebAssembly.Module ? source : new WebAssembly.Module(source), imports).exports;
}
export async function instantiate(source) {
  const made = await WebAssembly.instantiate(source, __wbg_get_imports());
  wasm = (made.instance ?? made).exports;
}
/** The memory in which calls and answers stand. */
export const buffer = () => wasm.memory.buffer;
`;
/** Of twenty ways through wasm-opt the one whose outcome brotli makes smallest: 200 bytes below -Oz alone. */
const SMALLER = [
  '--strip-debug', '--strip-producers', '--low-memory-unused', '--skip-pass=local-cse', '--one-caller-inline-max-function-size=100',
  '--converge', '-Oz', '--flatten', '--rereloop', '-Oz', '-Oz',
];
/**
 * Who panics, and writes the message of it, in names such as `core[0123456789abcdef]::panicking::panic_fmt`. Nobody else
 * formats: the door answers in numbers and texts.
 */
const PANIC = /^<*(\w+ as )?core\[\w+\]::(panicking|fmt|str::count|slice::index::slice_index_fail)\b/;
/** Those that Rust's target has by default; which of them are left in the end, the table of docs/browsers.md depends on. */
const FEATURES = ['MutableGlobals', 'NontrappingFPToInt', 'SignExt', 'BulkMemory', 'BulkMemoryOpt', 'ReferenceTypes', 'Multivalue'];

const generated = await readFile(glue, 'utf8');
for (const needless of [END, ...NEEDLESS.map(([needless]) => needless)]) {
  if (generated.search(needless) < 0) throw new Error(`The glue of this wasm-bindgen has no ${needless}; correct shrink.mjs.`);
}
const door = generated.slice(0, generated.search(END));
const script = NEEDLESS.reduce((script, [needless, instead]) => script.replace(needless, instead), door) + LOADING;
const module = binaryen.readBinary(await readFile(from));
module.setFeatures(FEATURES.reduce((all, name) => all | binaryen.Features[name], 0));
for (let at = module.getNumExports() - 1; at >= 0; at -= 1) {
  const { name } = binaryen.getExportInfo(module.getExportByIndex(at));
  if (!script.includes(`.${name}`)) module.removeExport(name);
}
for (let at = 0; at < module.getNumFunctions(); at += 1) {
  const ref = module.getFunctionByIndex(at);
  if (PANIC.test(binaryen.getFunctionInfo(ref).name)) binaryen.Function.setBody(ref, module.unreachable());
}
const pruned = `${out}.pruned`;
await writeFile(pruned, module.emitBinary());

const MINIFY = '--minify-imports-and-exports-and-modules';

// The module as plain JavaScript: from here, because what comes next may use what has no form in it.
const renamed = `${out}.renamed`;
const namesOfScript = wasmOpt(pruned, renamed, MINIFY);
await writeFile(outScript, toJavaScript(await readFile(renamed)));
await writeFile(outScriptGlue, withNames(namesOfScript));

const optimized = `${out}.optimized`;
wasmOpt(pruned, optimized, ...SMALLER);
const names = wasmOpt(optimized, out, MINIFY, '--strip-target-features');
await writeFile(outGlue, withNames(names));
await Promise.all([pruned, renamed, optimized].map((file) => rm(file)));

function wasmOpt(input, output, ...options) {
  const program = fileURLToPath(new URL('node_modules/binaryen/bin/wasm-opt', import.meta.url));
  return execFileSync(process.execPath, [program, input, '-o', output, '--detect-features', ...options], { encoding: 'utf8' });
}

/** The glue with the short names of a module. */
function withNames(names) {
  const { imports, exports } = JSON.parse(names);
  let renamed = script.replaceAll(/"\.\/\w+_bg\.js"/g, 'a');
  for (const [, long, short] of imports) renamed = renamed.replaceAll(`${long}: `, `${short}: `);
  for (const [long, short] of exports) renamed = renamed.replaceAll(new RegExp(`\\bwasm\\.${long}\\b`, 'g'), `wasm.${short}`);
  return renamed;
}
