// Each adapter as the smallest page that does the job, and what its package exports altogether.
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const bench = fileURLToPath(new URL('..', import.meta.url));
const pkg = new URL('../../pkg/', import.meta.url);

async function json(url) {
  return JSON.parse(await readFile(url, 'utf8'));
}

/** The entries of the package as it was built, by the names under which it is imported. */
async function entries() {
  const { name, exports } = await json(new URL('package.json', pkg));
  const scripts = Object.entries(exports).filter(([, target]) => target.default);
  return Object.fromEntries(scripts.map(([path, { default: file }]) => [name + path.slice(1), fileURLToPath(new URL(file, pkg))]));
}

/** The version of a package, Claviger's own or an installed one. */
export async function version(name) {
  const file = name === 'claviger' ? new URL('package.json', pkg) : new URL(`../node_modules/${name}/package.json`, import.meta.url);
  return (await json(file)).version;
}

/** The names of the adapters, in a fixed order. */
export async function adapters() {
  const files = await readdir(new URL('../adapters/', import.meta.url));
  return files.map((file) => file.replace(/\.js$/, '')).sort();
}

/** The whole names first: esbuild's alias also takes what begins with one. */
const aliases = Object.entries(await entries()).sort(([one], [other]) => other.length - one.length);

const without = (instead) => Object.fromEntries(aliases.filter(([name]) => !(name in instead)));

/** The files of a page below `folder`, by their paths: index.js, and the parts that it loads later, if at all. `instead` has files for packages. */
export async function bundle(contents, folder, instead = {}) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: bench },
    absWorkingDir: bench,
    bundle: true,
    splitting: true,
    outdir: folder,
    entryNames: 'index',
    write: false,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    legalComments: 'none',
    logLevel: 'error',
    define: { 'process.env.NODE_ENV': '"production"' },
    // The one of Node that client-oauth2 expects a bundler to bring.
    alias: { ...instead, ...without(instead), querystring: 'querystring-es3' },
  });
  return new Map(outputFiles.map(({ path, contents }) => [path, Buffer.from(contents)]));
}

export function compress(bytes) {
  return brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
}

/** Of files that travel one by one. */
export function sizes(files) {
  const sum = (size) => files.reduce((total, bytes) => total + size(bytes), 0);
  return {
    raw: sum((bytes) => bytes.length),
    gzip: sum((bytes) => gzipSync(bytes, { level: 9 }).length),
    brotli: sum((bytes) => compress(bytes).length),
  };
}
