// The tests of a tool: each script of its project, for each entry of the packed package.
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { packaged } from '../../e2e/harness/package.mjs';
import { Project } from './project.mjs';
import { signInOnPage, signInWithProgram } from './sign-in.mjs';

const { exports, sideEffects } = JSON.parse(packaged('package.json'));

/** The entries that hold a client: those with types, but not the classic scripts, which work by being loaded. */
const ENTRIES = Object.entries(exports)
  .filter(([, target]) => target.types && !sideEffects.includes(target.default))
  .map(([path]) => path.replace('.', 'claviger'));

/**
 * A script whose name begins with `build` makes a page in `dist/`; another one runs a program. `name` is
 * the folder's and the tool's.
 */
export async function testTool(name) {
  const list = new URL(`../${name}/package.json`, import.meta.url);
  const { scripts, dependencies, devDependencies } = JSON.parse(await readFile(list, 'utf8'));
  const version = { node: process.versions.node, ...dependencies, ...devDependencies }[name];
  const project = new Project(name);
  // npm runs postbuild by itself, after build.
  for (const script of Object.keys(scripts).filter((script) => script !== 'postbuild')) {
    const signIn = script.startsWith('build') ? signInOnPage : signInWithProgram;
    describe(`${name} ${version}, ${script}`, () => {
      for (const entry of ENTRIES) {
        test(entry, async (t) => {
          const refusal = await project.install();
          if (refusal) return t.skip(refusal);
          await project.write(entry);
          await signIn(t, project, script, entry);
        });
      }
    });
  }
}
