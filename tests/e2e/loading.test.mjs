// How the module comes into the page: once, in every form, and from wherever it lies.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { test } from 'node:test';
import { build } from 'vite';
import { members, values } from '../types/members.mjs';
import { packaged, project } from './harness/package.mjs';
import { CSP, openApp, OPTIONS, openTab, useApp } from './harness/page.mjs';

/** Counts what compiles: `compiled` holds a name for each time that it works. */
function counting() {
  const compiled = (globalThis.compiled = []);
  const { Module } = WebAssembly;
  WebAssembly.Module = new Proxy(Module, {
    construct(...given) {
      const module = Reflect.construct(...given);
      compiled.push('Module');
      return module;
    },
  });
  for (const name of ['compile', 'compileStreaming', 'instantiate', 'instantiateStreaming']) {
    const original = WebAssembly[name];
    WebAssembly[name] = async (...given) => {
      const made = await original(...given);
      if (!(given[0] instanceof Module)) compiled.push(name);
      return made;
    };
  }
}

/** The file that claviger/wasm fetches. */
const FILE = '**/claviger.wasm';
const WASM = { contentType: 'application/wasm', body: packaged('wasm/claviger.wasm') };

/** Two clients of each entry, wanted at the same moment; gives what was compiled, and whether all of them work. */
async function clients(app, entries) {
  return app.evaluate(async ({ entries, options }) => {
    const modules = await Promise.all(entries.map((entry) => import(`/pkg/wasm/${entry}.js`)));
    const made = await Promise.all([...modules, ...modules].map(({ createClient }) => createClient(options)));
    const urls = await Promise.all(made.map(({ authorizationUrl }) => authorizationUrl()));
    return { compiled: globalThis.compiled, states: new Set(urls.map(({ searchParams }) => searchParams.get('state'))).size };
  }, { entries, options: OPTIONS });
}

for (const [entries, ...compiled] of [
  [['claviger'], 'Module'],
  [['implicit'], 'Module'],
  [['wasm'], 'compileStreaming'],
  // The one that is on its way is waited for.
  [['wasm', 'claviger'], 'compileStreaming'],
  [['claviger', 'wasm'], 'Module'],
]) {
  test(`clients of ${entries.join(' and ')}, wanted at once, share one compiled module`, async (t) => {
    const app = await openApp(t, { init: [counting], body: '' });
    await app.open('/start');
    assert.deepEqual(await clients(app, entries), { compiled, states: entries.length * 2 });
  });
}

test('an entry that comes later takes the module that another one compiled', async (t) => {
  const app = await openApp(t, { init: [counting], body: '' });
  await app.open('/start');
  await clients(app, ['claviger']);
  await app.page.route(FILE, (route) => route.abort());
  assert.deepEqual(await clients(app, ['wasm']), { compiled: ['Module'], states: 2 });
});

test('a module that does not arrive stops no entry that has it inside', async (t) => {
  const app = await openApp(t, { init: [counting], body: '' });
  await app.page.route(FILE, (route) => route.abort());
  await app.open('/start');
  const outcomes = await app.evaluate(async (options) => {
    const modules = await Promise.all(['wasm', 'claviger'].map((entry) => import(`/pkg/wasm/${entry}.js`)));
    const made = await Promise.allSettled(modules.map(({ createClient }) => createClient(options)));
    return [...made.map(({ status, reason }) => reason?.code ?? status), globalThis.compiled];
  }, OPTIONS);
  assert.deepEqual(outcomes, ['load_failed', 'fulfilled', ['Module']]);
});

test('another version of the module is another module', async (t) => {
  // Its checksum is in the symbol's name.
  const [, checksum] = /"claviger (\d+)"|`claviger \$\{(\d+)\}`/.exec(packaged('wasm/wasm.js').toString()).filter(Boolean);
  const other = packaged('wasm/wasm.js').toString().replaceAll(checksum, '1');
  const app = await openApp(t, { init: [counting], body: '' });
  await app.page.route('**/pkg/wasm/wasm.js', (route) => route.fulfill({ contentType: 'text/javascript; charset=utf-8', body: other }));
  await app.open('/start');
  assert.deepEqual((await clients(app, ['claviger', 'wasm'])).compiled.sort(), ['Module', 'compileStreaming']);
});

