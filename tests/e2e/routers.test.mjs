// The routers of docs/frameworks.md: each starts where a response has landed.
import { execFile } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import assert from 'node:assert/strict';
import { bundle } from './harness/bundle.mjs';
import { examplesOf } from './harness/examples.mjs';
import { temporaryFolder } from './harness/package.mjs';
import { openApp, OPTIONS } from './harness/page.mjs';

const recipes = examplesOf('frameworks');
const folderOf = (path) => fileURLToPath(new URL(path, import.meta.url));

/** An application of a recipe, for openApp. */
async function bundled(name, recipe) {
  const script = await bundle(`e2e/routers/${name}.js`, { recipe });
  return { body: '<main></main><script type="module" src="/app.js"></script>', scripts: { '/app.js': script } };
}

/** SvelteKit's own build of its recipe. */
async function svelteKit(type) {
  const folder = temporaryFolder();
  cpSync(folderOf('routers/sveltekit'), folder, { recursive: true });
  cpSync(folderOf('routers/client.js'), join(folder, 'src/lib/client.js'));
  symlinkSync(folderOf('../node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  writeFileSync(join(folder, 'src/hooks.client.js'), recipes.sveltekit);
  // With the hash router nothing is rendered on a server anyway, and SvelteKit refuses the option.
  if (type === 'pathname') writeFileSync(join(folder, 'src/routes/+layout.js'), 'export const ssr = false;');
  await promisify(execFile)(process.execPath, ['node_modules/vite/bin/vite.js', 'build'], { cwd: folder, env: { ...process.env, ROUTER_TYPE: type } });
  const build = join(folder, 'build');
  const files = readdirSync(build, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && entry.name.endsWith('.js'));
  return {
    body: /<body>(.*)<\/body>/s.exec(readFileSync(join(build, 'index.html'), 'utf8'))[1],
    scripts: Object.fromEntries(files.map(({ parentPath, name }) => [`/${relative(build, join(parentPath, name))}`, readFileSync(join(parentPath, name))])),
  };
}

/** They take their time while the others are tested. */
const kits = { hash: svelteKit('hash'), pathname: svelteKit('pathname') };

const HASH = {
  'React Router, createHashRouter': () => bundled('react', recipes.reactrouter),
  'Vue Router, createWebHashHistory': () => bundled('vue', recipes.vuerouter),
  'SvelteKit, hash': () => kits.hash,
};
const HISTORY = {
  'React Router, createBrowserRouter': () => bundled('react', recipes.reactrouter.replaceAll('createHashRouter', 'createBrowserRouter')),
  'Vue Router, createWebHistory': () => bundled('vue', recipes.vuerouter.replaceAll('createWebHashHistory', 'createWebHistory')),
  'SvelteKit, pathname': () => kits.pathname,
};

const TOKEN = 'access_token=AT&token_type=Bearer&expires_in=3600&state={S}';
const CODE = 'code=AC&state={S}';
const code = { response_type: 'code', server: { ...OPTIONS.server, token_endpoint: 'https://as.example/token' } };
/** What is registered, the path that the response lands on, and the path that the router shows. */
const CASES = {
  hash: [
    { name: 'a token in the plain fragment', returnTo: '/#/issues?page=2', lands: `/#${TOKEN}` },
    { name: 'a token behind a route', options: { hashRouter: true }, lands: `/#/issues?page=2&${TOKEN}` },
    { name: 'a code', options: code, returnTo: '/#/issues?page=2', lands: `/?${CODE}` },
    { name: 'a code before a route', options: { ...code, redirect_uri: 'https://app.example/?tab=1' }, lands: `/?tab=1&${CODE}#/issues?page=2`, left: '/?tab=1#/issues?page=2' },
    { name: 'a code with what the server adds', options: code, lands: `/?${CODE}&authuser=0&hd=example.com&prompt=none#/issues?page=2` },
    { name: 'no response', lands: '/#/issues?page=2' },
  ],
  history: [
    { name: 'a token', returnTo: '/issues?page=2#top', lands: `/#${TOKEN}` },
    { name: 'a code', options: code, returnTo: '/issues?page=2#top', lands: `/?${CODE}` },
    { name: 'a code among the own query and hash', options: { ...code, redirect_uri: 'https://app.example/issues?page=2' }, lands: `/issues?page=2&${CODE}#top` },
    { name: 'a code with what the server adds', options: { ...code, redirect_uri: 'https://app.example/issues?page=2' }, lands: `/issues?page=2&${CODE}&authuser=0&hd=example.com&prompt=none#top` },
    { name: 'no response', lands: '/issues?page=2#top' },
  ],
};

/** The entry has a state of the application's before its first script runs. */
function haveState() {
  if (location.protocol === 'https:' && !history.state) history.replaceState({ own: 'kept' }, '');
}

/** A document of its own, also where only the fragment differs. */
async function openAnew(app, path) {
  await app.page.goto('about:blank');
  await app.open(path);
}

for (const [type, routers] of Object.entries({ hash: HASH, history: HISTORY })) {
  const about = type === 'hash' ? '/#/about' : '/about';
  const left = type === 'hash' ? '/#/issues?page=2' : '/issues?page=2#top';
  const shown = `Issues ${left.split('issues')[1]}`;
  for (const [name, build] of Object.entries(routers)) {
    test(name, async (t) => {
      const served = await build();
      const app = await openApp(t, { ...served, headers: { 'Content-Security-Policy': '' }, init: [haveState] });
      const shows = (text) => app.page.locator('main', { hasText: text }).waitFor({ timeout: 10_000 });
      await app.world.context.route('https://as.example/token', (route) =>
        route.fulfill({ json: { access_token: 'AT', token_type: 'Bearer' }, headers: { 'access-control-allow-origin': '*' } }));
      for (const given of CASES[type]) {
        await t.test(given.name, async () => {
          const options = { ...OPTIONS, redirect_uri: 'https://app.example/', ...given.options };
          served.scripts['/options.js'] = `export const options = ${JSON.stringify(options)};`;
          await openAnew(app, about);
          await shows('About us');
          const state = await app.evaluate(
            async (returnTo) => (await globalThis.client.authorizationUrl({}, { returnTo })).searchParams.get('state'), given.returnTo);
          await openAnew(app, given.lands.replace('{S}', state));
          await shows(shown);
          const arrived = await app.evaluate(() => ({ url: location.href, own: history.state.own, token: globalThis.client.token()?.access_token }));
          const url = `https://app.example${given.left ?? left}`;
          // SvelteKit puts its own state into the entry that it starts at, also where no response came.
          const own = name.startsWith('SvelteKit') ? undefined : 'kept';
          assert.deepEqual(arrived, { url, own, token: given.lands.includes('{S}') ? 'AT' : undefined });

          await app.page.click('text=About');
          await shows('About us');
          await app.page.goBack();
          await shows(shown);
          assert.equal((await app.place()).url, url);
          assert.ok((await app.history()).every((entry) => !/AT|AC|state/.test(entry)));
          assert.deepEqual(app.messages, []);
        });
      }
    });
  }
}
