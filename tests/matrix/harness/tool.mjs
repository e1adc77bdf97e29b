// The tests of a tool: each script of its project, for each entry of the packed package.
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { packaged } from '../../e2e/harness/package.mjs';
import { Project } from './project.mjs';
import { signInOnPage, signInWithProgram } from './sign-in.mjs';

const { exports, sideEffects } = JSON.parse(packaged('package.json'));

/** The entries that hold a client: those with types, but not the add-on of a client, a server for tests, nor the classic scripts, which work by being loaded. */
export const ENTRIES = Object.entries(exports)
  .filter(([, target]) => target.types && !/openid|testing/.test(target.default) && !sideEffects.includes(target.default))
  .map(([path]) => path.replace('.', 'claviger'));

/**
 * A script whose name begins with `build` makes a page in `dist/`; another one runs a program. `name` is the folder's.
 * Of its package.json `matrix` has the tool's package, where that has another name, what each script needs that is not
 * the tool's default, for docs/bundlers.md, and in which scripts `load` is told where the module is.
 */
export async function testTool(name) {
  const list = new URL(`../${name}/package.json`, import.meta.url);
  const { scripts, dependencies, devDependencies, matrix = {} } = JSON.parse(await readFile(list, 'utf8'));
  const version = { node: process.versions.node, ...dependencies, ...devDependencies }[matrix.package ?? name];
  const project = new Project(name);
  // npm runs what is named so by itself, after another.
  for (const script of Object.keys(scripts).filter((script) => !script.startsWith('post'))) {
    const signIn = script.startsWith('build') ? signInOnPage : signInWithProgram;
    describe(`${name} ${version}, ${script}`, () => {
      for (const entry of ENTRIES) {
        test(entry, async (t) => {
          const refusal = await project.install();
          if (refusal) return t.skip(refusal);
          await project.write(entry, matrix.loads?.includes(script));
          await signIn(t, project, script, entry);
        });
      }
    });
  }
}