test('claviger/wasm exports what is declared, signs in, and keeps the policy of a strict page', async (t) => {
  const app = await openApp(t, { entry: 'wasm' });
  await app.open('/start');
  const names = await app.evaluate(async () => Object.keys(await claviger).sort());
  assert.deepEqual(names, values('wasm').sort());
  assert.deepEqual(names, [...values('claviger'), 'load'].sort());
  const client = await app.signedIn();
  assert.deepEqual(await client.evaluate((client) => Object.keys(client).sort()), members('Client').sort());
  assert.deepEqual(app.messages, []);
});

test('calls that give no promise wait for load', async (t) => {
  const app = await openApp(t, { entry: 'wasm' });
  await app.open('/start');
  const outcomes = await app.evaluate(async () => {
    const { challenges, load } = await claviger;
    const response = new Response('', { headers: { 'WWW-Authenticate': 'Bearer error="invalid_token"' } });
    const before = await settle(() => challenges(response));
    await load();
    return [before.thrown.code, before.thrown.message, challenges(response)[0].parameters.error];
  });
  assert.deepEqual(outcomes, ['load_failed', 'The WebAssembly module has not arrived yet; await load() before this call.', 'invalid_token']);
});

test('load takes a URL, a response, its promise, or the module', async (t) => {
  for (const from of ['path', 'url', 'response', 'promise', 'module']) {
    const app = await openApp(t, { entry: 'wasm' });
    await app.page.route(FILE, (route) => route.abort());
    await app.page.route('**/elsewhere', (route) => route.fulfill(WASM));
    await app.open('/start');
    const settled = await app.evaluate(async (from) => {
      const { load } = await claviger;
      const given = {
        path: () => '/elsewhere',
        url: () => new URL('/elsewhere', location.href),
        response: async () => [await fetch('/elsewhere')],
        promise: () => fetch('/elsewhere'),
        module: async () => [await WebAssembly.compileStreaming(fetch('/elsewhere'))],
      }[from]();
      // In an array, or the promise would be waited for.
      return settle(async () => load(from === 'promise' ? given : [await given].flat()[0]));
    }, from);
    assert.equal(settled.thrown, undefined, from);
    assert.equal((await app.signIn()).thrown, undefined, from);
  }
});

for (const [name, answer] of [
  ['calls it something else', { ...WASM, contentType: 'application/octet-stream' }],
  ['has no word for its type', { ...WASM, contentType: '' }],
]) {
  test(`a server that ${name} gives the module all the same`, async (t) => {
    const app = await openApp(t, { entry: 'wasm', init: [counting] });
    await app.page.route(FILE, (route) => route.fulfill(answer));
    await app.open('/start');
    assert.equal((await app.signIn()).thrown, undefined);
    assert.deepEqual(await app.evaluate(() => globalThis.compiled), ['compile']);
  });
}

const ABSENT = "The file claviger.wasm did not arrive; put it beside the script or give its URL to load, and allow that in the connect-src of the page's Content-Security-Policy.";
const CHANGED = 'The file claviger.wasm was changed or cut off on its way; serve it as it is in the package.';
const html = (where) => `HTML came instead of claviger.wasm${where}; put the file there, or give its URL to load.`;
const PAGE = { contentType: 'text/html; charset=utf-8', body: '<!doctype html>' };
const FORBIDDEN = "The page's Content-Security-Policy forbids WebAssembly; add 'wasm-unsafe-eval' to its script-src.";

for (const [name, { answer, policy, message }] of Object.entries({
  'is not there': { answer: { status: 404, body: '' }, message: ABSENT },
  'does not arrive': { message: ABSENT },
  'is a page': { answer: PAGE, message: html(' from https://app.example/pkg/wasm/claviger.wasm') },
  'is cut off': { answer: { ...WASM, body: WASM.body.subarray(0, 9000) }, message: CHANGED },
  'is something else': { answer: { ...PAGE, contentType: 'text/plain' }, message: CHANGED },
  'must not be requested': { answer: WASM, policy: CSP.replace(/connect-src [^;]+/, "connect-src 'none'"), message: ABSENT },
  'must not be compiled': { answer: WASM, policy: CSP.replace(" 'wasm-unsafe-eval'", ''), message: FORBIDDEN },
})) {
  test(`load_failed, word for word: the file ${name}`, async (t) => {
    const app = await openApp(t, { entry: 'wasm', headers: policy ? { 'Content-Security-Policy': policy } : {} });
    await app.page.route(FILE, (route) => (answer ? route.fulfill(answer) : route.abort()));
    await app.open('/start');
    const { thrown } = await app.startLogin();
    assert.deepEqual([thrown?.code, thrown?.name, thrown?.message], ['load_failed', 'OAuthError', message]);
    if (policy) return;
    // Nothing of it is kept: the next call tries again.
    await app.page.unroute(FILE);
    await app.evaluate(() => forgetClients());
    assert.equal((await app.startLogin()).thrown, undefined);
  });
}

