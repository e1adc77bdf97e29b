// Logins in other windows than the page's own: the pages that such a window comes back to, and what a user does there.
import { CSP } from './page.mjs';

const scripts = {};

/** For an application whose popups and frames come back to `/callback`, the package's line, or to `/client`, a page with a client. */
export const WINDOWS = {
  pages: {
    '/callback': '<script src="/pkg/wasm/callback.js"></script>',
    '/client': '<script type="module" src="/in-page.js?entry=claviger"></script><script type="module" src="/handle.js"></script>',
  },
  scripts,
  headers: { 'Content-Security-Policy': CSP.replace("frame-src 'self'", "frame-src 'self' http://127.0.0.1:*") },
};
export const PATHS = ['/callback', '/client'];

/** The options of a client whose windows come back to a path; the server has a page for its user, which answers by `#allow` and `#deny`. */
export function comingBackTo(path, { app, server, options }, { headers, script, ...more } = {}) {
  const uri = app.origin + path;
  const own = {
    ...options,
    redirect_uri: uri,
    server: { ...options.server, authorization_endpoint: `${server.origin}/sign-in` },
    ...more,
  };
  scripts['/handle.js'] = `globalThis.arrived = settle(async () => (await clientFor(${JSON.stringify(own)})).handleRedirect());`;
  server.instead['/sign-in'] = ({ path }, response) => {
    const { search } = new URL(path, server.origin);
    const state = new URLSearchParams(search).get('state');
    const mark = own.response_type === 'code' ? '?' : '#';
    const link = (id, url) => `<a id="${id}" href="${url.replaceAll('&', '&amp;')}">${id}</a>`;
    response.writeHead(200, { 'content-type': 'text/html', ...headers }).end(`<!doctype html><title>Sign in</title>
${link('allow', `/authorize${search}`)} ${link('deny', `${uri}${mark}error=access_denied&error_description=No&state=${state}`)}${script ? `<script>${script}</script>` : ''}`);
  };
  return own;
}

/** In the page: writes down the events of a client with their causes, in `globalThis.told`. */
export function follow(client) {
  globalThis.told = [];
  client.subscribe(({ type, cause }) => globalThis.told.push(`${type} ${cause}`));
}

export const told = (tab) => tab.evaluate(() => globalThis.told);

/** Opens the window, as a click of the user would: the window at the server. The outcome is `globalThis.outcome`, the caller's signal is that of `globalThis.caller`. */
export async function openPopup(tab, options, login) {
  const client = await tab.client(options);
  await client.evaluate(follow);
  const opened = tab.world.context.waitForEvent('page');
  await client.evaluate((client, login) => {
    globalThis.caller = new AbortController();
    globalThis.outcome = settle(() => client.loginPopup(undefined, { ...login, signal: caller.signal }));
  }, login);
  const popup = await opened;
  await popup.locator('#allow').waitFor();
  return popup;
}

export const outcome = (tab) => tab.evaluate(() => globalThis.outcome);

/** Whether the outcome is still to come, a while later: longer than a page waits for who takes its response. */
export const isWaiting = (tab) =>
  tab.evaluate(() => Promise.race([globalThis.outcome.then(() => false), new Promise((resolve) => setTimeout(resolve, 700, true))]));

/** In the page, before the frames come: how many there were, how many at once, and where they went. */
export function watchFrames() {
  globalThis.seen = { most: 0, urls: [], areHidden: true };
  new MutationObserver((changes) => {
    seen.most = Math.max(seen.most, document.querySelectorAll('iframe').length);
    for (const { addedNodes } of changes) {
      for (const frame of addedNodes) {
        if (frame.localName !== 'iframe') continue;
        seen.urls.push(frame.src);
        seen.areHidden &&= frame.hidden;
      }
    }
  }).observe(document.body, { childList: true });
}

/** What was seen of them, and how many are left. */
export const framesSeen = (tab) => tab.evaluate(() => ({ ...seen, left: document.querySelectorAll('iframe').length }));
