// The text that a module stands in: it comes back byte for byte, whatever tool it went through, or not at all.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { transform as swc } from '@swc/core';
import { minify as terser } from 'terser';
import { build as vite } from 'vite';
import { decodeModule, ModuleTextChanged } from '../../pkg/facade/decode-module.js';
import { moduleText } from '../../xtask/module-text.mjs';

const { transform: esbuild } = createRequire(new URL('../../xtask/', import.meta.url))('esbuild');
const BUN = fileURLToPath(new URL('../node_modules/.bin/bun', import.meta.url));

/** The same bytes in every run: a failure can be looked at. */
function pseudorandom(length, seed = 1) {
  const bytes = Buffer.alloc(length);
  for (let at = 0; at < length; at += 1) {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    bytes[at] = seed >>> 24;
  }
  return bytes;
}

/** What some tool treats in its own way, wherever it stands. */
const HOSTILE = Buffer.from(
  'use strict\0\r\n\u2028`${x}`\\u{1}\\x\\8"\'</script><!--]]>--> //# sourceMappingURL=a.js\n' +
    '/* @license */ process.env.NODE_ENV  \t',
);
const EVERY = Buffer.from([...Array(256).keys()]);
const BYTES = Buffer.concat([EVERY, HOSTILE, pseudorandom(4096), EVERY]);

const decoded = ({ text, length, checksum }) => Buffer.from(decodeModule(text, length, checksum));

test('any bytes come back', () => {
  const cases = [Buffer.alloc(0), Buffer.alloc(300), HOSTILE, EVERY, Buffer.alloc(300, 0xff)];
  for (let seed = 1; seed <= 200; seed += 1) cases.push(pseudorandom(seed * 7, seed));
  for (const bytes of cases) assert.deepEqual(decoded(moduleText(bytes)), bytes);
});

