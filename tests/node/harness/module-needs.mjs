// What a WebAssembly module needs of an engine, as keys of @mdn/browser-compat-data: binaryen, which makes the modules,
// tells for each feature whether the module is valid without it.

/** The features that toolchains use by themselves, and some that came later. */
const FEATURES = {
  'webassembly.sign-extension-operations': ['SignExt'],
  'webassembly.non-trapping-float-to-int-conversions': ['NontrappingFPToInt'],
  'webassembly.bulk-memory-operations': ['BulkMemory', 'BulkMemoryOpt'],
  'webassembly.reference-types': ['ReferenceTypes'],
  'webassembly.multi-value': ['Multivalue'],
  'webassembly.fixed-width-SIMD': ['SIMD128'],
  'webassembly.tail-calls': ['TailCall'],
  'webassembly.extended-constant-expressions': ['ExtendedConst'],
};
/** As old as WebAssembly in the engines of today. */
const OLD = ['MutableGlobals'];

const binaryen = await silent(() => import('../../../xtask/node_modules/binaryen/index.js'));
const { Features, parseText, readBinary } = binaryen.default;

/** The keys of the features without which the module, as bytes or as text, is none. */
export function needsOfModule(source) {
  const isValidWith = (names) => {
    const module = typeof source === 'string' ? parseText(source) : readBinary(source);
    module.setFeatures(names.reduce((set, name) => set | Features[name], Features.MVP));
    const isValid = Boolean(module.validate());
    module.dispose();
    return isValid;
  };
  const all = [...OLD, ...Object.values(FEATURES).flat()];
  if (!isValidWith(all)) throw new Error('The module needs a feature that module-needs.mjs does not know.');
  const needed = Object.entries(FEATURES).filter(([, names]) => !isValidWith(all.filter((name) => !names.includes(name))));
  return new Set(['webassembly.api', ...needed.map(([key]) => key)]);
}

/** binaryen keeps the console's functions of when it was imported, and prints with them what a module lacks. */
async function silent(load) {
  const { error, log } = console;
  Object.assign(console, { error() {}, log() {} });
  try {
    return await load();
  } finally {
    Object.assign(console, { error, log });
  }
}
