// A session with a server of the tests' own, in the engine under test.
import assert from 'node:assert/strict';
import { startAuthorizationServer } from '../../e2e/harness/authorization-server.mjs';
import { WINDOWS } from '../../e2e/harness/windows.mjs';
import { openApp } from './app.mjs';

/** The application, its server, and a client that asks for codes unless told otherwise; `served` is added to what the application serves. */
export async function open(t, more, served) {
  const server = await startAuthorizationServer(t);
  const app = await openApp(t, { ...WINDOWS, ...served, pages: { ...WINDOWS.pages, ...served?.pages } });
  const { origin } = server;
  const endpoints = { authorization_endpoint: `${origin}/authorize`, token_endpoint: `${origin}/token` };
  const options = { server: endpoints, client_id: 'spa', redirect_uri: `${app.origin}/callback`, response_type: 'code', resources: [`${origin}/api`], tokenStore: 'local', ...more };
  return { server, app, options, renewals: () => server.sent('/token').flatMap(({ refresh_token }) => refresh_token ?? []) };
}

/** Signs in without a navigation, as a webview's shell does. */
export async function signIn(app, options) {
  const { url } = await app.startLogin(options);
  const { headers } = await fetch(url, { redirect: 'manual' });
  const { value, thrown } = await app.handleRedirect(options, headers.get('location'));
  assert.equal(thrown, undefined);
  return value.token.access_token;
}

export const tokenOf = async (tab, options) => (await tab.token(options))?.access_token ?? null;
/** Begins a renewal; what comes of it is `globalThis.outcome`. */
export const renew = (tab, options) => tab.evaluate((options) => void (globalThis.outcome = settle(async () => (await clientFor(options)).renew())), options);
export const outcome = (tab) => tab.evaluate(() => globalThis.outcome);
export const logout = (tab, options) => tab.evaluate(async (options) => (await clientFor(options)).logout(), options);
