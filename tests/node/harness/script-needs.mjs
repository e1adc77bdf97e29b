// What a script needs of an engine, by its syntax and the names in it: keys of @mdn/browser-compat-data, such as
// `javascript.operators.optional_chaining` and `api.TextEncoder.encodeInto`.
import { parse } from 'acorn';
import { fullAncestor } from 'acorn-walk';

/** Of the language as it was when browsers learned modules, which all that read the package know: nothing to look up. */
const MODULES_AND_OLDER = `Program ImportDeclaration ImportSpecifier ImportNamespaceSpecifier ExportNamedDeclaration ExportSpecifier ExportDefaultDeclaration
  Identifier Literal TemplateLiteral TemplateElement TaggedTemplateExpression ArrayExpression ObjectExpression Property FunctionExpression
  FunctionDeclaration ArrowFunctionExpression ClassDeclaration ClassExpression ClassBody MethodDefinition Super ThisExpression MetaProperty
  NewExpression CallExpression MemberExpression UnaryExpression BinaryExpression UpdateExpression AssignmentExpression LogicalExpression
  ConditionalExpression SequenceExpression YieldExpression AssignmentPattern ArrayPattern ObjectPattern RestElement SpreadElement
  VariableDeclaration VariableDeclarator ExpressionStatement BlockStatement EmptyStatement ReturnStatement ThrowStatement IfStatement
  ForStatement ForOfStatement ForInStatement WhileStatement DoWhileStatement BreakStatement ContinueStatement LabeledStatement
  SwitchStatement SwitchCase TryStatement CatchClause`.split(/\s+/);

const SYNTAX = {
  AwaitExpression: 'javascript.operators.await',
  ChainExpression: 'javascript.operators.optional_chaining',
  ImportExpression: 'javascript.operators.import',
  PropertyDefinition: 'javascript.classes.public_class_fields',
  StaticBlock: 'javascript.classes.static.initialization_blocks',
  ExportAllDeclaration: 'javascript.statements.export.namespace',
};

/** Forms of the nodes that are else as old as modules. */
const FORMS = [
  [({ type, operator }) => type === 'LogicalExpression' && operator === '??', 'javascript.operators.nullish_coalescing'],
  [({ type, key }) => type === 'PropertyDefinition' && key.type === 'PrivateIdentifier', 'javascript.classes.private_class_fields'],
  [({ type, key }) => type === 'MethodDefinition' && key.type === 'PrivateIdentifier', 'javascript.classes.private_class_methods'],
  [({ operator }) => operator === '??=', 'javascript.operators.nullish_coalescing_assignment'],
  [({ operator }) => operator === '||=', 'javascript.operators.logical_or_assignment'],
  [({ operator }) => operator === '&&=', 'javascript.operators.logical_and_assignment'],
  [({ type, param }) => type === 'CatchClause' && !param, 'javascript.statements.try_catch.optional_catch_binding'],
  [({ type, properties }) => type === 'ObjectExpression' && properties.some((one) => one.type === 'SpreadElement'), 'javascript.operators.spread.spread_in_object_literals'],
  [({ type, properties }) => type === 'ObjectPattern' && properties.some((one) => one.type === 'RestElement'), 'javascript.operators.destructuring.rest_in_objects'],
  [({ type, await: waits }) => type === 'ForOfStatement' && waits, 'javascript.statements.for_await_of'],
  [({ async: isAsync, generator }) => isAsync && generator, 'javascript.statements.async_generator_function'],
  [({ async: isAsync }) => isAsync, 'javascript.statements.async_function'],
  [({ type, meta }) => type === 'MetaProperty' && meta.name === 'import', 'javascript.operators.import_meta'],
  [({ type, raw }) => type === 'Literal' && /^\d[\d_]*_/.test(raw), 'javascript.grammar.numeric_separators'],
  [({ bigint }) => bigint, 'javascript.builtins.BigInt'],
  [({ regex }) => regex?.flags.includes('s'), 'javascript.builtins.RegExp.dotAll'],
  [({ regex }) => regex?.flags.includes('d'), 'javascript.builtins.RegExp.hasIndices'],
  [({ regex }) => regex?.flags.includes('v'), 'javascript.builtins.RegExp.unicodeSets'],
  [({ regex }) => /\(\?<[=!]/.test(regex?.pattern), 'javascript.regular_expressions.lookbehind_assertion'],
  [({ regex }) => /\(\?<\w/.test(regex?.pattern), 'javascript.regular_expressions.named_capturing_group'],
  [({ regex }) => /\\p\{/i.test(regex?.pattern), 'javascript.regular_expressions.unicode_character_class_escape'],
];

/** The script's syntax as keys, and the names in it: those that it does not declare, and those of members. */
export function needsOf(text, { isModule = true } = {}) {
  const keys = new Set();
  const globals = new Set();
  const members = new Set();
  const declared = new Set();
  const read = new Set();
  const program = parse(text, { ecmaVersion: 'latest', sourceType: isModule ? 'module' : 'script' });
  fullAncestor(program, (node, ancestors) => {
    const { type } = node;
    if (SYNTAX[type]) keys.add(SYNTAX[type]);
    else if (!MODULES_AND_OLDER.includes(type)) throw new Error(`No key is known for ${type}; add it to script-needs.mjs.`);
    for (const [is, key] of FORMS) if (is(node)) keys.add(key);
    if (type === 'AwaitExpression' && !ancestors.some((one) => /Function/.test(one.type))) keys.add('javascript.operators.await.top_level');

    if (type === 'Identifier') read.add(node.name);
    if (/^(Function|Class)/.test(type) && node.id) declared.add(node.id.name);
    for (const pattern of [type === 'VariableDeclarator' && node.id, type === 'CatchClause' && node.param, ...(node.params ?? [])]) declare(pattern, declared);
    if (type === 'MemberExpression' && !node.computed) {
      const { name } = node.property;
      const isOfGlobal = node.object.type === 'Identifier';
      members.add(isOfGlobal ? `${node.object.name}.${name}` : name);
    }
    if (type === 'ObjectPattern') for (const { key, computed } of node.properties) if (key?.type === 'Identifier' && !computed) members.add(key.name);
    if (type === 'NewExpression' && node.callee.type === 'Identifier') members.add(`${node.callee.name}.${node.callee.name}`);
  });
  for (const name of read) if (!declared.has(name)) globals.add(name);
  return { keys, globals, members: new Set([...members].map((name) => (declared.has(name.split('.')[0]) ? name.split('.').at(-1) : name))) };
}

function declare(pattern, names) {
  if (!pattern) return;
  const { type, name, left, argument, elements = [], properties = [] } = pattern;
  if (type === 'Identifier') names.add(name);
  for (const inner of [left, argument, ...elements, ...properties.map((one) => one.value ?? one)]) declare(inner, names);
}
