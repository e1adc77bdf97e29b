// The oldest Chromium of docs/browsers.md: each entry signs in with it, as the package has it, without a bundler.
import assert from 'node:assert/strict';
import { createReadStream, createWriteStream } from 'node:fs';
import { access } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { after, describe, test } from 'node:test';
import { createBrotliDecompress } from 'node:zlib';
import { packaged } from '../e2e/harness/package.mjs';
import { json, startAuthorizationServer } from '../e2e/harness/authorization-server.mjs';
import { startServer } from '../e2e/harness/servers.mjs';
import { Project } from './harness/project.mjs';
import { settingsOf } from './harness/sign-in.mjs';
import { ENTRIES } from './harness/tool.mjs';

const PAGE_TIMEOUT_MS = 30_000;
const { exports } = JSON.parse(packaged('package.json'));
const project = new Project('chromium-80');
let launched;

after(async () => (await launched)?.close());

/** The browser of the project's package, unpacked once. */
async function launch() {
  const packages = createRequire(join(project.folder, 'main.js'));
  const executablePath = join(project.folder, 'node_modules/chromium');
  const isUnpacked = await access(executablePath).then(() => true, () => false);
  if (!isUnpacked) {
    const packed = join(project.folder, 'node_modules/chrome-aws-lambda/bin/chromium.br');
    await pipeline(createReadStream(packed), createBrotliDecompress(), createWriteStream(executablePath, { mode: 0o700 }));
  }
  const args = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-popup-blocking'];
  return packages('puppeteer-core').launch({ executablePath, args, headless: true });
}

/** Serves the package's files, and a page whose buttons are members of a client. */
function serve(t, entry, settings) {
  const { production } = exports[entry.replace('claviger', '.')];
  const page = `<!doctype html><title>Old</title><script type="module">
    import { createClient } from '/${production}';
    window.ready = (async () => {
      const { options, api } = await (await fetch('/settings.json')).json();
      window.client = await createClient(options);
      window.callApi = async () => (await client.fetch(api)).text();
      window.redirect = await client.handleRedirect();
    })();
  </script>`;
  return startServer(t, ({ path }, response) => {
    const { pathname } = new URL(path, 'http://localhost');
    if (pathname === '/settings.json') return json(response, 200, settings());
    if (pathname.startsWith('/wasm/')) {
      const type = pathname.endsWith('.wasm') ? 'application/wasm' : 'text/javascript';
      return response.writeHead(200, { 'content-type': type }).end(packaged(pathname));
    }
    return response.writeHead(200, { 'content-type': 'text/html' }).end(page);
  });
}

describe('chromium-80 80.0.3987, a page', () => {
  for (const entry of ENTRIES) {
    test(entry, { timeout: 3 * PAGE_TIMEOUT_MS }, async (t) => {
      const refusal = await project.install();
      if (refusal) return t.skip(refusal);
      const browser = await (launched ??= launch());
      assert.match(await browser.version(), /Chrome\/80\./);
      const server = await startAuthorizationServer(t);
      const { origin } = await serve(t, entry, () => settingsOf(entry, server, `${origin}/`));
      const page = await (await browser.createIncognitoBrowserContext()).newPage();
      t.after(() => page.browserContext().close());
      const complaints = [];
      page.on('pageerror', (error) => complaints.push(String(error)));
      if (entry.endsWith('/no-wasm')) await page.evaluateOnNewDocument(() => delete window.WebAssembly);
      await page.goto(origin, { timeout: PAGE_TIMEOUT_MS });
      await page.evaluate(() => window.ready);
      await Promise.all([page.waitForNavigation({ timeout: PAGE_TIMEOUT_MS }), page.evaluate(() => void window.client.login())]);
      await page.waitForFunction(() => window.redirect, { timeout: PAGE_TIMEOUT_MS });
      assert.equal(await page.evaluate(() => window.callApi()), '{"isKnown":true}');
      assert.equal(page.url(), `${origin}/`);
      if (!entry.startsWith('claviger/implicit')) {
        assert.equal(await page.evaluate(async () => (await window.client.renew()).token_type), 'Bearer');
        assert.equal(await page.evaluate(() => window.callApi()), '{"isKnown":true}');
        const aborted = await page.evaluate(() => {
          const controller = new AbortController();
          controller.abort();
          return window.client.renew({ signal: controller.signal }).catch(({ name }) => name);
        });
        assert.equal(aborted, 'AbortError');
        const replaced = await page.evaluate(async () => {
          const first = window.client.loginPopup().catch(({ code }) => code);
          await window.client.loginPopup();
          return first;
        });
        assert.equal(replaced, 'popup_closed');
        assert.equal(await page.evaluate(() => window.callApi()), '{"isKnown":true}');
      }
      await page.evaluate(() => window.client.logout());
      assert.equal(await page.evaluate(() => window.client.token()), null);
      assert.deepEqual(complaints, []);
    });
  }
});
