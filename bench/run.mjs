// Usage: CLAVIGER_CHROMIUM=… node bench/run.mjs [--quick] [--only MEASURE,…] [--adapters NAME,…], after
// cargo xtask build. A quick run shows that everything works; only a whole one writes the page of results.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { adapters, bundle, describe, isBuilt, sizes, version } from './harness/bundle.mjs';
import { measures } from './harness/measures.mjs';
import { prove } from './harness/prove.mjs';
import { startServer } from './harness/server.mjs';
import { shuffled, summary } from './harness/statistics.mjs';
import { ceilings } from './report/ceilings.mjs';
import { charts } from './report/chart.mjs';
import { markdown } from './report/markdown.mjs';
import { table } from './report/table.mjs';

/** Whatever a browser does besides its pages would be measured with them. */
const QUIET = [
  '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
];
const { values: options } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, only: { type: 'string' }, adapters: { type: 'string' } },
});
const isWhole = !options.quick && !options.only && !options.adapters;
const root = new URL('../', import.meta.url);

/** Those of `known` that a list on the command line names, or all without one. */
function chosen(list, known) {
  if (list === undefined) return known;
  const names = list.split(',');
  const other = names.find((name) => !known.includes(name));
  if (other !== undefined) throw new Error(`There is no ${other}; there are ${known.join(', ')}.`);
  return names;
}

/** Whose fault it is, before what it is. */
async function named(name, run) {
  try {
    return await run();
  } catch (error) {
    throw new Error(`${name}: ${error.message}`, { cause: error });
  }
}

/** The adapters to measure, with what they say of themselves; those of entries that were not built are left out. */
async function describedAdapters() {
  const found = [];
  for (const name of chosen(options.adapters, await adapters())) {
    const about = await named(name, () => describe(name));
    if (isBuilt(about)) found.push({ name, id: name, about, title: about.title ?? about.package });
    else console.log(`  ${name}: the package was built without it`);
  }
  return found;
}

/** The files of every page by their paths. */
async function bundled(described) {
  const scripts = new Map();
  for (const { name, about: { conditions } } of described) {
    const contents = `export { open } from './adapters/${name}.js';`;
    const files = await named(name, () => bundle(contents, `/${name}`, { conditions }));
    for (const [path, bytes] of files) scripts.set(path, bytes);
  }
  return scripts;
}

/** All that the package exports. */
async function everything({ package: name, exports: modules = [name], conditions }) {
  const contents = modules.map((module, at) => `export * as module${at} from '${module}';`).join('\n');
  const files = await bundle(contents, '/everything', { conditions });
  return sizes([...files.values()]);
}

/** Proves every adapter, and tells what the client does with the URL and what its page weighs. */
async function introduce(browser, origin, scripts, adapters) {
  const introduced = [];
  for (const adapter of adapters) {
    const { about, title } = adapter;
    await named(title, async () => {
      const { requested, scrubs } = await prove(browser, origin, adapter);
      const page = sizes([...scripts].filter(([path]) => requested.has(path)).map(([, bytes]) => bytes));
      const bytes = { page, ...(about.package && { everything: await everything(about) }) };
      introduced.push({ ...adapter, scrubs, bytes, ...(about.package && { version: await version(about.package) }) });
    });
  }
  return introduced;
}

/** Every measure of every adapter, round by round, each round in an order of its own. */
async function measured(browser, origin, introduced, due) {
  const values = new Map(introduced.map(({ id }) => [id, {}]));
  const extent = (measure) => (options.quick ? measure.quick : measure.whole);
  const rounds = Math.max(...due.map((measure) => extent(measure).rounds));
  for (let round = 0; round < rounds; round += 1) {
    const begin = Date.now();
    const inRound = due.filter((measure) => extent(measure).rounds > round);
    const turns = inRound.flatMap((measure) =>
      introduced.filter(({ form }) => !form || measure.isCold).map((adapter) => [measure, adapter]),
    );
    for (const [measure, adapter] of shuffled(turns)) {
      const run = () => measure.run(browser, origin, adapter, extent(measure));
      const found = await named(`${adapter.title}, ${measure.name}`, run);
      const seen = values.get(adapter.id);
      for (const [key, value] of Object.entries(found)) (seen[key] ??= []).push(value);
    }
    console.log(`  round ${round + 1} of ${rounds}: ${Math.round((Date.now() - begin) / 1000)} s`);
  }
  return values;
}

/** Claviger first, then what is written by hand, then the others by their bytes. */
function rank({ name }) {
  if (name.startsWith('claviger')) return 0;
  return name.startsWith('by-hand') ? 1 : 2;
}

/** The adapter by hand that does the same: with a token or a code, scrubbing or not. */
function byHand({ about, scrubs }) {
  return ['by-hand', ...(about.flow.startsWith('code') ? ['code'] : []), ...(scrubs ? ['scrubbing'] : [])].join('-');
}

function concluded(introduced, values) {
  const found = introduced.map((adapter) => ({
    ...adapter,
    measures: Object.fromEntries(Object.entries(values.get(adapter.id)).map(([key, list]) => [key, summary(list)])),
  }));
  for (const adapter of found) {
    const other = found.find(({ name }) => name === byHand(adapter));
    for (const [key, measure] of Object.entries(adapter.measures)) {
      if (other?.measures[key]?.median > 0) measure.ratio = measure.median / other.measures[key].median;
    }
  }
  const rows = found
    .sort((one, other) => rank(one) - rank(other) || one.bytes.page.brotli - other.bytes.page.brotli);
  return { adapters: rows, ceilings: ceilings(rows) };
}

/** Proves, measures and reports. */
async function bench(browser, origin, { scripts, adapters, due }) {
  const introduced = await introduce(browser, origin, scripts, adapters);
  console.log(`  ${introduced.length} adapters do their job`);
  const [{ model }] = cpus();
  const run = {
    date: new Date().toISOString().slice(0, 10),
    isWhole,
    chromium: browser.version(),
    node: process.version,
    machine: { processor: model.trim(), cores: cpus().length, gigabytes: Math.round(totalmem() / 2 ** 30) },
    ...concluded(introduced, await measured(browser, origin, introduced, due)),
  };
  // What repeats a part must not replace what has everything.
  const name = options.only || options.adapters ? 'target/bench-part.json' : 'target/bench.json';
  await mkdir(new URL('target/', root), { recursive: true });
  await writeFile(new URL(name, root), `${JSON.stringify(run, null, 2)}\n`);
  console.log(table(run));
  console.log(`\nWritten: ${name}${isWhole ? ', docs/benchmarks.md and its pictures' : ''}.`);
  if (!isWhole) return;
  // Without the pictures that no section has any more.
  await rm(new URL('docs/benchmarks/', root), { recursive: true, force: true });
  await mkdir(new URL('docs/benchmarks/', root), { recursive: true });
  for (const [name, svg] of charts(run)) await writeFile(new URL(`docs/benchmarks/${name}.svg`, root), svg);
  await writeFile(new URL('docs/benchmarks.md', root), markdown(run));
}

let browser;
let server;
try {
  const names = chosen(options.only, measures.map(({ name }) => name));
  const due = measures.filter(({ name }) => names.includes(name));
  const described = await describedAdapters();
  const scripts = await bundled(described);
  server = await startServer(scripts);
  browser = await chromium.launch({ executablePath: process.env.CLAVIGER_CHROMIUM, args: QUIET });
  await bench(browser, server.origin, { scripts, adapters: described, due });
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  await browser?.close();
  server?.close();
}
