// Makes each entry of the npm package one minified ES module.
// Usage: node bundle.mjs '[{"entry": …, "out": …, "glue": …, "wasm": …, "variant": …, "form": …}, …]'; without the last four, a
// classic script. The form says where the module is: inside, as text, or in a file of its own; "shares" is where to
// write how many bytes come from which file.
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { build } from 'esbuild';

/** The texts of the module that a form can import, each from `claviger:` and its name, as literals. */
const TEXTS = {
  dense: literal,
  base64: (bytes) => `'${bytes.toString('base64')}'`,
  deflated: (bytes) => literal(deflateRawSync(bytes, { level: 9 })),
};

/** Stands for a text until esbuild is done. */
const place = (name) => JSON.stringify(`the module’s ${name} text`);

/** What the entries import by name: the generated glue, and the parts that this one is made of. */
function parts({ glue, variant, form }) {
  return {
    name: 'claviger',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^claviger:glue$/ }, () => ({ path: glue, sideEffects: false }));
      onResolve({ filter: /^claviger:variant$/ }, () => ({ path: variant }));
      onResolve({ filter: /^claviger:form$/ }, () => ({ path: form }));
      onResolve({ filter: /^claviger:/ }, ({ path }) => ({ path: path.slice('claviger:'.length), namespace: 'claviger' }));
      onLoad({ filter: /.*/, namespace: 'claviger' }, ({ path }) => ({ contents: `export default ${place(path)}` }));
    },
  };
}

/** What esbuild puts in for these names, and then leaves out what can't be reached. */
function constants(module, isFull, waits) {
  const hash = createHash('sha256').update(module).digest('base64').slice(0, 8);
  return { IS_FULL: `${isFull}`, WAITS: `${waits}`, MODULE_HASH: JSON.stringify(hash) };
}

/**
 * A template with a character for each byte: brotli finds in it what it finds in the module itself, and
 * base64 hides. Bundlers leave a tagged one as it is; of a string esbuild escapes control characters, or
 * all that is not ASCII, for 500 bytes in the smaller entry and 1,350 in the other. What no template can
 * hold stands in substitutions.
 */
function literal(bytes) {
  const unfit = /\\+(?=[`\r]|\$\{|$)|[`\r]|\$(?=\{)/g;
  return `String.raw\`${bytes.toString('latin1').replaceAll(unfit, (text) => `\${${JSON.stringify(text)}}`)}\``;
}

for (const { entry, out, wasm, isFull, waits, shares, ...given } of JSON.parse(process.argv[2])) {
  const module = wasm && (await readFile(wasm));
  const { metafile, outputFiles: [output] } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    metafile: true,
    minify: true,
    format: module ? 'esm' : 'iife',
    platform: 'browser',
    target: 'es2022',
    charset: 'utf8',
    // The glue's warnings of how it was called before.
    drop: ['console'],
    legalComments: 'none',
    logLevel: 'warning',
    define: module ? constants(module, isFull, waits) : {},
    plugins: module ? [parts(given)] : [],
  });
  let script = output.text;
  for (const [name, text] of module ? Object.entries(TEXTS) : []) script = script.replace(place(name), () => text(module));
  await mkdir(dirname(out), { recursive: true });
  await writeFile(out, script);
  if (shares) {
    const [{ inputs }] = Object.values(metafile.outputs);
    const files = Object.entries(inputs).filter(([file]) => !file.startsWith('claviger:'));
    await writeFile(shares, JSON.stringify(Object.fromEntries(files.map(([file, { bytesInOutput }]) => [file, bytesInOutput]))));
  }
}
