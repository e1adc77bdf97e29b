// Usage: CLAVIGER_CHROMIUM=… node bench/run.mjs [--quick], after cargo xtask build. A quick run shows that everything
// works, and writes no page of results.
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { chromium } from 'playwright-core';
import { adapters, bundle, sizes, version } from './harness/bundle.mjs';
import { bundleForm, forms } from './harness/loading.mjs';
import { measures } from './harness/measures.mjs';
import { inFreshPage } from './harness/page.mjs';
import { prove } from './harness/prove.mjs';
import { startServer } from './harness/server.mjs';
import { shuffled, summary } from './harness/statistics.mjs';
import { charts } from './report/chart.mjs';
import { markdown } from './report/markdown.mjs';
import { table } from './report/table.mjs';

/** Whatever a browser does besides its pages would be measured with them. */
const QUIET = [
  '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
];
const isQuick = process.argv.includes('--quick');
const root = new URL('../', import.meta.url);

/** Whose fault it is, before what it is. */
async function named(name, run) {
  try {
    return await run();
  } catch (error) {
    throw new Error(`${name}: ${error.message}`, { cause: error });
  }
}

async function bundled() {
  const scripts = new Map();
  for (const name of await adapters()) {
    await named(name, async () => {
      for (const [path, bytes] of await bundle(`export { open } from './adapters/${name}.js';`, `/${name}`)) scripts.set(path, bytes);
      for (const [path, bytes] of await bundle(`export { about } from './adapters/${name}.js';`, `/${name}/about`)) scripts.set(path, bytes);
    });
  }
  for (const form of forms()) {
    await named(form.title, async () => {
      for (const [path, bytes] of await bundleForm(form)) scripts.set(path, bytes);
    });
  }
  return scripts;
}

/** All that the package exports. */
async function everything({ package: name, exports: modules = [name] }) {
  const files = await bundle(modules.map((module, at) => `export * as module${at} from '${module}';`).join('\n'), '/everything');
  return sizes([...files.values()]);
}

/** What the page of a proved adapter weighs. */
async function proved(browser, origin, scripts, adapter) {
  const requested = await prove(browser, origin, adapter);
  return sizes([...scripts].filter(([path]) => requested.has(path)).map(([, bytes]) => bytes));
}

/** Proves every adapter and every form, and tells what it is and what its page weighs. */
async function introduce(browser, origin, scripts) {
  const introduced = [];
  for (const name of await adapters()) {
    await named(name, async () => {
      const about = await inFreshPage(browser, origin, ({ call }) => call('about', name));
      const adapter = { name, about, title: about.title ?? about.package };
      const page = await proved(browser, origin, scripts, adapter);
      const bytes = { page, ...(about.package && { everything: await everything(about) }) };
      introduced.push({ ...adapter, id: name, bytes, ...(about.package && { version: await version(about.package) }) });
    });
  }
  for (const form of forms()) {
    introduced.push({ ...form, bytes: { page: await named(form.title, () => proved(browser, origin, scripts, form)) } });
  }
  return introduced;
}

/** Every measure of every adapter, round by round, each round in an order of its own. */
async function measured(browser, origin, introduced) {
  const values = new Map(introduced.map(({ id }) => [id, {}]));
  const options = (measure) => (isQuick ? measure.quick : measure.whole);
  const rounds = Math.max(...measures.map((measure) => options(measure).rounds));
  for (let round = 0; round < rounds; round += 1) {
    const begin = Date.now();
    const due = measures.filter((measure) => options(measure).rounds > round);
    const turns = due.flatMap((measure) => introduced.filter(({ form }) => !form || measure.isCold).map((adapter) => [measure, adapter]));
    for (const [measure, adapter] of shuffled(turns)) {
      const found = await named(`${adapter.title}, ${measure.name}`, () => measure.run(browser, origin, adapter, options(measure)));
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

function concluded(introduced, values) {
  const found = introduced.map((adapter) => ({
    ...adapter,
    measures: Object.fromEntries(Object.entries(values.get(adapter.id)).map(([key, list]) => [key, summary(list)])),
  }));
  for (const { about, measures } of found) {
    const byHand = found.find(({ name }) => name === (about.scrubs ? 'by-hand-scrubbing' : 'by-hand')).measures;
    for (const [key, measure] of Object.entries(measures)) {
      if (byHand[key]?.median > 0) measure.ratio = measure.median / byHand[key].median;
    }
  }
  return {
    adapters: found.filter(({ form }) => !form).sort((one, other) => rank(one) - rank(other) || one.bytes.page.brotli - other.bytes.page.brotli),
    forms: found.filter(({ form }) => form),
  };
}

/** Proves, measures and reports. */
async function bench(browser, server, scripts) {
  const introduced = await introduce(browser, server.origin, scripts);
  console.log(`  ${introduced.length} adapters and forms do their job`);
  const [{ model }] = cpus();
  const run = {
    date: new Date().toISOString().slice(0, 10),
    isQuick,
    chromium: browser.version(),
    node: process.version,
    machine: { processor: model.trim(), cores: cpus().length, gigabytes: Math.round(totalmem() / 2 ** 30) },
    ...concluded(introduced, await measured(browser, server.origin, introduced)),
  };
  await mkdir(new URL('target/', root), { recursive: true });
  await writeFile(new URL('target/bench.json', root), `${JSON.stringify(run, null, 2)}\n`);
  console.log(table(run));
  if (!isQuick) {
    await mkdir(new URL('docs/benchmarks/', root), { recursive: true });
    for (const [name, svg] of charts(run)) await writeFile(new URL(`docs/benchmarks/${name}.svg`, root), svg);
    await writeFile(new URL('docs/benchmarks.md', root), markdown(run));
    console.log('Written: target/bench.json, docs/benchmarks.md and its pictures.');
  }
}

let browser;
let server;
try {
  const scripts = await bundled();
  server = await startServer(scripts);
  browser = await chromium.launch({ executablePath: process.env.CLAVIGER_CHROMIUM, args: QUIET });
  await bench(browser, server, scripts);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  await browser?.close();
  server?.close();
}
