// Makes a module and its glue as small as they get.
// Usage: node shrink.mjs GLUE.js MODULE.wasm OUT_GLUE.js OUT_MODULE.wasm
//
// What goes, beside what wasm-opt finds: exports that the glue has no word of; the machinery that
// words a panic, which nobody would read, since a panic ends in a trap either way; js-sys's futures,
// which are linked although nothing awaits; and the long names of imports and exports, on both sides.
import { execFileSync } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import binaryen from 'binaryen';

const [glue, from, outGlue, out] = process.argv.slice(2);
const UNUSED = /panick|panic_fmt|handle_alloc_error|fmt::Write|::jspi::|convert::closures::_::invoke/;
/** Those that Rust's target has by default, and all engines of the support table. */
const FEATURES = ['MutableGlobals', 'NontrappingFPToInt', 'SignExt', 'BulkMemory', 'BulkMemoryOpt', 'ReferenceTypes', 'Multivalue'];

const script = await readFile(glue, 'utf8');
const module = binaryen.readBinary(await readFile(from));
module.setFeatures(FEATURES.reduce((all, name) => all | binaryen.Features[name], 0));
for (let at = module.getNumExports() - 1; at >= 0; at -= 1) {
  const { name } = binaryen.getExportInfo(module.getExportByIndex(at));
  if (!script.includes(`.${name}`)) module.removeExport(name);
}
for (let at = 0; at < module.getNumFunctions(); at += 1) {
  const ref = module.getFunctionByIndex(at);
  const { name, module: imported } = binaryen.getFunctionInfo(ref);
  if (imported === '' && UNUSED.test(name)) binaryen.Function.setBody(ref, module.unreachable());
}
const pruned = `${out}.pruned`;
await writeFile(pruned, module.emitBinary());

const optimized = `${out}.optimized`;
wasmOpt(pruned, optimized, '--converge', '-Oz', '--low-memory-unused', '--strip-debug', '--strip-producers');
const names = wasmOpt(optimized, out, '--minify-imports-and-exports-and-modules', '--strip-target-features');
await Promise.all([rm(pruned), rm(optimized)]);

function wasmOpt(input, output, ...options) {
  const program = fileURLToPath(new URL('node_modules/binaryen/bin/wasm-opt', import.meta.url));
  return execFileSync(process.execPath, [program, input, '-o', output, '--detect-features', ...options], { encoding: 'utf8' });
}

const { imports, exports } = JSON.parse(names);
let renamed = script.replaceAll(/"\.\/\w+_bg\.js"/g, 'a');
for (const [, long, short] of imports) renamed = renamed.replaceAll(`${long}: `, `${short}: `);
for (const [long, short] of exports) renamed = renamed.replaceAll(new RegExp(`\\bwasm\\.${long}\\b`, 'g'), `wasm.${short}`);
await writeFile(outGlue, renamed);
