// An application on http://localhost in a tab of the engine under test, with real servers behind it.
import { after } from 'node:test';
import { App, OPTIONS } from '../../e2e/harness/page.mjs';
import { serveApp } from '../../e2e/harness/servers.mjs';

let launched;

after(async () => (await launched)?.close());

/** One browser for each test file. A tab of it has `goto`, `evaluate` and `close`. */
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

/**
 * Waits for a function in the page to give true, whatever documents come and go meanwhile. A document
 * that goes may take its answer along: WebKit's never comes then.
 */
export async function until(app, run, argument) {
  for (const end = Date.now() + 20_000; Date.now() < end; await pause(25)) {
    const answer = app.evaluate(run, argument).catch(() => false);
    if (await Promise.race([answer, pause(2000)])) return;
  }
  throw new Error(`In vain waited for ${run}`);
}

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
