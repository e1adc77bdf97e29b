// The guides of docs/migrating: what each puts in the place of another client is compiled, and signs in.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from '../../xtask/node_modules/esbuild/lib/main.js';
import { json } from './harness/authorization-server.mjs';
import { examplesOf } from './harness/examples.mjs';
import { useOpenIdApp } from './harness/openid-provider.mjs';
import { CSP } from './harness/page.mjs';
import { WINDOWS } from './harness/windows.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const guides = readdirSync(new URL('../../docs/migrating/', import.meta.url)).map((file) => file.replace(/\.md$/, '')).sort();
/** The issuers that the guides name, where it is not https://op.example. */
const ISSUERS = {
  'keycloak-js': 'https://op.example/realms/city',
  'msal-browser': 'https://op.example/7d1c6f0a/v2.0',
  'auth0-spa-js': 'https://op.example/',
};

/** The page of every guide: its buttons and its output, and the guide's own module. */
const scripts = {};
const body = '<button id="sign-in">Sign in</button> <button id="sign-out">Sign out</button> <output></output><script type="module" src="/after.js"></script>';
const at = useOpenIdApp({
  ...WINDOWS,
  pages: { ...WINDOWS.pages, '/app': body, '/bye': body },
  scripts,
  headers: { 'Content-Security-Policy': CSP.replace("frame-src 'self'", "frame-src 'self' http://127.0.0.1:*").replace("; require-trusted-types-for 'script'; trusted-types 'none'", '') },
});

// Beside the tests, so that it finds the packages of frameworks.
const folder = mkdtempSync(join(here, '.migrating-'));
after(() => rmSync(folder, { recursive: true }));

test('what the guides put in compiles with --strict', async () => {
  for (const guide of guides) {
    const examples = Object.entries(examplesOf(`migrating/${guide}`));
    assert.ok('after' in Object.fromEntries(examples), guide);
    for (const [name, code] of examples) writeFileSync(join(folder, `${guide}.${name}.ts`), code);
  }
  const paths = Object.fromEntries(['index', 'openid'].map((name) => [name === 'index' ? 'claviger' : `claviger/${name}`, [join(here, `../../pkg/${name}.d.ts`)]]));
  writeFileSync(join(folder, 'react.d.ts'), `declare module 'react' {
  export function useSyncExternalStore<T>(subscribe: (changed: () => void) => () => void, get: () => T, onServer?: () => T): T;
}\n`);
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({
    compilerOptions: {
      strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, noPropertyAccessFromIndexSignature: true,
      skipLibCheck: true, noEmit: true, target: 'es2022', lib: ['es2022', 'dom', 'dom.iterable'], types: [], module: 'esnext', moduleResolution: 'bundler', paths,
    },
    include: ['*.ts'],
  }));
  const tsc = fileURLToPath(new URL('bin/tsc', import.meta.resolve('typescript/package.json')));
  await promisify(execFile)(process.execPath, [tsc, '-p', folder]).catch((error) => assert.fail(error.stdout || error.stderr));
});

/** An example as a script of the page, at the addresses of the tests. */
async function scriptOf(code, origin) {
  const packages = {
    name: 'packages',
    setup: (build) => build.onResolve({ filter: /^claviger(\/|$)/ }, ({ path }) => ({ path: `/pkg/wasm/${path.replace('claviger/', '')}.js`, external: true })),
  };
  const contents = code.replaceAll('https://op.example', origin).replaceAll('https://app.example', at.app.origin).replaceAll('https://api.example/v2', `${origin}/api`);
  const { outputFiles: [bundled] } = await build({
    stdin: { contents, loader: 'ts', resolveDir: here },
    bundle: true, write: false, format: 'esm', platform: 'browser', target: 'es2022', conditions: ['browser'],
    define: { 'process.env.NODE_ENV': '"production"', ngDevMode: 'false', ngServerMode: 'false' },
    logLevel: 'silent', plugins: [packages],
  });
  return bundled.text;
}

