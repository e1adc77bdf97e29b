// Usage: CLAVIGER_CHROMIUM=… node bench/run.mjs [--quick] [--openid] [--only MEASURE,…] [--adapters NAME,…],
// after cargo xtask build. A quick run shows that everything works; only a whole one writes the page of results. --openid
// takes those alone who ask for an ID token, and --only id-tokens writes the page about these.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { cpus, loadavg, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { adapters, bundle, describe, isBuilt, sizes, version } from './harness/bundle.mjs';
import { checks } from './harness/checks.mjs';
import { measures } from './harness/measures.mjs';
import { prove } from './harness/prove.mjs';
import { startServer } from './harness/server.mjs';
import { shuffled, summary } from './harness/statistics.mjs';
import { ceilings } from './report/ceilings.mjs';
import { charts } from './report/chart.mjs';
import { idTokensMarkdown } from './report/id-tokens.mjs';
import { markdown } from './report/markdown.mjs';
import { table } from './report/table.mjs';

/** Whatever a browser does besides its pages would be measured with them. */
const QUIET = [
  '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
];
/** What --only takes beside the measures. */
const ID_TOKENS = 'id-tokens';
const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    openid: { type: 'boolean', default: false },
    only: { type: 'string' },
    adapters: { type: 'string' },
  },
});
const isPart = options.quick || options.only || options.adapters;
const isWhole = !isPart && !options.openid;
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
    if (options.openid && !about.openid) continue;
    if (isBuilt(about)) found.push({ name, id: name, about, title: about.title ?? about.package });
    else console.log(`  ${name}: the package was built without it`);
  }
  return found;
}

/** The files of every page by their paths. */
async function bundled(described) {
  const scripts = new Map();
  for (const { name, about: { conditions } } of described) {
    const files = await named(name, () => bundle(page(name), `/${name}`, { conditions }));
    for (const [path, bytes] of files) scripts.set(path, bytes);
  }
  return scripts;
}

const page = (name) => `export { open } from './adapters/${name}.js';`;

/** What a bundle weighs without what its page has anyway. */
async function weighed(contents, { conditions, within: external }) {
  const files = await bundle(contents, '/weighed', { conditions, external });
  return sizes([...files.values()]);
}

/** All that the package exports. */
function everything(about) {
  const { package: name, exports: modules = [name] } = about;
  return weighed(modules.map((module, at) => `export * as module${at} from '${module}';`).join('\n'), about);
}

/** Proves every adapter, and tells what the client does with the URL and what its page weighs. */
async function introduce(browser, origin, scripts, adapters) {
  const introduced = [];
  for (const adapter of adapters) {
    const { about, title } = adapter;
    await named(title, async () => {
      const { requested, scrubs } = await prove(browser, origin, adapter);
      const loaded = [...scripts].filter(([path]) => requested.has(path)).map(([, bytes]) => bytes);
      const alone = about.within ? await weighed(page(adapter.name), about) : sizes(loaded);
      const bytes = { page: alone, ...(about.package && { everything: await everything(about) }) };
      introduced.push({ ...adapter, scrubs, bytes, ...(about.package && { version: await version(about.package) }) });
    });
  }
  return introduced;
}

/** Whether a measure says something of an adapter, and is shown. */
function isDue({ ofPage, openid }, { about }) {
  return !(ofPage && about.within) && (openid || about.openid !== 'asked');
}

/** Which ID tokens the adapters believe that ask for one. */
async function checked(browser, origin, introduced) {
  const found = [];
  for (const adapter of introduced) {
    const run = () => checks(browser, origin, adapter, options.quick ? 1 : undefined);
    found.push({ ...adapter, ...(adapter.about.openid && { checks: await named(adapter.title, run) }) });
  }
  return found;
}

/** Every measure of every adapter, round by round, each round in an order of its own. */
async function measured(browser, origin, introduced, due) {
  const values = new Map(introduced.map(({ id }) => [id, {}]));
  const extent = (measure) => (options.quick ? measure.quick : measure.whole);
  const rounds = Math.max(0, ...due.map((measure) => extent(measure).rounds));
  for (let round = 0; round < rounds; round += 1) {
    const begin = Date.now();
    const inRound = due.filter((measure) => extent(measure).rounds > round);
    const turns = inRound.flatMap((measure) =>
      introduced.filter((adapter) => isDue(measure, adapter)).map((adapter) => [measure, adapter]),
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
async function bench(browser, origin, { scripts, adapters, due, isAboutIdTokens }) {
  const proved = await introduce(browser, origin, scripts, adapters);
  console.log(`  ${proved.length} adapters do their job`);
  const introduced = isAboutIdTokens ? await checked(browser, origin, proved) : proved;
  const load = [loadavg()[0]];
  const values = await measured(browser, origin, introduced, due);
  load.push(loadavg()[0]);
  const [{ model }] = cpus();
  const run = {
    date: new Date().toISOString().slice(0, 10),
    isWhole,
    chromium: browser.version(),
    node: process.version,
    machine: { processor: model.trim(), cores: cpus().length, gigabytes: Math.round(totalmem() / 2 ** 30) },
    load,
    ...concluded(introduced, values),
  };
  // What repeats a part must not replace what has everything.
  const name = `target/bench${isPart ? '-part' : ''}${options.openid ? '-openid' : ''}.json`;
  await mkdir(new URL('target/', root), { recursive: true });
  await writeFile(new URL(name, root), `${JSON.stringify(run, null, 2)}\n`);
  console.log(table(run));
  console.log(`\nWritten: ${[name, ...(await pages(run, isAboutIdTokens))].join(', ')}.`);
}

/** Writes the pages of which everything was measured, and gives their names. */
async function pages(run, isAboutIdTokens) {
  const written = new Map();
  if (isAboutIdTokens && !options.quick && !options.adapters) written.set('docs/id-tokens.md', idTokensMarkdown(run));
  if (isWhole) {
    written.set('docs/benchmarks.md', markdown(run));
    for (const [name, svg] of charts(run)) written.set(`docs/benchmarks/${name}.svg`, svg);
    // Without the pictures that no section has any more.
    await rm(new URL('docs/benchmarks/', root), { recursive: true, force: true });
    await mkdir(new URL('docs/benchmarks/', root), { recursive: true });
  }
  for (const [name, text] of written) await writeFile(new URL(name, root), text);
  return [...written.keys()].filter((name) => name.endsWith('.md'));
}

let browser;
let server;
try {
  const names = chosen(options.only, [ID_TOKENS, ...measures.map(({ name }) => name)]);
  const due = measures.filter(({ name, openid }) => names.includes(name) && (openid || !options.openid));
  const described = await describedAdapters();
  const scripts = await bundled(described);
  server = await startServer(scripts);
  browser = await chromium.launch({ executablePath: process.env.CLAVIGER_CHROMIUM, args: QUIET });
  await bench(browser, server.origin, { scripts, adapters: described, due, isAboutIdTokens: names.includes(ID_TOKENS) });
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  await browser?.close();
  server?.close();
}
