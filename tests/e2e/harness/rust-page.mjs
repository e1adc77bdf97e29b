// The page in Rust, examples/page, as the client of a server of the test's own.
import { readFile } from 'node:fs/promises';
import { json, SECRET, startAuthorizationServer } from './authorization-server.mjs';
import { App, openTab } from './page.mjs';
import { startServer } from './servers.mjs';

const PAGE = new URL('../../../target/page/', import.meta.url);
const TYPES = { html: 'text/html', js: 'text/javascript', wasm: 'application/wasm' };

/**
 * The page, or the program in `folder`, its server, and another origin, for one test. `config` is what the page is told of its registration, and
 * `refused` are the tokens that the API calls invalid.
 */
export async function openRustPage(t, { folder = PAGE, config = {}, csp = '', init } = {}) {
  const server = await startAuthorizationServer(t);
  const evil = await startServer(t, (_, response) => json(response, 200, { name: 'Evil' }));
  const own = { server, evil, refused: new Set() };
  const app = await startServer(
    t,
    async ({ path }, response) => {
      const { pathname } = new URL(path, 'http://localhost');
      if (pathname === '/config.json') return json(response, 200, own.config);
      const name = pathname === '/' ? 'index.html' : pathname.slice(1);
      const body = await readFile(new URL(name, folder)).catch(() => '');
      const type = TYPES[name.split('.').pop()] ?? 'text/plain';
      response.writeHead(200, { 'content-type': name.startsWith('pkg/') ? TYPES.js : type, 'content-security-policy': csp }).end(body);
    },
    { host: 'localhost' },
  );
  const { origin } = server;
  own.home = `${app.origin}/`;
  own.config = {
    issuer: origin,
    authorization_endpoint: `${origin}/authorize`,
    token_endpoint: `${origin}/token`,
    revocation_endpoint: `${origin}/revoke`,
    api: `${origin}/api`,
    client_id: 'spa',
    redirect_uri: own.home,
    ...config,
  };
  server.instead['/api/profile'] = ({ headers }, response) => {
    const token = headers.authorization?.slice('Bearer '.length) ?? '';
    if (token.startsWith(SECRET) && !own.refused.has(token)) return json(response, 200, { name: 'Ada' });
    response.setHeader('www-authenticate', 'Bearer error="invalid_token"');
    json(response, 401, {});
  };
  const tab = await openTab(t, { origin: app.origin, init });
  await tab.open('/');
  return Object.assign(own, { tab });
}

/** Another tab of the same browser. */
export async function openOther(t, { tab }) {
  const page = await tab.world.context.newPage();
  t.after(() => page.close());
  const other = new App(tab.world, page);
  await other.open('/');
  return other;
}

/** Waits until an output has this text. */
export function untilShown({ page }, id, text) {
  return page.waitForFunction(([id, text]) => document.getElementById(id)?.textContent === text, [id, text], { timeout: 20_000 });
}

/** What the page says once it says something, and the code of a failure. */
export async function shown({ page }) {
  const output = page.locator('#shown:not(:text-is("Loading"))');
  return { text: await output.textContent({ timeout: 20_000 }), code: await output.getAttribute('data-code') };
}

export const newsOf = (tab) => tab.page.locator('#news').textContent();
export const stateOf = (tab) => tab.page.locator('#state').textContent();

/** Clicks, and gives what came of it. */
export async function click(tab, id) {
  await tab.page.click(`#${id}`);
  return shown(tab);
}

/** Signs in by a navigation to the server and back. */
export async function signIn(tab) {
  await shown(tab);
  await tab.page.click('#sign-in');
  await untilShown(tab, 'shown', 'Ada');
}

/** The tokens that the API was called with. */
export const callsTo = (server) => server.log.filter(({ path }) => path === '/api/profile').map(({ headers }) => headers.authorization?.slice('Bearer '.length));
export const renewalsAt = (server) => server.sent('/token').flatMap(({ refresh_token }) => refresh_token ?? []);

/** A token endpoint that gives to each request in turn; the last answer goes on. */
export function giving(...answers) {
  let count = 0;
  return (_, response) => {
    const { status, ...answer } = answers[Math.min(count, answers.length - 1)];
    count += 1;
    json(response, status ?? 200, answer.error ? answer : { access_token: `${SECRET}AT-G${count}`, token_type: 'Bearer', ...answer });
  };
}