test('load_failed, word for word: load was given a page, by its URL or by itself', async (t) => {
  const app = await openApp(t, { entry: 'wasm' });
  await app.page.route('**/elsewhere?*', (route) => route.fulfill(PAGE));
  await app.open('/start');
  const messages = await app.evaluate(async () => {
    const { load } = await claviger;
    const byUrl = await settle(() => load('/elsewhere?key=secret'));
    const byItself = await settle(() => load(new Response('<!doctype html>', { headers: { 'Content-Type': 'text/html' } })));
    return [byUrl, byItself].map(({ thrown }) => thrown.message);
  });
  assert.deepEqual(messages, [html(' from https://app.example/elsewhere'), html('')]);
});

/** A server on loopback with the given files, until the test ends; `requested` has the path of each request. */
async function serve(t, files) {
  const requested = [];
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    requested.push(pathname);
    const file = files(pathname);
    if (!file) return response.writeHead(404).end();
    const type = { js: 'text/javascript; charset=utf-8', wasm: 'application/wasm' }[pathname.split('.').at(-1)];
    response.writeHead(200, { 'content-type': type ?? 'text/html; charset=utf-8' }).end(file);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return { origin: `http://127.0.0.1:${server.address().port}`, requested };
}

const PAGE_SCRIPT = `
import { createClient } from 'claviger/wasm';
globalThis.authorized = createClient(${JSON.stringify(OPTIONS)}).then(({ authorizationUrl }) => authorizationUrl()).then(String);
`;
const authorized = (app) => app.evaluate(() => globalThis.authorized);
const wasmOf = (requested) => requested.filter((path) => path.endsWith('.wasm'));

test('the preload hint of docs/loading.md fetches the module before the script asks, and once', async (t) => {
  const document = readFileSync(new URL('../../docs/loading.md', import.meta.url), 'utf8');
  const [hint] = /<link rel="preload" [^>]*claviger\.wasm[^>]*>/.exec(document);
  const hinted = hint.replace('"/claviger/', '"/pkg/');
  const script = PAGE_SCRIPT.replace('claviger/wasm', '/pkg/wasm/wasm.js');
  for (const head of ['', hinted]) {
    const page = `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">${head}<script type="module" src="/app.js"></script>`;
    const { origin, requested } = await serve(t, (path) => {
      if (path === '/app.js') return script;
      return path.startsWith('/pkg/') ? packaged(path.slice('/pkg/'.length)) : page;
    });
    const app = await openTab(t, { origin });
    await app.open('/start');
    assert.match(await authorized(app), /^https:\/\/as\.example\/authorize\?/);
    assert.deepEqual(wasmOf(requested), ['/pkg/wasm/claviger.wasm']);
    const isEarly = requested.indexOf('/pkg/wasm/claviger.wasm') < requested.indexOf('/pkg/wasm/wasm.js');
    assert.equal(isEarly, head !== '');
    // Chromium warns of hints that came to nothing.
    await app.page.waitForTimeout(100);
    assert.deepEqual(app.messages, []);
  }
});

test("Vite takes the module's file along, by its name", async (t) => {
  const script = PAGE_SCRIPT
    .replace('import', "import url from 'claviger/claviger.wasm?url';\nimport { load } from 'claviger/wasm';\nimport")
    .replace('createClient(', 'load(url).then(() => createClient(')
    .replace('})', '}))');
  const root = join(project, 'vite');
  mkdirSync(root);
  writeFileSync(join(root, 'index.html'), '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><script type="module" src="/app.js"></script>');
  writeFileSync(join(root, 'app.js'), script);
  await build({ root, configFile: false, logLevel: 'silent' });
  const { origin, requested } = await serve(t, (path) => readFileSync(join(root, 'dist', path === '/' ? 'index.html' : path)));
  const app = await openTab(t, { origin });
  await app.open('/');
  assert.match(await authorized(app), /^https:\/\/as\.example\/authorize\?/);
  assert.match(wasmOf(requested).join(), /^\/assets\/claviger-[\w-]+\.wasm$/);
});
