// What pkg/index.d.ts declares, as data, for tests that compare it with what is there at run time.
//
//   node members.mjs             the members of Client, as a JSON array
//   node members.mjs NAME        those of another type; of a union of strings, the strings
//   node members.mjs --values    the names that the module exports as values
//
// TypeScript 7 has no stable API for JavaScript, hence the older release beside it.
import { fileURLToPath } from 'node:url';
import ts from 'typescript-5.9';

/** The declarations of each entry that has a client. */
const FILES = { claviger: 'index', implicit: 'implicit', openid: 'openid', wasm: 'wasm' };
const path = (entry) => fileURLToPath(new URL(`../../pkg/${FILES[entry]}.d.ts`, import.meta.url));
const program = ts.createProgram(Object.keys(FILES).map(path), {
  strict: true,
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2022.d.ts', 'lib.dom.d.ts'],
  types: [],
});
const checker = program.getTypeChecker();
const exportsOf = (entry) => checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(path(entry))));

/** The names that an entry exports as values. */
export function values(entry = 'claviger') {
  return exportsOf(entry)
    .map((symbol) => (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol))
    .filter((symbol) => symbol.flags & ts.SymbolFlags.Value)
    .map((symbol) => symbol.name);
}

/** The names of an exported type's members; of a union of strings, the strings. */
export function members(name, entry = 'claviger') {
  const symbol = exportsOf(entry).find((symbol) => symbol.name === name);
  if (!symbol) throw new Error(`pkg/${FILES[entry]}.d.ts exports no ${name}`);
  const type = checker.getDeclaredTypeOfSymbol(symbol);
  return type.isUnion()
    ? type.types.map((literal) => literal.value)
    : type.getProperties().map((member) => member.name);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const name = process.argv[2] ?? 'Client';
  console.log(JSON.stringify(name === '--values' ? values() : members(name)));
}
