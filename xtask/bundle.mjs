// Makes each entry of the npm package one minified ES module, its WebAssembly module inside.
// Usage: node bundle.mjs '[{"entry": …, "out": …, "glue": …, "wasm": …}, …]'; without glue and wasm, a classic script.
import { readFile, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';

/** What the facade imports by name: the generated glue, the module's bytes, and the error class that the glue throws. */
function variant({ glue, wasm }) {
  return {
    name: 'claviger',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^claviger:glue$/ }, () => ({ path: glue, sideEffects: false }));
      onResolve({ filter: /^claviger:wasm$/ }, () => ({ path: wasm, namespace: 'claviger-wasm' }));
      onLoad({ filter: /.*/, namespace: 'claviger-wasm' }, async ({ path }) => ({
        contents: `export default ${literal(await readFile(path))};`,
      }));
    },
  };
}

/** A string with a character for each byte: brotli finds in it what it finds in the module itself, and base64 hides. */
function literal(bytes) {
  return JSON.stringify(bytes.toString('latin1'));
}

/** The crate's own JavaScript lies beside the glue, in a folder whose name wasm-bindgen makes up. */
async function snippet(glue, name) {
  const folder = join(dirname(glue), 'snippets');
  const found = (await readdir(folder, { recursive: true })).find((file) => file.endsWith(`/${name}`));
  if (found === undefined) throw new Error(`The glue has no ${name}; declare it in src/browser/.`);
  return join(folder, found);
}

for (const job of JSON.parse(process.argv[2])) {
  const isModule = job.wasm !== undefined;
  await build({
    entryPoints: [job.entry],
    outfile: job.out,
    bundle: true,
    minify: true,
    format: isModule ? 'esm' : 'iife',
    platform: 'browser',
    target: 'es2022',
    charset: 'utf8',
    legalComments: 'none',
    logLevel: 'warning',
    plugins: isModule ? [variant(job)] : [],
  });
}
