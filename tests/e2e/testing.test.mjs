// claviger/testing in a real browser: docs/testing.md's example for Playwright, over an application of its kind.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newContext } from './harness/browser.mjs';
import { examplesOf } from './harness/examples.mjs';
import { project } from './harness/package.mjs';
import { answerOfApp } from './harness/page.mjs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const { fakeServer } = await import(pathToFileURL(createRequire(join(project, 'main.js')).resolve('claviger/testing')));

const APP = `
  import { createClient, discover } from '/pkg/wasm/claviger.js';
  const client = globalThis.client = await createClient({
    server: await discover('https://as.example'), client_id: 'app', redirect_uri: 'https://app.example/',
    response_type: 'code', resources: ['https://api.example'],
  });
  document.querySelector('button').onclick = () => client.login();
  const redirect = await client.handleRedirect().catch(({ code, error }) => document.body.append(code, error));
  if (redirect) document.body.append((await (await client.fetch('https://api.example/me')).json()).name);
`;

/** A context in which the application is served, and what Playwright's own runner gives. */
async function opened(t) {
  const context = await newContext(t);
  const served = { scripts: { '/app.js': APP }, body: '<button>Sign in</button><script type="module" src="/app.js"></script>' };
  await context.route('https://app.example/**', (route) => route.fulfill(answerOfApp(new URL(route.request().url()).pathname, served)));
  return { context, page: await context.newPage() };
}

/** The example as a function of what its runner gives. */
function example() {
  const code = examplesOf('testing').playwright.replace(/^import .*$/gm, '');
  const cases = [];
  const expect = (locator) => ({ toBeVisible: () => locator.waitFor({ timeout: 5_000 }) });
  new Function('expect', 'test', 'fakeServer', code)(expect, (_, run) => cases.push(run), fakeServer);
  return cases[0];
}

test('docs/testing.md: the example for Playwright signs a user in', async (t) => {
  await example()(await opened(t));
});

test('a user who refuses, and a network that is gone, are what they are at a real server', async (t) => {
  const { context, page } = await opened(t);
  const fake = await fakeServer();
  await context.route(/^https:\/\/(as|api)\.example\//, fake.route);
  await page.goto('https://app.example/');
  await page.waitForFunction(() => globalThis.client);
  const url = await page.evaluate(async () => (await globalThis.client.authorizationUrl()).href);
  await page.goto((await fake.deny(url)).href);
  await page.getByText('authorization_erroraccess_denied').waitFor();
  fake.offline();
  await page.goto('https://app.example/');
  const outcome = await page.evaluate(async () => {
    const { discover } = await import('/pkg/wasm/claviger.js');
    return discover('https://as.example').catch(({ code }) => code);
  });
  assert.equal(outcome, 'metadata_unreachable');
});
