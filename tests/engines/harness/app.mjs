// An application on http://localhost in a tab of the engine under test, with real servers behind it.
import { after } from 'node:test';
import { App, OPTIONS } from '../../e2e/harness/page.mjs';
import { serveApp } from '../../e2e/harness/servers.mjs';

let launched;

after(async () => (await launched)?.close());

/**
 * One browser for each test file. A tab of it has `goto`, `evaluate`, `click`, which is the user's, and
 * `close`; `windows` names all that are open.
 */
function engine() {
  launched ??= import(`./${process.env.CLAVIGER_ENGINE}.mjs`).then(({ launch }) => launch());
  return launched;
}

/** One tab of the application, for as long as the test; the options name an origin of its own. */
export async function openApp(t, served) {
  const { origin, log } = await serveApp(t, served);
  const { newPage } = await engine();
  const page = await newPage();
  t.after(() => page.close());
  const app = new App({ origin, context: { newPage } }, page);
  await app.open('/start');
  return Object.assign(app, { origin, log, options: { ...OPTIONS, redirect_uri: `${origin}/cb` } });
}

/** The window that a click on an element opens; `closed` waits until it is gone. */
export async function openByClick(app, selector) {
  const { windows, pageOf } = await engine();
  const before = await windows();
  await app.page.click(selector);
  const opened = await found(async () => (await windows()).find((window) => !before.includes(window)), 'a new window');
  const page = pageOf(opened);
  return {
    evaluate: (...call) => page.evaluate(...call),
    click: (selector) => page.click(selector),
    closed: () => found(async () => !(await windows()).includes(opened), 'the end of a window'),
  };
}

/**
 * Waits for a function in the page to give true, whatever documents come and go meanwhile. A document
 * that goes may take its answer along: WebKit's never comes then.
 */
export async function until(app, run, argument) {
  await found(() => Promise.race([app.evaluate(run, argument).catch(() => false), pause(2000)]), run);
}

/** What `look` sees, as soon as that is something. */
async function found(look, what) {
  for (const end = Date.now() + 20_000; Date.now() < end; await pause(25)) {
    const seen = await look();
    if (seen) return seen;
  }
  throw new Error(`In vain waited for ${what}`);
}

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
