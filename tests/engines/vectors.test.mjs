// tests/vectors/*.json by the engine's own address bar, URL parser and storage, through both entries.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { runCase } from '../e2e/harness/callback.mjs';
import { ENTRIES } from '../e2e/harness/page.mjs';
import { expanded, refusalOf, resources } from '../e2e/harness/vectors.mjs';
import { openApp } from './harness/app.mjs';

/** Cases whose address an engine takes for none. */
const NO_ADDRESS = { firefox: ['H038', 'H074'] }[process.env.CLAVIGER_ENGINE] ?? [];
/**
 * How many cases share a tab, whose history has room for 50 entries; WebKit lets a document replace its address 100
 * times in 10 seconds.
 */
const MOST = 25;

/** A case of the application on https://app.example, as one of the application here. */
function moved(given, origin) {
  const options = { redirect_uri: 'https://app.example/cb', ...given.options };
  return JSON.parse(JSON.stringify({ ...given, options }).replaceAll('https://app.example/', `${origin}/`));
}

for (const entry of ENTRIES) {
  test(`${entry}: callbacks`, async (t) => {
    const app = await openApp(t, { entry });
    let tab = app;
    for (const [at, given] of expanded.cases.entries()) {
      if (at % MOST === 0) tab = await app.newTab(t);
      const run = () => runCase(tab, moved(given, app.origin));
      if (NO_ADDRESS.includes(given.id)) {
        await t.test(`${given.id} longer than an address can be`, () => assert.rejects(run, /is not a valid URL/));
      } else {
        await t.test(`${given.id} ${given.code ?? given.expect}`, run);
      }
    }
  });

  test(`${entry}: resources, attached or refused before anything is sent`, async (t) => {
    const app = await openApp(t, { entry });
    const base = `${app.origin}/start`;
    // The page is an http: one here: where its own origin is the resource, the two schemes change places.
    const cases = resources.map((given) =>
      given.allow === 'https://app.example'
        ? { ...given, allow: app.origin, request: given.request.replace(/^https?:/, (scheme) => (scheme === 'http:' ? 'https:' : 'http:')) }
        : given,
    );
    const outcomes = await app.evaluate(
      async ({ cases, options }) => {
        let sent;
        // The servers do not exist.
        globalThis.fetch = async (...input) => {
          const { url, headers } = new Request(...input);
          sent.push([url, headers.get('authorization')]);
          return new Response();
        };
        const outcomes = [];
        for (const { allow, request } of cases) {
          sent = [];
          const { value: client, thrown: refused } = await settle(() => clientFor({ ...options, resources: [allow] }));
          if (refused) {
            outcomes.push({ refused });
            continue;
          }
          const state = (await client.authorizationUrl()).searchParams.get('state');
          await client.handleRedirect(`${options.redirect_uri}#access_token=AT&token_type=Bearer&state=${state}`);
          const { thrown } = await settle(() => client.fetch(request).then(() => undefined));
          outcomes.push({ thrown, sent });
        }
        return outcomes;
      },
      { cases, options: app.options },
    );
    for (const [at, { request, attach, note }] of cases.entries()) {
      const { refused, thrown, sent } = outcomes[at];
      if (refused) {
        assert.deepEqual([refused.type, Boolean(attach)], ['TypeError', false], note);
      } else if (attach) {
        const [url] = new URL(request, base).href.split('#');
        assert.deepEqual([thrown?.code, sent.map(([url, credential]) => [url.split('#')[0], credential])], [undefined, [[url, 'Bearer AT']]], note);
      } else {
        assert.deepEqual([thrown?.code, sent], [refusalOf(request, base), []], note);
      }
    }
  });
}