/** The server as the guides know it: with a session of the user's, which a sign-in with a page begins and a logout ends. */
function becomeProvider(issuer) {
  const { server, options } = at;
  const { origin } = server;
  const ours = issuer.replace('https://op.example', origin);
  options.client_id = 'city-issues';
  const metadata = { ...options.server, issuer: ours, authorization_endpoint: `${origin}/sign-in` };
  const seen = { silent: 0, ended: [], isSignedIn: false };
  server.change = (claims) => void Object.assign(claims, { iss: ours, name: 'Ada Lovelace' });
  Object.assign(server.instead, {
    [`${new URL(ours).pathname.replace(/\/$/, '')}/.well-known/openid-configuration`]: (_, response) => json(response, 200, metadata),
    '/sign-in'({ path }, response) {
      const { search, searchParams } = new URL(path, origin);
      const isSilent = searchParams.get('prompt') === 'none';
      seen.silent += isSilent;
      seen.isSignedIn ||= !isSilent;
      const refusal = `${searchParams.get('redirect_uri')}?${new URLSearchParams({ error: 'login_required', state: searchParams.get('state') })}`;
      response.writeHead(302, { location: seen.isSignedIn ? `/authorize${search}` : refusal }).end();
    },
    '/end-session'({ path }, response) {
      const { searchParams } = new URL(path, origin);
      seen.ended.push(Object.fromEntries(searchParams));
      seen.isSignedIn = false;
      response.writeHead(302, { location: `${searchParams.get('post_logout_redirect_uri')}?state=${searchParams.get('state')}` }).end();
    },
    '/api/issues'({ headers }, response) {
      json(response, headers.authorization?.startsWith('Bearer SECRET-AT') ? 200 : 401, ['A pothole', 'A lamp']);
    },
  });
  return seen;
}

const shown = (text) => at.app.page.locator('output', { hasText: text }).waitFor({ timeout: 20_000 });

for (const guide of guides) {
  test(`${guide}: what its guide puts in signs in, calls the API and signs out at the provider`, async () => {
    const seen = becomeProvider(ISSUERS[guide] ?? 'https://op.example');
    const example = examplesOf(`migrating/${guide}`).after;
    // As its own client does.
    const asksAtStart = guide === 'keycloak-js';
    scripts['/after.js'] = await scriptOf(example, at.server.origin);
    await at.app.open('/app');
    await shown('Signed out');
    const { page } = at.app;
    await page.locator('#sign-in').click();
    await shown('Ada Lovelace: 2 issues');
    assert.equal(page.url(), `${at.app.origin}/app`);
    await at.assertNoTrace([]);
    if (asksAtStart) {
      await page.reload();
      await shown('Ada Lovelace: 2 issues');
    }
    await page.locator('#sign-out').click();
    await page.waitForURL(`${at.app.origin}/bye`);
    await shown('Signed out');
    // One that asks without its user does so once for each of its pages that know no user, and not again in the frame.
    assert.equal(seen.silent, asksAtStart ? 3 : 0);
    assert.deepEqual(seen.ended.map((asked) => [asked.client_id, asked.id_token_hint?.split('.').length]), [['city-issues', 3]]);
  });
}

test('react-oidc-context: the hook of its guide shows who the user is', async () => {
  becomeProvider('https://op.example');
  const { after, react } = examplesOf('migrating/oidc-client-ts');
  scripts['/after.js'] = await scriptOf(`${react}
import { createElement } from 'react';
import { createRoot } from 'react-dom/client';
${after}
const User = () => createElement('b', null, String(useUser(client)?.['name'] ?? 'nobody'));
createRoot(document.body.appendChild(document.createElement('div'))).render(createElement(User));`, at.server.origin);
  await at.app.open('/app');
  const name = (text) => at.app.page.locator('b', { hasText: text }).waitFor({ timeout: 20_000 });
  await name('nobody');
  await at.app.page.locator('#sign-in').click();
  await name('Ada Lovelace');
});
