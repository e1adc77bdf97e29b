// Whose message is the answer of a popup, by the engine's own windows and channels.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { response } from '../e2e/harness/page.mjs';
import { startServer } from '../e2e/harness/servers.mjs';
import { openApp, until } from './harness/app.mjs';
import { events } from './harness/events.mjs';
import { atRedirectUri, BODY, openPopup, outcome } from './harness/popup.mjs';

test('attacks 12, 21, 22, 34, 40: what a foreign page and other pages of the origin say is no answer of the popup', async (t) => {
  const { origin } = await startServer(t, ({ path }, answer) => {
    const { searchParams } = new URL(path, 'http://localhost');
    const to = response(searchParams.get('state'), { redirect_uri: searchParams.get('redirect_uri') }).replaceAll('&', '&amp;');
    answer.writeHead(200, { 'content-type': 'text/html' }).end(`<!doctype html><a id="allow" href="${to}">Allow</a>`);
  });
  const says = "else if (location.pathname === '/elsewhere') onmessage = ({ data }) => parent.postMessage(data, location.origin);";
  const { '/cb.js': script } = atRedirectUri(`import('/pkg/wasm/callback.js')`);
  const app = await openApp(t, { body: BODY, scripts: { '/cb.js': script + says } });
  const options = { ...app.options, server: { authorization_endpoint: `${origin}/authorize` } };
  const popup = await openPopup(app, options);
  await until(popup, () => document.querySelector('#allow') !== null);
  const forged = await popup.evaluate(() => document.querySelector('#allow').href.replace('=AT', '=EVIL'));
  const { searchParams } = new URL(forged.replace('#', '?'));
  const state = searchParams.get('state');
  const unasked = forged.replace(state, 'A'.repeat(43));
  await app.evaluate(() => {
    globalThis.heard = [];
    addEventListener('message', ({ origin }) => heard.push(origin));
    const frame = document.createElement('iframe');
    frame.src = '/elsewhere';
    document.body.append(frame);
    return new Promise((resolve) => (frame.onload = () => resolve()));
  });
  await popup.evaluate((url) => opener.postMessage(url, '*'), forged);
  await app.evaluate(
    ({ forged, unasked, state }) => {
      const frame = document.querySelector('iframe').contentWindow;
      frame.postMessage(forged, location.origin);
      new frame.BroadcastChannel(`claviger:${state}`).postMessage(unasked);
      for (const origin of [`${location.origin}0`, `${location.origin}.evil.example`]) dispatchEvent(new MessageEvent('message', { data: forged, origin, source: frame }));
    },
    { forged, unasked, state },
  );
  await until(app, () => globalThis.heard.length === 4);
  assert.deepEqual([await events(app), await app.token(options)], [[], null]);
  await popup.click('#allow');
  const { value, thrown } = await outcome(app);
  assert.deepEqual([value?.token.access_token, thrown, await events(app)], ['AT', undefined, ['login by popup']]);
});

test('attack 08: a popup at a server that isolates its pages: without an opener the answer comes all the same', async (t) => {
  const { origin } = await startServer(t, ({ path }, answer) => {
    const { searchParams } = new URL(path, 'http://localhost');
    const to = response(searchParams.get('state'), { redirect_uri: searchParams.get('redirect_uri') }).replaceAll('&', '&amp;');
    answer.writeHead(200, { 'content-type': 'text/html', 'cross-origin-opener-policy': 'same-origin' }).end(`<!doctype html><a id="allow" href="${to}">Allow</a>`);
  });
  const app = await openApp(t, { body: BODY, scripts: atRedirectUri(`import('/pkg/wasm/callback.js')`) });
  const options = { ...app.options, server: { authorization_endpoint: `${origin}/authorize` } };
  const popup = await openPopup(app, options);
  await until(popup, () => opener === null && document.querySelector('#allow') !== null);
  await popup.click('#allow');
  const { value, thrown } = await outcome(app);
  assert.deepEqual([value?.token.access_token, thrown], ['AT', undefined]);
  await popup.closed();
  assert.deepEqual([await events(app), (await app.token(options)).access_token], [['login by popup'], 'AT']);
});
