// Bundles a script of the tests with the packages that it imports, as an application's build would.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compile } from 'svelte/compiler';
import { build } from '../../../xtask/node_modules/esbuild/lib/main.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** `path` starts at tests/. What it imports by one of the `given` names is that text. */
export async function bundle(path, given = {}) {
  const texts = {
    name: 'texts',
    setup(build) {
      build.onResolve({ filter: /^\w+$/ }, ({ path }) => (path in given ? { path, namespace: 'given' } : undefined));
      build.onLoad({ filter: /./, namespace: 'given' }, ({ path }) => ({ contents: given[path], resolveDir: root }));
    },
  };
  const { outputFiles: [bundled] } = await build({
    entryPoints: [path],
    absWorkingDir: root,
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    conditions: ['browser'],
    define: { 'process.env.NODE_ENV': '"production"', ngDevMode: 'false', ngServerMode: 'false' },
    logLevel: 'silent',
    plugins: [texts, svelte],
  });
  return bundled.text;
}

const svelte = {
  name: 'svelte',
  setup(build) {
    build.onLoad({ filter: /\.svelte$/ }, ({ path }) => ({
      contents: compile(readFileSync(path, 'utf8'), { generate: 'client', filename: path }).js.code,
    }));
  },
};
