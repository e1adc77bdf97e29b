// Makes each entry of the npm package one minified ES module.
// Usage: node bundle.mjs FILE, with [{"entry": …, "out": …, "tables": …, "glue": …, "wasm": …, "script": …}, …] in the file; without
// the last three, a classic script. "script" is the module as plain JavaScript; "tables" are the numbers and the words that the module and the
// facade share, as texts; "shares" is where to write how many bytes come from which file; "production" leaves out what an
// argument must be.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deflateRawSync } from 'node:zlib';
import { build } from 'esbuild';
import { moduleText } from './module-text.mjs';

/** Stands for the module's text until esbuild is done, which would change it. */
const PLACE = JSON.stringify('the text of the module');

const SNIPPET = /^\.\/snippets\/claviger-\w+\/(.+)$/;

/** The texts of the module that a form can import, each by its name. */
const TEXTS = {
  'claviger:text': ({ length, checksum }) => `export const text = ${PLACE}; export const length = ${length}; export const checksum = ${checksum};`,
  'claviger:base64': (_, bytes) => `export default '${bytes.toString('base64')}'`,
  'claviger:deflated': (_, bytes) => `export default '${deflateRawSync(bytes, { level: 9 }).toString('base64')}'`,
};

/** What the facade imports by name: the generated glue, the tables, and the module's text. */
function generated({ glue, script, tables, module, text, production }) {
  return {
    name: 'claviger',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^claviger:glue$/ }, () => ({ path: glue, sideEffects: false }));
      // wasm-bindgen copies what the module imports; the facade's own file is meant, which both share.
      onResolve({ filter: SNIPPET }, ({ path }) => ({ path: fileURLToPath(new URL(`../${SNIPPET.exec(path)[1]}`, import.meta.url)) }));
      onResolve({ filter: /^claviger:script$/ }, () => ({ path: script, sideEffects: false }));
      onResolve({ filter: /^claviger:/ }, ({ path }) => ({ path, namespace: 'claviger', sideEffects: false }));
      // The sentences for developers; tables has the others without them.
      if (production) onLoad({ filter: /\/musts\.js$/ }, async ({ path }) => ({ contents: (await readFile(path, 'utf8')).replaceAll(/ = .*;$/gm, " = '';") }));
      onLoad({ filter: /.*/, namespace: 'claviger' }, ({ path }) => ({
        contents: TEXTS[path]?.(text, module) ?? tables[path.slice('claviger:'.length)],
      }));
    },
  };
}

for (const { entry, out, wasm, shares, glue, script: plain, tables, production } of JSON.parse(await readFile(process.argv[2], 'utf8'))) {
  const module = wasm && (await readFile(wasm));
  const text = module && moduleText(module);
  const { metafile, outputFiles: [output] } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    metafile: true,
    minify: true,
    format: module ? 'esm' : 'iife',
    platform: 'browser',
    target: 'es2020',
    charset: 'ascii',
    // The glue's warnings of how it was called before.
    drop: ['console'],
    legalComments: 'none',
    logLevel: 'warning',
    plugins: [generated({ glue, script: plain, tables, module, text, production })],
  });
  const script = module ? output.text.replace(/(["'`])the text of the module\1/, () => text.literal) : output.text;
  await mkdir(dirname(out), { recursive: true });
  await writeFile(out, script);
  if (shares) {
    const [{ inputs }] = Object.values(metafile.outputs);
    const files = Object.entries(inputs).filter(([file]) => !file.startsWith('claviger:'));
    await writeFile(shares, JSON.stringify(Object.fromEntries(files.map(([file, { bytesInOutput }]) => [file, bytesInOutput]))));
  }
}
