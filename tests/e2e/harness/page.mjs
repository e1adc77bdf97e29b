// A page of an application on https://app.example, served without any network.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, beforeEach, describe } from 'node:test';
import { newContext } from './browser.mjs';
import { packaged } from './package.mjs';

/** The entries of the package that hold a client and a WebAssembly module. */
export const ENTRIES = ['claviger', 'implicit'];
/** The same with the module as plain JavaScript. */
const WITHOUT_WASM = ['no-wasm', 'implicit-no-wasm'];

/** Those that know codes. */
export const knowsCodes = (entry) => !entry.startsWith('implicit');

export const hasNoModule = (entry) => WITHOUT_WASM.includes(entry);

/** The entry with a module that an entry without one does as: what it exports and says is the same. */
export const withModule = (entry) => (entry === 'no-wasm' ? 'claviger' : entry.replace('-no-wasm', ''));

/** The same tests for each of them, with and without WebAssembly. */
export function eachEntry(define) {
  for (const entry of [...ENTRIES, ...WITHOUT_WASM]) {
    describe(entry, () => define(entry));
  }
}

/** What the pages allow: their own scripts and WebAssembly, and no inline script, eval or sink. */
export const CSP = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "connect-src 'self' https: wss: http://localhost:* http://127.0.0.1:*",
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
 * the application's page for every other path, unless `pages` has another body there.
 */
export function answerOfApp(path, { entry = 'claviger', head = '', body, pages = {}, scripts = {}, headers = {} } = {}) {
  if (path.startsWith('/pkg/')) {
    return { contentType: path.endsWith('.wasm') ? 'application/wasm' : SCRIPT, body: packaged(path.slice('/pkg/'.length)) };
  }
  if (path === '/in-page.js') {
    return { contentType: SCRIPT, body: inPage };
  }
  if (path in scripts) {
    return { contentType: SCRIPT, body: scripts[path] };
  }
  if (path === '/favicon.ico') {
    return { status: 204, body: '' };
  }
  return {
    contentType: 'text/html; charset=utf-8',
    headers: { 'Content-Security-Policy': hasNoModule(entry) ? CSP.replace(" 'wasm-unsafe-eval'", '') : CSP, ...headers },
    body: `<!doctype html><html lang="en"><head><meta charset="utf-8">${head}<title>App</title></head>
<body>${pages[path] ?? body ?? `<script type="module" src="/in-page.js?entry=${entry}"></script>`}</body></html>`,
  };
}

/** A context whose every request is answered by the tests, and one tab in it. */
export async function openApp(t, { init = [], contextOptions, ...served } = {}) {
  // What needs no WebAssembly is tested without.
  const without = hasNoModule(served.entry) ? [() => { delete globalThis.WebAssembly; }] : [];
  const app = await openTab(t, { origin: 'https://app.example', init: [...without, ...init], contextOptions });
  await app.world.context.route('**/*', (route) => {
    const url = new URL(route.request().url());
    return route.fulfill(url.hostname === 'app.example' ? answerOfApp(url.pathname, served) : ANSWER);
  });
  return app;
}

/** One tab for the tests of a suite; each begins with a new document and empty storages, and nothing seen or said yet. */
export function useApp(served) {
  const app = new App();
  before(async () => Object.assign(app, await openApp(undefined, served)));
  beforeEach(async () => {
    await app.open('/start');
    await app.evaluate(() => [sessionStorage, localStorage].forEach((storage) => storage.clear()));
    app.requests.length = app.messages.length = 0;
  });
  return app;
}

/** A context that takes what the network gives, and one tab in it. */
export async function openTab(t, { origin, init = [], contextOptions }) {
  const context = await newContext(t, contextOptions);
  const world = { context, origin, requests: [], messages: [] };
  context.on('request', (request) => {
    if (new URL(request.url()).origin !== origin) {
      world.requests.push({ method: request.method(), url: request.url(), headers: request.headers(), body: request.postData() });
    }
  });
  context.on('console', (message) => world.messages.push(message.text()));
  context.on('weberror', (error) => world.messages.push(String(error.error().stack)));
  for (const script of init) {
    await context.addInitScript(script);
  }
  return new App(world, await context.newPage());
}

/** What every other origin answers. */
const ANSWER = {
  contentType: 'application/json',
  headers: { 'access-control-allow-origin': '*', 'access-control-allow-headers': '*, authorization' },
  body: '{"ok":true}',
};

/** One tab of the application. */
export class App {
  #history;

  constructor(world, page) {
    this.world = world;
    this.page = page;
  }

  /** Another tab of the same browser, until the test ends; without one, until the browser does. */
  async newTab(t) {
    const page = await this.world.context.newPage();
    t?.after(() => page.close());
    const tab = new App(this.world, page);
    await tab.open('/start');
    return tab;
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

  /** The page's client, as a handle whose `evaluate` gives it to a function in the page. */
  client(options = OPTIONS) {
    return this.page.evaluateHandle((options) => clientFor(options), options);
  }

  /** A client that has a token, as such a handle. */
  async signedIn(options = OPTIONS, details) {
    const { thrown } = await this.signIn(options, details);
    assert.equal(thrown, undefined);
    return this.client(options);
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

  /**
   * The page at a URL, with nothing in its memory. Where there is no query to load a document with, a
   * navigation of the fragment alone does, in a fraction of the time.
   */
  async arrive(url) {
    const { href } = new URL(url, this.world.origin);
    const [base] = href.split('#', 1);
    if (base === href || base.includes('?')) {
      return this.open(href);
    }
    return this.evaluate(
      ({ base, href }) => {
        forgetClients();
        history.replaceState(null, '', base);
        location.replace(href);
      },
      { base, href },
    );
  }

  /** The page at a response, as the server would send the user there, and what is made of it. */
  async receive(url, options = OPTIONS) {
    await this.arrive(url);
    return this.handleRedirect(options);
  }

  /** Signs in from start to end, and gives the outcome of the redirect. */
  async signIn(options = OPTIONS, details) {
    const { state } = await this.startLogin(options);
    return this.handleRedirect(options, response(state, { redirect_uri: options.redirect_uri, ...details }));
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
export function response(state, { token = 'AT', seconds = 3600, more = '', redirect_uri = OPTIONS.redirect_uri } = {}) {
  return `${redirect_uri}#access_token=${token}&token_type=Bearer&expires_in=${seconds}&state=${state}${more}`;
}
