// What a project's script makes signs in at an authorization server, and shows what the API answers to its token.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { json, startAuthorizationServer } from '../../e2e/harness/authorization-server.mjs';
import { newContext } from '../../e2e/harness/browser.mjs';
import { startServer } from '../../e2e/harness/servers.mjs';
import { readable } from './project.mjs';

/** What the API answers to a token that its server made. */
const KNOWN = '{"isKnown":true}';
const PAGE_TIMEOUT_MS = 15_000;

/** The options of a client of the entry, and the API's URL. */
export function settingsOf(entry, { origin }, redirectUri) {
  const api = `${origin}/api`;
  const options = {
    server: { authorization_endpoint: `${origin}/authorize`, token_endpoint: `${origin}/token` },
    client_id: 'spa',
    redirect_uri: redirectUri,
    response_type: entry.startsWith('claviger/implicit') ? 'token' : 'code',
    resources: [api],
  };
  return { options, api };
}

export async function signInWithProgram(t, project, script, entry) {
  const server = await startAuthorizationServer(t);
  const settings = settingsOf(entry, server, 'https://app.example/cb');
  const printed = await project.run(script, { SETTINGS: JSON.stringify(settings) });
  assert.ok(printed.split('\n').some((line) => line.trim() === KNOWN), printed);
}

export async function signInOnPage(t, project, script, entry) {
  await project.run(script);
  const server = await startAuthorizationServer(t);
  const { origin } = await serve(t, project, () => settingsOf(entry, server, `${origin}/`));
  const page = await (await newContext(t)).newPage();
  if (entry.endsWith('/no-wasm')) await page.addInitScript(() => delete globalThis.WebAssembly);
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(readable(String(error.stack))));
  page.on('console', (message) => complaints.push(readable(message.text())));
  await page.goto(origin);
  const button = page.locator('button:enabled');
  const answer = page.locator('output:not(:empty)');
  try {
    await button.or(answer).waitFor({ state: 'attached', timeout: PAGE_TIMEOUT_MS });
    if (await button.isVisible()) await button.click();
    await answer.waitFor({ timeout: PAGE_TIMEOUT_MS });
  } catch (error) {
    complaints.push(readable(error.message));
  }
  const shown = await page.locator('output').textContent();
  assert.deepEqual({ shown, url: page.url(), complaints }, { shown: KNOWN, url: `${origin}/`, complaints: [] });
}

/** What the project's script built, with the settings beside it. */
function serve(t, project, settings) {
  return startServer(t, async ({ path }, response) => {
    const { pathname } = new URL(path, 'http://localhost');
    if (pathname === '/settings.json') return json(response, 200, settings());
    if (pathname === '/favicon.ico') return response.writeHead(204).end();
    const file = pathname === '/' ? 'index.html' : decodeURIComponent(pathname);
    // Some tools build scripts alone, and leave the page to the user.
    const folders = file === 'index.html' ? ['dist', '.'] : ['dist'];
    const files = await Promise.all(folders.map((folder) => read(join(project.folder, folder, file))));
    const body = files.find(Boolean);
    return response.writeHead(body ? 200 : 404, { 'content-type': typeOf(file) }).end(body);
  });
}

const read = (file) => readFile(file).catch(() => undefined);

function typeOf(file) {
  // Without a charset: the page says which, and what a classic script is read as.
  const types = { html: 'text/html', js: 'text/javascript', css: 'text/css', wasm: 'application/wasm' };
  return types[file.split('.').at(-1)] ?? 'application/octet-stream';
}
