// A page of an application on https://app.example, served without any network.
import { readFileSync } from 'node:fs';
import { newContext } from './browser.mjs';
import { packaged } from './package.mjs';

/** The two entries of the package that hold a client. */
export const ENTRIES = ['claviger', 'implicit'];

/** What the pages allow: their own scripts and WebAssembly, and no inline script, eval or sink. */
export const CSP = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "connect-src 'self' https: http://localhost:* http://127.0.0.1:*",
  "base-uri 'self'",
  "frame-src 'self'",
  "img-src https:",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

/** The client of most tests. */
export const OPTIONS = {
  server: { issuer: 'https://as.example', authorization_endpoint: 'https://as.example/authorize' },
  client_id: 'spa',
  redirect_uri: 'https://app.example/cb',
  response_type: 'token',
  scope: 'read write',
};

const inPage = readFileSync(new URL('in-page.js', import.meta.url));
const SCRIPT = 'text/javascript; charset=utf-8';

/**
 * What a server sends for one of an application's URLs: the package's files, the given scripts, and
 * the application's page for every other path.
 */
export function answerOfApp(path, { entry = 'claviger', head = '', scripts = {}, csp = CSP, headers = {} } = {}) {
  if (path.startsWith('/pkg/')) {
    return { contentType: SCRIPT, body: packaged(path.slice('/pkg/'.length)) };
  }
  if (path === '/in-page.js') {
    return { contentType: SCRIPT, body: inPage };
  }
  if (path in scripts) {
    return { contentType: SCRIPT, body: scripts[path] };
  }
  if (path === '/favicon.ico') {
    return { status: 404, body: '' };
  }
  const body = `<!doctype html><html lang="en"><head><meta charset="utf-8">${head}<title>App</title></head>
<body><script type="module" src="/in-page.js?entry=${entry}"></script></body></html>`;
  return { contentType: 'text/html; charset=utf-8', headers: { 'content-security-policy': csp, ...headers }, body };
}

/** A context whose every request is answered by the tests, and one tab in it. */
export async function openApp(t, { init = [], contextOptions, answer, ...served } = {}) {
  const app = await openTab(t, { origin: 'https://app.example', init, contextOptions });
  await app.world.context.route('**/*', (route) => {
    const request = route.request();
    const url = new URL(request.url());
    const seen = { method: request.method(), url: request.url(), headers: request.headers(), body: request.postData() };
    if (url.hostname !== 'app.example') {
      app.requests.push(seen);
    }
    return route.fulfill(answer?.(url, seen) ?? answerOf(url, served));
  });
  return app;
}

/** A context that takes what the network gives, and one tab in it. */
export async function openTab(t, { origin, init = [], contextOptions }) {
  const context = await newContext(t, contextOptions);
  const world = { context, origin, requests: [], messages: [] };
  context.on('console', (message) => world.messages.push(message.text()));
  context.on('weberror', (error) => world.messages.push(String(error.error().stack)));
  for (const script of init) {
    await context.addInitScript(script);
  }
  return new App(world, await context.newPage());
}

function answerOf(url, served) {
  if (url.hostname === 'app.example') {
    return answerOfApp(url.pathname, served);
  }
  return {
    contentType: 'application/json',
    headers: { 'access-control-allow-origin': '*', 'access-control-allow-headers': '*, authorization' },
    body: '{"ok":true}',
  };
}

/** One tab of the application. */
export class App {
  #history;

  constructor(world, page) {
    this.world = world;
    this.page = page;
  }

  /** Another tab of the same browser. */
  async newTab() {
    return new App(this.world, await this.world.context.newPage());
  }

  /** What other origins were asked for. */
  get requests() {
    return this.world.requests;
  }

  /** Every line of every console. */
  get messages() {
    return this.world.messages;
  }

  async open(path) {
    await this.page.goto(new URL(path, this.world.origin).href);
  }

  evaluate(run, argument) {
    return this.page.evaluate(run, argument);
  }

  /** Starts a login without leaving the page: the URL to go to, and the state in it. */
  async startLogin(options = OPTIONS, { parameters, login } = {}) {
    const outcome = await this.evaluate(
      ({ options, parameters, login }) =>
        settle(async () => (await (await clientFor(options)).authorizationUrl(parameters, login)).href),
      { options, parameters, login },
    );
    if (outcome.thrown) {
      return outcome;
    }
    const url = new URL(outcome.value);
    return { url, state: url.searchParams.get('state') };
  }

  /** What `handleRedirect` makes of the page's URL, or of the one it is given. */
  handleRedirect(options = OPTIONS, url) {
    return this.evaluate(
      ({ options, url }) =>
        settle(async () => {
          const client = await clientFor(options);
          return url === undefined ? client.handleRedirect() : client.handleRedirect(url);
        }),
      { options, url },
    );
  }

  /** Signs in from start to end, and gives the outcome of the redirect. */
  async signIn(options = OPTIONS, { parameters, login, token = 'AT', more = '' } = {}) {
    const { state } = await this.startLogin(options, { parameters, login });
    return this.handleRedirect(options, response(state, { token, more, redirect_uri: options.redirect_uri }));
  }

  token(options = OPTIONS) {
    return this.evaluate(async (options) => (await clientFor(options)).token(), options);
  }

  /** The address bar, and how many entries the history has. */
  place() {
    return this.evaluate(() => ({ url: location.href, entries: history.length }));
  }

  /** The URL of each entry of the tab's history, as the browser keeps them. */
  async history() {
    this.#history ??= await this.world.context.newCDPSession(this.page);
    const { entries } = await this.#history.send('Page.getNavigationHistory');
    return entries.map((entry) => entry.url);
  }
}

/** A good response. */
export function response(state, { token = 'AT', more = '', redirect_uri = OPTIONS.redirect_uri } = {}) {
  return `${redirect_uri}#access_token=${token}&token_type=Bearer&expires_in=3600&state=${state}${more}`;
}
