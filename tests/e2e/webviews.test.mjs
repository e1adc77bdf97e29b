// The pages of examples/webviews, with the shell around each played by the test.
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import assert from 'node:assert/strict';
import { build } from '../../xtask/node_modules/esbuild/lib/main.js';
import { newContext } from './harness/browser.mjs';
import { project } from './harness/package.mjs';
import { CSP, OPTIONS, response, useApp } from './harness/page.mjs';

const examples = new URL('../../examples/webviews/', import.meta.url);
const html = readFileSync(new URL('page/index.html', examples));
const tests = fileURLToPath(new URL('..', import.meta.url));

/**
 * The four shells: where their pages stand, how they are opened, and what their pages find there. The
 * last is a script of the page's, which speaks for the native program: `nativeOpen` takes a URL to the
 * system's browser, `nativeLaunch` gives the one that started the program, and `give` gives another one.
 */
const SHELLS = {
  android: {
    page: 'https://appassets.androidplatform.net/assets/index.html',
    redirect_uri: 'https://app.example/cb',
    inject: () => {
      globalThis.give = (data) => shell.onmessage({ data });
      globalThis.shell = {
        postMessage: async (text) => {
          if (text !== 'ready') return nativeOpen(text);
          const url = await nativeLaunch();
          if (url) give(url);
        },
      };
    },
  },
  // No engine but WebKit has pages with a scheme of the program's own.
  ios: {
    page: 'https://app.localhost/index.html',
    redirect_uri: 'com.example.app:/cb',
    inject: () => {
      globalThis.give = (url) => opened(url);
      const postMessage = async (text) => {
        if (text !== 'ready') return nativeOpen(text);
        const url = await nativeLaunch();
        if (url) give(url);
      };
      globalThis.webkit = { messageHandlers: { shell: { postMessage } } };
    },
  },
  capacitor: {
    page: 'https://localhost/index.html',
    redirect_uri: 'com.example.app:/cb',
    // What Capacitor's native half puts into the page, and its plugins' halves.
    inject: () => {
      const listeners = [];
      globalThis.give = (url) => listeners.forEach((listener) => listener({ url }));
      const methods = {
        'App.getLaunchUrl': () => nativeLaunch().then((url) => (url ? { url } : undefined)),
        'Browser.open': ({ url }) => nativeOpen(url),
        'Browser.close': () => Promise.reject(new Error('There is no open browser.')),
      };
      globalThis.androidBridge = {};
      globalThis.Capacitor = {
        PluginHeaders: [
          { name: 'App', methods: [{ name: 'addListener', rtype: 'callback' }, { name: 'getLaunchUrl', rtype: 'promise' }] },
          { name: 'Browser', methods: [{ name: 'open', rtype: 'promise' }, { name: 'close', rtype: 'promise' }] },
        ],
        nativePromise: (plugin, method, options) => methods[`${plugin}.${method}`](options),
        async nativeCallback(plugin, method, { eventName }, listener) {
          if (`${plugin}.${method} ${eventName}` !== 'App.addListener appUrlOpen') throw new Error(method);
          listeners.push(listener);
          // It keeps the event that nobody listened to yet.
          const url = await nativeLaunch();
          if (url) listener({ url });
          return 'listener';
        },
      };
    },
  },
  tauri: {
    page: 'http://tauri.localhost/index.html',
    redirect_uri: 'com.example.app:/cb',
    // What Tauri's core puts into the page, and its plugins' commands.
    inject: () => {
      const listeners = [];
      const commands = {
        'plugin:deep-link|get_current': () => nativeLaunch().then((url) => url && [url]),
        'plugin:opener|open_url': ({ url }) => nativeOpen(url),
        'plugin:event|listen': ({ event, handler }) => event === 'deep-link://new-url' && listeners.push(handler),
      };
      globalThis.give = (url) => listeners.forEach((listener) => listener({ payload: [url] }));
      globalThis.__TAURI_INTERNALS__ = {
        invoke: async (command, values) => commands[command](values),
        transformCallback: (callback) => callback,
      };
    },
  },
};

/** What no shell needs to have. */
function removeFurther() {
  for (const name of ['BroadcastChannel', 'open', 'opener']) delete globalThis[name];
  delete Navigator.prototype.locks;
}

