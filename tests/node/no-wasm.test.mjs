// A module as plain JavaScript: it does what the same module does as WebAssembly.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { minify as terser } from 'terser';
import { toJavaScript } from '../../xtask/no-wasm.mjs';

const tool = createRequire(new URL('../../xtask/', import.meta.url));
const { transform: esbuild } = tool('esbuild');
const { default: binaryen } = await import(tool.resolve('binaryen'));

/** Not all: binaryen writes some that no engine reads yet. */
const FEATURES = ['MutableGlobals', 'NontrappingFPToInt', 'SignExt', 'BulkMemory', 'BulkMemoryOpt', 'ReferenceTypes'];
/** Every byte, as a text of the WebAssembly text format. */
const EVERY_BYTE = [...Array(256).keys()].map((byte) => `\\${byte.toString(16).padStart(2, '0')}`).join('');

/** Puts two i32 together into an i64, high word first. */
const pair = (high, low) =>
  `(i64.or (i64.shl (i64.extend_i32_u (local.get ${high})) (i64.const 32)) (i64.extend_i32_u (local.get ${low})))`;
const I64 = ['add', 'sub', 'mul', 'div_u', 'rem_u', 'div_s', 'and', 'or', 'xor', 'shl', 'shr_u', 'shr_s', 'rotl'];
const I64_COMPARED = ['eq', 'lt_u', 'lt_s', 'ge_u'];

const MODULE = `(module
  (type $unary (func (param i32) (result i32)))
  (import "env" "log" (func $log (param i32 f64) (result i32)))
  (import "env" "base" (global $base i32))
  (memory (export "memory") 1 3)
  (global $counter (export "counter") (mut i32) (i32.const 7))
  (global (export "constant") i32 (i32.const -5))
  (table 3 3 funcref)
  (elem (i32.const 1) $increment $triple)
  (data (i32.const 1024) "${EVERY_BYTE}")
  (data (i32.const 2000) "'\\\\\`\${x}</script>\\u{41}")
  (func $increment (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
  (func $triple (param i32) (result i32) (i32.mul (local.get 0) (i32.const 3)))
  (func (export "indirect") (param i32 i32) (result i32)
    (call_indirect (type $unary) (local.get 1) (local.get 0)))
  (func (export "log") (param i32 f64) (result i32)
    (call $log (i32.add (local.get 0) (global.get $base)) (local.get 1)))
  (func (export "count") (result i32)
    (global.set $counter (i32.add (global.get $counter) (i32.const 1))) (global.get $counter))
  (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
  (func (export "size") (result i32) (memory.size))
  (func (export "copy") (param i32 i32 i32) (memory.copy (local.get 0) (local.get 1) (local.get 2)))
  (func (export "fill") (param i32 i32 i32) (memory.fill (local.get 0) (local.get 1) (local.get 2)))
  (func (export "store") (param i32 i32) (i32.store (local.get 0) (local.get 1)))
  (func (export "store16") (param i32 i32) (i32.store16 (local.get 0) (local.get 1)))
  (func (export "storeF") (param i32 f64)
    (f64.store (local.get 0) (local.get 1))
    (f32.store offset=8 (local.get 0) (f32.demote_f64 (local.get 1))))
  (func (export "load") (param i32) (result i32) (i32.load (local.get 0)))
  (func (export "load8") (param i32) (result i32) (i32.load8_s (local.get 0)))
  (func (export "load16") (param i32) (result i32) (i32.load16_s (local.get 0)))
  (func (export "extend") (param i32) (result i32)
    (i32.add (i32.extend8_s (local.get 0)) (i32.extend16_s (local.get 0))))
  (func (export "truncate") (param f64) (result i32) (i32.trunc_f64_s (local.get 0)))
  (func (export "truncate64") (param f64) (result f64) (f64.convert_i64_s (i64.trunc_f64_s (local.get 0))))
  (func (export "bits") (param f64) (result i32)
    (i32.wrap_i64 (i64.shr_u (i64.reinterpret_f64 (local.get 0)) (i64.const 32))))
  (func (export "bits32") (param f64) (result i32) (i32.reinterpret_f32 (f32.demote_f64 (local.get 0))))
  (func (export "counted") (param i32) (result i32)
    (i32.add (i32.clz (local.get 0)) (i32.add (i32.ctz (local.get 0)) (i32.popcnt (local.get 0)))))
  (func (export "trap") (unreachable))
  ${I64.map((name) => `
  (func (export "high_${name}") (param i32 i32 i32 i32) (result i32)
    (i32.wrap_i64 (i64.shr_u (i64.${name} ${pair(0, 1)} ${pair(2, 3)}) (i64.const 32))))
  (func (export "low_${name}") (param i32 i32 i32 i32) (result i32)
    (i32.wrap_i64 (i64.${name} ${pair(0, 1)} ${pair(2, 3)})))`).join('')}
  ${I64_COMPARED.map((name) => `
  (func (export "${name}") (param i32 i32 i32 i32) (result i32) (i64.${name} ${pair(0, 1)} ${pair(2, 3)}))`).join('')}
)`;

