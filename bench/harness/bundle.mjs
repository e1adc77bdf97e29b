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

const manifest = await json(new URL('package.json', pkg));

/** What a bundler for browsers takes of an export, beside what an adapter's page asks for. */
const CONDITIONS = ['browser', 'import', 'module', 'default'];

/** The file of an export, as Node and the bundlers look for it: the first condition that holds. */
function target(found, conditions) {
  if (typeof found === 'string') return found;
  const [, inner] = Object.entries(found).find(([condition]) => conditions.includes(condition)) ?? [];
  return inner && target(inner, conditions);
}

/** The scripts that the package exports, as it was built, by the names under which they are imported. */
function entries(conditions) {
  const all = [...conditions, ...CONDITIONS];
  const files = Object.entries(manifest.exports)
    .map(([path, found]) => [manifest.name + path.slice(1), target(found, all)]);
  const scripts = files.filter(([, file]) => file?.endsWith('.js'));
  return Object.fromEntries(scripts.map(([name, file]) => [name, fileURLToPath(new URL(file, pkg))]));
}

/** The conditions that an export names. */
function conditionsOf(found) {
  if (typeof found === 'string') return [];
  return Object.entries(found).flatMap(([condition, inner]) => [condition, ...conditionsOf(inner)]);
}

/** Whether the package, as it was built, exports what an adapter imports, and under the conditions that it names. */
export function isBuilt({ package: name, exports: modules = [name], conditions = [] }) {
  if (name !== manifest.name) return true;
  return modules.every((module) => {
    const found = manifest.exports[`.${module.slice(name.length)}`];
    return found && conditions.every((condition) => conditionsOf(found).includes(condition));
  });
}

/** The version of a package, Claviger's own or an installed one. */
export async function version(name) {
  if (name === manifest.name) return manifest.version;
  return (await json(new URL(`../node_modules/${name}/package.json`, import.meta.url))).version;
}

/** The names of the adapters, in a fixed order. */
export async function adapters() {
  const files = await readdir(new URL('../adapters/', import.meta.url));
  return files.map((file) => file.replace(/\.js$/, '')).sort();
}

/** What an adapter says of itself; nothing of what it imports is run for that. */
export async function describe(name) {
  const { outputFiles: [{ text }] } = await build({
    stdin: { contents: `export { about } from './adapters/${name}.js';`, resolveDir: bench },
    bundle: true,
    write: false,
    format: 'esm',
    logLevel: 'error',
    plugins: [{
      name: 'packages-are-empty',
      setup({ onResolve, onLoad }) {
        onResolve({ filter: /^[^.]/ }, ({ path }) => ({ path, namespace: 'empty' }));
        onLoad({ filter: /^/, namespace: 'empty' }, () => ({ contents: '', loader: 'empty' }));
      },
    }],
  });
  return (await import(`data:text/javascript,${encodeURIComponent(text)}`)).about;
}

/** The whole names first: esbuild's alias also takes what begins with one. */
function aliases(conditions, instead) {
  const own = Object.entries(entries(conditions)).filter(([name]) => !(name in instead));
  return { ...instead, ...Object.fromEntries(own.sort(([one], [other]) => other.length - one.length)) };
}

/**
 * The files of a page below `folder`, by their paths: index.js, and the parts that it loads later, if at all.
 * `conditions` are those of exports, beside the usual; `instead` has files for packages; `external` ones are left out.
 */
export async function bundle(contents, folder, { conditions = [], instead = {}, external = [] } = {}) {
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
    // To name any takes away the one that esbuild has by itself.
    conditions: ['module', ...conditions],
    external,
    legalComments: 'none',
    logLevel: 'error',
    define: { 'process.env.NODE_ENV': '"production"' },
    // The one of Node that client-oauth2 expects a bundler to bring.
    alias: { ...aliases(conditions, instead), querystring: 'querystring-es3' },
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
