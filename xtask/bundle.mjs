// Makes each entry of the npm package one minified ES module, its WebAssembly module inside.
// Usage: node bundle.mjs '[{"entry": …, "out": …, "glue": …, "wasm": …, "variant": …}, …]'; without those three, a classic script.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { build } from 'esbuild';

/** Stands for the module until esbuild is done. */
const PLACE = 'the module’s bytes';

/** What the entries import by name: the generated glue, the module's bytes, and the parts that this variant of the package is made of. */
function parts({ glue, variant }) {
  return {
    name: 'claviger',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^claviger:glue$/ }, () => ({ path: glue, sideEffects: false }));
      onResolve({ filter: /^claviger:variant$/ }, () => ({ path: variant }));
      onResolve({ filter: /^claviger:wasm$/ }, ({ path }) => ({ path, namespace: 'claviger' }));
      onLoad({ filter: /.*/, namespace: 'claviger' }, () => ({ contents: `export default ${JSON.stringify(PLACE)}` }));
    },
  };
}

/**
 * A string with a character for each byte: brotli finds in it what it finds in the module itself, and
 * base64 hides. Nothing but what a literal can't hold is escaped; esbuild would escape NUL as well,
 * for 460 bytes.
 */
function literal(bytes) {
  const escapes = { '\n': '\\n', '\r': '\\r', "'": "\\'", '\\': '\\\\' };
  return `'${bytes.toString('latin1').replaceAll(/[\n\r'\\]/g, (character) => escapes[character])}'`;
}

for (const { entry, out, glue, wasm, variant } of JSON.parse(process.argv[2])) {
  const { outputFiles: [output] } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    minify: true,
    format: wasm ? 'esm' : 'iife',
    platform: 'browser',
    target: 'es2022',
    charset: 'utf8',
    // The glue's warnings of how it was called before.
    drop: ['console'],
    legalComments: 'none',
    logLevel: 'warning',
    plugins: wasm ? [parts({ glue, variant })] : [],
  });
  let script = output.text;
  if (wasm) {
    const bytes = literal(await readFile(wasm));
    const place = JSON.stringify(PLACE);
    if (!script.includes(place)) throw new Error(`${entry} does not import claviger:wasm.`);
    script = script.replace(place, () => bytes);
  }
  await mkdir(dirname(out), { recursive: true });
  await writeFile(out, script);
}
