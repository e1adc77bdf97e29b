// The recipes of docs/frameworks.md, each in an application of its framework.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { bundle } from './harness/bundle.mjs';
import { examplesOf } from './harness/examples.mjs';
import { CSP, openApp, OPTIONS } from './harness/page.mjs';

const recipes = examplesOf('frameworks');
const WITH_CODE = {
  ...OPTIONS,
  server: { ...OPTIONS.server, token_endpoint: 'https://as.example/token' },
  response_type: 'code',
};
/** Svelte and Vue name a policy for Trusted Types; Angular compiles in the page, for want of its own build. */
const HEADERS = {
  'Content-Security-Policy': CSP.replace("trusted-types 'none'", 'trusted-types *').replace("'wasm-unsafe-eval'", "'wasm-unsafe-eval' 'unsafe-eval'"),
};
/** Of these the first is usable for three seconds. */
const TOKENS = [
  { access_token: 'FIRST', token_type: 'Bearer', expires_in: 3, refresh_token: 'RT' },
  { access_token: 'SECOND', token_type: 'Bearer', expires_in: 3600 },
  { access_token: 'THIRD', token_type: 'Bearer', expires_in: 3600 },
];

test('every example has its test, and ten lines at most', () => {
  // Leptos's is in the page in Rust, the last three are those of the routers.
  assert.deepEqual(Object.keys(recipes), ['react', 'svelte', 'vue', 'angular', 'leptos', 'reactrouter', 'vuerouter', 'sveltekit']);
  for (const [name, recipe] of Object.entries(recipes)) assert.ok(recipe.trimEnd().split('\n').length <= 10, name);
});

for (const name of ['react', 'svelte', 'vue', 'angular']) {
  test(`rule M13: ${name} shows a login, an expiry that loses no session, and a logout, and nothing of a renewal in time`, async (t) => {
    const scripts = { '/app.js': await bundle(`e2e/frameworks/${name}.js`, { recipe: recipes[name] }) };
    const app = await openApp(t, { scripts, headers: HEADERS });
    const tokens = [...TOKENS];
    await app.world.context.route('https://as.example/token', (route) =>
      route.fulfill({ json: tokens.shift(), headers: { 'access-control-allow-origin': '*' } }));
    await app.open('/start');
    const { state } = await app.startLogin(WITH_CODE);
    const client = await app.client(WITH_CODE);
    const seen = await client.evaluate(async (client, url) => {
      const { mount } = await import('/app.js');
      const target = document.body.appendChild(document.createElement('session'));
      const seen = [];
      const note = () => target.textContent && target.textContent !== seen.at(-1) && seen.push(target.textContent);
      new MutationObserver(note).observe(target, { subtree: true, childList: true, characterData: true });
      const shows = async (text) => {
        const end = Date.now() + 10_000;
        while (seen.at(-1) !== text && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 10));
      };
      // How many listeners there are.
      let listeners = 0;
      const counted = {
        ...client,
        subscribe(listener) {
          const end = client.subscribe(listener);
          listeners += 1;
          return () => {
            listeners -= 1;
            end();
          };
        },
      };
      const unmount = await mount(counted, target);
      await shows('signed-out');
      await client.handleRedirect(url);
      await shows('signed-in');
      await shows('renewable');
      await client.renew();
      await shows('signed-in');
      await client.renew();
      await client.logout();
      await shows('signed-out');
      const during = listeners;
      await unmount();
      return { seen, during, after: listeners };
    }, `${OPTIONS.redirect_uri}?code=C&state=${state}`);
    assert.deepEqual(seen, { seen: ['signed-out', 'signed-in', 'renewable', 'signed-in', 'signed-out'], during: 1, after: 0 });
    assert.deepEqual(app.messages, []);
  });
}