/** A shell on a device: its page, killed and started again, the system's browser and the server. */
async function launch(t, name, { hasAll = false } = {}) {
  const { page: address, redirect_uri, inject } = SHELLS[name];
  const { outputFiles: [script] } = await build({
    entryPoints: [fileURLToPath(new URL(`${name}/www/main.js`, examples))],
    bundle: true,
    write: false,
    format: 'esm',
    charset: 'utf8',
    nodePaths: [join(project, 'node_modules'), join(tests, 'node_modules')],
    logLevel: 'silent',
  });
  const files = {
    'index.html': { contentType: 'text/html', headers: { 'Content-Security-Policy': CSP }, body: html },
    'main.js': { contentType: 'text/javascript; charset=utf-8', body: script.text },
  };
  const { origin } = new URL(address);
  const context = await newContext(t);
  context.setDefaultTimeout(10_000);
  const opened = [];
  const exchanges = [];
  let launchUrl = null;
  let browse;
  let wakes = false;
  await context.route('**/*', async (route) => {
    const request = route.request();
    const url = new URL(request.url());
    if (url.origin === origin) return route.fulfill(files[url.pathname.split('/').at(-1)] ?? { status: 204 });
    assert.equal(url.href, 'https://as.example/token');
    if (wakes) await page.evaluate(() => ['visibilitychange', 'pageshow', 'focus', 'online'].forEach((type) => dispatchEvent(new Event(type))));
    exchanges.push({ origin: (await request.allHeaders()).origin, form: new URLSearchParams(request.postData()) });
    return route.fulfill({
      headers: { 'access-control-allow-origin': origin },
      json: { access_token: `AT${exchanges.length}`, token_type: 'Bearer', expires_in: 3600 },
    });
  });
  await context.exposeFunction('nativeOpen', (url) => browse(new URL(url)));
  await context.exposeFunction('nativeLaunch', () => launchUrl);
  await context.addInitScript(inject);
  if (!hasAll) await context.addInitScript(removeFurther);
  let page;

  const shell = {
    origin,
    redirect_uri,
    opened,
    exchanges,
    /** Starts the program, with the URL that it is opened with, if any. */
    async start(url = null) {
      launchUrl = url;
      page = await context.newPage();
      await page.goto(address);
    },
    kill: () => page.close(),
    /** From now on the program comes to the front while the server is asked. */
    wakeSlowly: () => { wakes = true; },
    give: (url) => page.evaluate((url) => give(url), url),
    /** Clicks, and gives the state of the login that the system's browser got. */
    async signIn() {
      const url = new Promise((resolve) => { browse = resolve; });
      await page.click('#sign-in');
      opened.push(await url);
      return opened.at(-1).searchParams.get('state');
    },
    signOut: () => page.click('#sign-out'),
    says: (text) => page.locator('output', { hasText: new RegExp(`^${text}`) }).waitFor(),
  };
  await shell.start();
  await shell.says('Signed out');
  return shell;
}