function assemble(text) {
  const module = binaryen.parseText(text);
  module.setFeatures(FEATURES.reduce((all, name) => all | binaryen.Features[name], 0));
  return module.emitBinary();
}

const wasm = assemble(MODULE);

/** What the import was called with, beside the exports. */
function start(instantiate) {
  const logged = [];
  const log = (...args) => logged.push(args);
  return { logged, ...instantiate({ env: { log, base: 40 } }) };
}

const asWasm = () => start((imports) => new WebAssembly.Instance(new WebAssembly.Module(wasm), imports).exports);
const source = toJavaScript(wasm);
const SOURCES = {
  'as it is': source,
  'minified by esbuild': (await esbuild(source, { minify: true, format: 'esm' })).code,
  'minified by terser': (await terser(source, { module: true, compress: { passes: 3 } })).code,
};

const folder = await mkdtemp(join(tmpdir(), 'no-wasm-'));
after(() => rm(folder, { recursive: true }));

for (const [how, text] of Object.entries(SOURCES)) {
  describe(how, () => {
    let asScript;
    before(async () => {
      const file = join(folder, `${crypto.randomUUID()}.mjs`);
      await writeFile(file, text);
      const { instantiate } = await import(pathToFileURL(file));
      asScript = () => start(instantiate);
    });

    /** Runs it both ways, and returns what both gave. */
    function both(run) {
      const [script, module] = [run(asScript()), run(asWasm())];
      assert.deepEqual(script, module);
      return script;
    }

    test('the exports have the same names', () => both((made) => Object.keys(made).sort()));

    test('WebAssembly is not asked', () => {
      const { WebAssembly } = globalThis;
      delete globalThis.WebAssembly;
      try {
        assert.equal(asScript().indirect(1, 1), 2);
      } finally {
        globalThis.WebAssembly = WebAssembly;
      }
    });

    test('imports are called, and their values read', () => {
      const seen = both(({ log, logged }) => [log(2, 0.5), log(-50, NaN), logged]);
      assert.deepEqual(seen, [1, 2, [[42, 0.5], [-10, NaN]]]);
    });

    test('globals keep what was written, and functions are found by their place', () => {
      assert.deepEqual(
        both(({ counter, constant, count, indirect }) => {
          return [count(), count(), counter.value, constant.value, indirect(1, 9), indirect(2, -9)];
        }),
        [8, 9, 9, -5, 10, -27],
      );
    });

    test('a global can be written from outside', () => {
      assert.equal(both((made) => [(made.counter.value = 99), made.count()])[1], 100);
    });

    test('the memory holds the data, and nothing else', () => both(({ memory }) => Buffer.from(memory.buffer)));

    test('memory grows from inside and from outside, keeps its bytes, and refuses to outgrow its maximum', () => {
      const sizes = both((made) => {
        made.store(65532, 0x12345678);
        const sizes = [made.grow(1), made.size(), made.memory.buffer.byteLength, made.load(65532)];
        made.store(70000, -2);
        sizes.push(made.load(70000), made.memory.grow(1), made.size(), made.load(70000));
        sizes.push(made.grow(1), made.grow(-1), made.grow(0), made.size());
        assert.throws(() => made.memory.grow(1), RangeError);
        return [...sizes, made.size(), made.load(70000), new Uint8Array(made.memory.buffer).length];
      });
      assert.deepEqual(sizes, [1, 2, 131072, 0x12345678, -2, 2, 3, -2, -1, -1, 3, 3, 3, -2, 196608]);
    });

    test('bytes are copied, also over themselves, and filled', () => {
      both(({ memory, copy, fill }) => {
        copy(1030, 1024, 200);
        copy(3000, 3003, 0);
        copy(1100, 1110, 100);
        fill(5000, 0x1ff, 77);
        return Buffer.from(memory.buffer);
      });
    });

    test('numbers of every width are stored and loaded', () => {
      both(({ memory, store, store16, storeF, load, load8, load16 }) => {
        const loaded = [0, 1, -1, 0x7fffffff, -0x80000000].map((number) => {
          store(8, number);
          return [load(8), load8(8), load16(8)];
        });
        store16(20, 0x18000);
        storeF(32, -1.1);
        return [loaded, load16(20), Buffer.from(memory.buffer.slice(0, 64))];
      });
    });

    test('numbers are converted', () => {
      for (const number of [0, 1.9, -1.9, 255, 2 ** 31 - 1, -(2 ** 31)]) both(({ truncate }) => truncate(number));
      for (const number of [0, -1.9, 2 ** 32, 2 ** 53, -(2 ** 40) - 0.5]) both(({ truncate64 }) => truncate64(number));
      for (const number of [0, -0, 0.1, -1e300, Infinity]) both(({ bits, bits32 }) => [bits(number), bits32(number)]);
      for (const number of [0, 1, -1, 128, 32768, 0x8080, -0x80000000]) {
        both(({ extend, counted }) => [extend(number), counted(number)]);
      }
    });

    test('64-bit integers have all their bits', () => {
      const words = [0, 1, 2, 33, 0x7fffffff, -1, -0x80000000, 0x12345678];
      const [script, module] = [asScript(), asWasm()];
      const names = [...I64.flatMap((name) => [`high_${name}`, `low_${name}`]), ...I64_COMPARED];
      for (const name of names) {
        for (const high of words) {
          for (const low of words) {
            for (const divisor of [[0, 1], [0, 10], [0, -1], [3, 7], [-1, -3], [0x12345, 0]]) {
              const args = [high, low, ...divisor];
              assert.equal(script[name](...args) | 0, module[name](...args), `${name}(${args})`);
            }
          }
        }
      }
    });

    test('what is unreachable throws', () => {
      for (const made of [asScript(), asWasm()]) assert.throws(() => made.trap(), /unreachable/);
    });

    test('two instances have nothing in common', () => {
      both((one) => {
        const other = asScript();
        one.fill(0, 1, 100);
        one.count();
        other.fill(50, 2, 100);
        other.copy(200, 50, 10);
        return [Buffer.from(one.memory.buffer), one.counter.value];
      });
    });
  });
}

test('what would not do the same is refused when it is built', () => {
  const refused = {
    '64-bit integer': '(func (export "a") (param i64))',
    'table is exported': '(table (export "t") 1 funcref)',
    'by saturation': '(func (export "a") (param f64) (result i32) (i32.trunc_sat_f64_u (local.get 0)))',
    'memory is imported': '(import "a" "b" (memory 1))',
    wasm2js_memory_init: '(data $a "a") (func (export "a") (memory.init $a (i32.const 0) (i32.const 0) (i32.const 1)))',
  };
  for (const [sentence, text] of Object.entries(refused)) {
    const memory = text.startsWith('(import') ? '' : '(memory 1)';
    assert.throws(() => toJavaScript(assemble(`(module ${memory} ${text})`)), new RegExp(sentence));
  }
});
