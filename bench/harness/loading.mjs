// Claviger's entries in each form in which one can have its module; `cargo xtask bench` builds them.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { bundle } from './bundle.mjs';

const built = new URL('../../target/loading/', import.meta.url);

const ENTRIES = [
  { entry: 'implicit', specifier: 'claviger/implicit', adapter: 'claviger-implicit' },
  { entry: 'claviger', specifier: 'claviger', adapter: 'claviger' },
];
const FORMS = [
  { form: 'inlined', title: 'characters' },
  { form: 'looped', title: 'characters, in a loop' },
  { form: 'asynchronous', title: 'characters, async' },
  { form: 'base64', title: 'base64' },
  { form: 'deflated', title: 'deflated' },
  { form: 'streamed', title: 'streamed' },
  { form: 'streamed', title: 'streamed, hinted', isHinted: true },
];

/** What can stand beside the adapters: `hint` is what a page preloads. */
export function forms() {
  return ENTRIES.flatMap(({ entry, specifier, adapter }) =>
    FORMS.map(({ form, title, isHinted }) => {
      const name = `loading/${entry}/${form}`;
      return {
        name,
        id: isHinted ? `${name}, hinted` : name,
        entry,
        form,
        specifier,
        adapter,
        title: `${entry}: ${title}`,
        about: { flow: 'implicit', state: 'client' },
        ...(isHinted && { hint: `/${name}/claviger.wasm` }),
      };
    }),
  );
}

/** The files of such a page by their paths; the module is among them where the page requests it. */
export async function bundleForm({ name, entry, form, specifier, adapter }) {
  const instead = { [specifier]: fileURLToPath(new URL(`${entry}/${form}.js`, built)) };
  const files = await bundle(`export { open } from './adapters/${adapter}.js';`, `/${name}`, { instead });
  if (form === 'streamed') files.set(`/${name}/claviger.wasm`, await readFile(new URL(`../pkg/${entry}/module.wasm`, built)));
  return files;
}