test('the text is visible ASCII in which a string, a template and a page have nothing to escape', () => {
  for (const bytes of [BYTES, HOSTILE, Buffer.from("<!--</script>${`\\' \"")]) {
    assert.match(moduleText(bytes).text, /^[\x21-\x7e]+$/);
    assert.doesNotMatch(moduleText(bytes).text, /["'`\\$<]/);
  }
});

test('a module that is mostly frequent bytes grows by little', () => {
  const bytes = Buffer.from('\0asm\x01'.repeat(500) + 'access_token'.repeat(100));
  assert.equal(moduleText(bytes).length, bytes.length + 46);
});

describe('a changed text is refused', () => {
  const { text, length, checksum } = moduleText(Buffer.concat([EVERY, HOSTILE]));
  const refused = (changed) => assert.throws(() => decodeModule(changed, length, checksum), ModuleTextChanged);

  test('whichever character became whichever other one', () => {
    for (let at = 0; at < length; at += 1) {
      for (const other of '\0 !#Aaz~\u00e9\u2028') {
        if (other !== text[at]) refused(text.slice(0, at) + other + text.slice(at + 1));
      }
    }
  });

  test('a character is missing, or there is one more', () => {
    for (let at = 0; at <= length; at += 1) {
      if (at < length) refused(text.slice(0, at) + text.slice(at + 1));
      refused(`${text.slice(0, at)}a${text.slice(at)}`);
    }
  });

  test('it is shorter, or longer by characters that its checksum would not see', () => {
    refused('');
    refused(text.slice(0, -100));
    // A zero before a text leaves the checksum as it is.
    refused(`\0${text}`);
  });

  test('two neighbours changed places', () => {
    for (let at = 1; at < length; at += 1) {
      if (text[at] !== text[at - 1]) refused(text.slice(0, at - 1) + text[at] + text[at - 1] + text.slice(at + 1));
    }
  });
});

describe('the text and what reads it pass through', () => {
  let source;
  let folder;

  before(async () => {
    const { literal, length, checksum } = moduleText(BYTES);
    const reader = await readFile(new URL('../../pkg/facade/decode-module.js', import.meta.url), 'utf8');
    source = `${reader}\nexport const read = () => decodeModule(${literal}, ${length}, ${checksum});\n`;
    folder = await mkdtemp(join(tmpdir(), 'module-text-'));
    await writeFile(join(folder, 'source.mjs'), source);
  });

  after(() => rm(folder, { recursive: true }));

  /** Runs what the tool made: an ES module, or a script whose exports it hands on as `default`. */
  async function reads(output) {
    const file = join(folder, `${crypto.randomUUID()}.mjs`);
    await writeFile(file, output);
    const { read, default: made } = await import(pathToFileURL(file));
    assert.deepEqual(Buffer.from((read ?? made.read)()), BYTES);
  }

  test('nothing at all', () => reads(source));

  const ESBUILD = {
    'minified, ASCII': { minify: true, charset: 'ascii' },
    'minified, UTF-8': { minify: true, charset: 'utf8' },
    'with a line limit': { minify: true, lineLimit: 80 },
    'es2017 in a script': {
      minify: true,
      target: 'es2017',
      format: 'iife',
      globalName: 'made',
      footer: 'export default made;',
    },
    'es2015': { target: 'es2015' },
  };
  for (const [name, options] of Object.entries(ESBUILD)) {
    test(`esbuild, ${name}`, async () => reads((await esbuild(source, options)).code));
  }

  const TERSER = {
    'as webpack calls it': {},
    'with everything on': { compress: { passes: 3, unsafe: true, toplevel: true }, mangle: { toplevel: true } },
    'ASCII only, for inline scripts': { format: { ascii_only: true, inline_script: true, quote_style: 1 } },
    'ecma 5': { ecma: 5, safari10: true },
  };
  for (const [name, options] of Object.entries(TERSER)) {
    test(`terser, ${name}`, async () => reads((await terser(source, { module: true, ...options })).code));
  }

  const SWC = {
    'minified': { minify: true, jsc: { target: 'es2022', minify: { compress: true, mangle: true } } },
    'es5': { jsc: { target: 'es5' } },
    'ASCII only': {
      minify: true,
      jsc: { target: 'es2017', output: { charset: 'ascii' }, minify: { compress: { unsafe: true }, mangle: true } },
    },
  };
  for (const [name, options] of Object.entries(SWC)) {
    test(`swc, ${name}`, async () => {
      await reads((await swc(source, { isModule: true, configFile: false, swcrc: false, ...options })).code);
    });
  }

  for (const target of ['browser', 'bun', 'node']) {
    for (const options of [[], ['--minify']]) {
      test(`bun build for ${target} ${options}`, async () => {
        const args = ['build', join(folder, 'source.mjs'), `--target=${target}`, ...options];
        await reads(execFileSync(BUN, args, { encoding: 'utf8' }));
      });
    }
  }

  test('bun, which transpiles what it runs', () => {
    const script = `import { read } from './source.mjs'; console.log(Buffer.from(read()).toString('hex'));`;
    assert.equal(execFileSync(BUN, ['-e', script], { cwd: folder, encoding: 'utf8' }).trim(), BYTES.toString('hex'));
  });

  test("vite, for a page's own bundle", async () => {
    const [{ output: [{ code }] }] = await vite({
      configFile: false,
      root: folder,
      logLevel: 'silent',
      build: { write: false, minify: true, lib: { entry: 'source.mjs', formats: ['es'] } },
    });
    await reads(code);
  });

  test("a bundler's eval, which quotes the whole module", async () => {
    const script = source.replaceAll('export ', '');
    await reads(`export default (0, eval)(${JSON.stringify(`${script}\n;({ read });`)});`);
  });

  test('a server that names another charset', async () => {
    const file = Buffer.from((await terser(source, { module: true })).code, 'utf8');
    for (const charset of ['latin1', 'koi8-r', 'shift_jis']) {
      await reads(new TextDecoder(charset).decode(file));
    }
  });

  test('a filter that drops control characters and joins white space', async () => {
    const { code } = await terser(source, { module: true });
    await reads(code.replaceAll(/[\0-\x08\x7f-\x9f]/g, '').replaceAll(/\s+/g, ' '));
  });
});