for (const name of Object.keys(SHELLS)) {
  const answer = (shell, state, code = 'C') => `${shell.redirect_uri}?code=${code}&state=${state}`;

  for (const hasAll of [true, false]) {
    test(`${name}: the shell is opened while its page runs${hasAll ? '' : ', without what a webview may lack'}`, async (t) => {
      const shell = await launch(t, name, { hasAll });
      const state = await shell.signIn();
      const { origin, pathname, searchParams } = shell.opened[0];
      assert.deepEqual([origin + pathname, searchParams.get('redirect_uri')], ['https://as.example/authorize', shell.redirect_uri]);
      await shell.give(answer(shell, state));
      await shell.says('Signed in');
      const [{ origin: asked, form }] = shell.exchanges;
      assert.deepEqual([asked, form.get('code'), form.get('redirect_uri')], [shell.origin, 'C', shell.redirect_uri]);
      await shell.signOut();
      await shell.says('Signed out');
    });
  }

  test(`${name}: the program is killed while its user is in the browser`, async (t) => {
    const shell = await launch(t, name);
    const state = await shell.signIn();
    await shell.kill();
    await shell.start(answer(shell, state));
    await shell.says('Signed in');
    assert.equal(shell.exchanges.length, 1);
  });

  test(`${name}: the program comes to the front while its code is exchanged`, async (t) => {
    const shell = await launch(t, name);
    const state = await shell.signIn();
    shell.wakeSlowly();
    await shell.give(answer(shell, state));
    await shell.says('Signed in');
  });

  test(`attack 13: ${name}: a URL of another program is refused, and disturbs neither login nor session`, async (t) => {
    const shell = await launch(t, name);
    const state = await shell.signIn();
    for (const forged of [answer(shell, 'a'.repeat(43), 'EVIL'), answer(shell, 'short', 'EVIL'), `${shell.redirect_uri}?error=access_denied&state=${'a'.repeat(43)}`]) {
      await shell.give(forged);
      await shell.says('The response answers no login');
    }
    await shell.give(answer(shell, state));
    await shell.says('Signed in');
    await shell.give(answer(shell, 'a'.repeat(43), 'EVIL'));
    await shell.says('The response answers no login');
    assert.deepEqual(shell.exchanges.map(({ form }) => form.get('code')), ['C']);
    await shell.kill();
    await shell.start();
    await shell.says('Signed in');
  });

  test(`${name}: a URL that is given twice is one login, also after the program was killed`, async (t) => {
    const shell = await launch(t, name);
    const url = answer(shell, await shell.signIn());
    await Promise.all([shell.give(url), shell.give(url)]);
    await shell.says('Signed in');
    await shell.give(url);
    await shell.kill();
    await shell.start(url);
    await shell.give(url);
    await shell.says('Signed in');
    await shell.signOut();
    await shell.give(url);
    await shell.says('Signed out');
    assert.equal(shell.exchanges.length, 1);
  });

  test(`${name}: a user who refuses can try again`, async (t) => {
    const shell = await launch(t, name);
    await shell.give(`${shell.redirect_uri}?error=access_denied&state=${await shell.signIn()}`);
    await shell.says('You did not allow it.');
    await shell.give(answer(shell, await shell.signIn()));
    await shell.says('Signed in');
  });

  test(`${name}: a link that is no response is left to the application`, async (t) => {
    const shell = await launch(t, name);
    const state = await shell.signIn();
    await shell.give(new URL('/issues/7?code=C', shell.redirect_uri).href);
    await shell.give(`${shell.redirect_uri}/more?code=C&state=${'a'.repeat(43)}`);
    await shell.says('Signed out');
    await shell.give(answer(shell, state));
    await shell.says('Signed in');
  });
}

const app = useApp();

/** Redirect URIs of shells (RFC 8252, section 7), and how else the one that comes back may be written. */
const REDIRECT_URIS = {
  'com.example.app:/cb': ['COM.example.app:/cb', 'com.example.app:/x/../cb'],
  'com.example.app://cb': ['com.example.app://cb/'],
  'com.example.app:///cb': [],
  'com.example.app:cb': [],
  'capacitor://localhost/cb': ['Capacitor://localhost/cb', 'capacitor://localhost/cb/'],
  'tauri://localhost/cb': [],
  'https://app.example/cb': ['https://APP.example:443/cb'],
};

for (const [redirect_uri, spellings] of Object.entries(REDIRECT_URIS)) {
  test(`${redirect_uri} receives its responses, however they are spelled`, async () => {
    const options = { ...OPTIONS, redirect_uri, stateStore: 'local' };
    for (const spelled of [redirect_uri, ...spellings]) {
      const { state, url } = await app.startLogin(options);
      assert.equal(url.searchParams.get('redirect_uri'), redirect_uri);
      const { value } = await app.handleRedirect(options, response(state, { redirect_uri: spelled }));
      assert.equal(value?.token.access_token, 'AT', spelled);
      const denied = await app.startLogin(options);
      const { thrown } = await app.handleRedirect(options, `${spelled}?error=access_denied&state=${denied.state}`);
      assert.equal(thrown?.error, 'access_denied', spelled);
    }
  });
}

test('a response to another URL of the shell is refused', async () => {
  const options = { ...OPTIONS, redirect_uri: 'com.example.app:/cb', stateStore: 'local' };
  for (const other of ['com.example.app://cb', 'com.example.app:/other', 'com.example.app2:/cb', 'com.example.app://evil.example/cb', 'https://app.example/cb']) {
    const { state } = await app.startLogin(options);
    const { thrown } = await app.handleRedirect(options, response(state, { redirect_uri: other }));
    assert.equal(thrown?.code, 'redirect_uri_mismatch', other);
  }
});
