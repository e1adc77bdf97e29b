// An authorization server with an API, as small as one can be that checks what it is sent: codes with
// PKCE, refresh tokens that rotate. A page on http://localhost is its client.
import { createHash } from 'node:crypto';
import { after, before, beforeEach } from 'node:test';
import assert from 'node:assert/strict';
import { readStores } from './store.mjs';
import { openLocalApp, startServer } from './servers.mjs';

/** In the secrets that this server makes, and in nothing else. */
export const SECRET = 'SECRET-';

export function json(response, status, body, type = 'application/json') {
  response.writeHead(status, { 'content-type': type }).end(typeof body === 'string' ? body : JSON.stringify(body));
}

/** The server, the page with its client, and another origin, which is to hear of nothing; for one test. */
export async function openClientApp(t, served) {
  const server = await startAuthorizationServer(t);
  const evil = await startServer(t, (_, response) => {
    response.setHeader('www-authenticate', 'Bearer error="invalid_token"');
    json(response, 401, { access_token: 'EVIL', token_type: 'Bearer' });
  });
  const app = await openLocalApp(t, served);
  const { origin } = server;
  const options = {
    server: {
      issuer: origin,
      authorization_endpoint: `${origin}/authorize`,
      token_endpoint: `${origin}/token`,
      revocation_endpoint: `${origin}/revoke`,
    },
    client_id: 'spa',
    redirect_uri: `${app.origin}/cb`,
    response_type: 'code',
    resources: [`${origin}/api`],
  };
  return Object.assign(new ClientApp(), { app, server, evil, options });
}

/** The same for all tests of a file: each begins with a new document, empty storages and a server that does as it should. */
export function useClientApp(served) {
  const own = new ClientApp();
  const endings = [];
  const file = { after: (end) => endings.push(end) };
  before(async () => Object.assign(own, await openClientApp(file, served)));
  after(() => Promise.all(endings.map((end) => end())));
  beforeEach(async () => {
    const { app, server, evil } = own;
    server.instead = {};
    await app.open('/start');
    await app.evaluate(() => [sessionStorage, localStorage].forEach((storage) => storage.clear()));
    server.log.length = evil.log.length = app.requests.length = app.messages.length = 0;
  });
  return own;
}

class ClientApp {
  app;
  server;
  evil;
  options;

  /** The client's options with further ones. */
  with(more) {
    return { ...this.options, ...more };
  }

  /** What the server answers to a request for authorization: the response's URL. */
  async respond(url) {
    const { headers } = await fetch(url, { redirect: 'manual' });
    return headers.get('location');
  }

  /** Signs in without a navigation, as a webview's shell does, and listens: a handle of the client. */
  async signedIn(options = this.options, tab = this.app) {
    const client = await tab.client(options);
    await client.evaluate(listen);
    const { url } = await tab.startLogin(options);
    const { thrown } = await tab.handleRedirect(options, await this.respond(url));
    assert.equal(thrown, undefined);
    return client;
  }

  /** The verifier of the login under way, as the store has it. */
  async verifier() {
    const { session, local } = await readStores(this.app);
    const verifiers = JSON.stringify([session, local]).match(/(?<=code_verifier=)[\w-]{43}/g);
    assert.equal(verifiers?.length, 1);
    return verifiers[0];
  }

  /** Nothing that the server made, nor any of the `secrets`, is left where a page leaves traces, or in `more`. */
  async assertNoTrace(secrets, more, tab = this.app) {
    const { app } = this;
    const all = JSON.stringify([await readStores(tab), await tab.place(), await tab.history(), app.messages, more]);
    for (const secret of [SECRET, ...secrets]) {
      const at = all.indexOf(secret);
      assert.ok(at < 0, `${secret} in …${all.slice(Math.max(0, at - 200), at + 100)}…`);
    }
  }
}

/** In the page: writes down the events of a client, in `globalThis.events`. */
export function listen(client) {
  // A client that was forgotten still lives in its page, and hears of the same session.
  globalThis.unlisten?.();
  globalThis.events = [];
  globalThis.unlisten = client.subscribe(({ type }) => globalThis.events.push(type));
}

export const events = (tab) => tab.evaluate(() => globalThis.events);

/** As `startServer`, with `instead`, which answers for a path, and `hold`. */
export async function startAuthorizationServer(t) {
  let count = 0;
  /** By code and by refresh token: what they were given for. */
  const codes = new Map();
  const families = new Map();
  const living = new Set();
  const make = (kind) => `${SECRET}${kind}-${(count += 1)}`;

  /** RFC 6749, section 5.1. */
  function grant(response, family, isRefreshed) {
    const access_token = make('AT');
    const token = { access_token, token_type: 'Bearer', expires_in: 3600, ...(!server.grantsNoRefresh && { refresh_token: make('RT') }), ...server.identify?.(family.asked, access_token, isRefreshed) };
    living.add(token.access_token);
    families.set(token.refresh_token, family);
    family.current = token.refresh_token;
    json(response, 200, token);
  }

  const answers = {
    '/authorize'({ path }, response) {
      const asked = Object.fromEntries(new URL(path, 'http://localhost').searchParams);
      const answer = new URLSearchParams({ state: asked.state });
      const types = asked.response_type.split(' ');
      if (!types.includes('code')) {
        const access_token = types.includes('token') ? make('AT') : undefined;
        living.add(access_token);
        const brought = { ...(access_token && { access_token, token_type: 'Bearer', expires_in: 3600 }), ...server.identify?.(asked, access_token) };
        for (const [name, value] of Object.entries(brought)) answer.set(name, value);
      } else {
        const code = make('CODE');
        codes.set(code, asked);
        answer.set('code', code);
      }
      const isInFragment = !types.includes('code') || asked.response_mode === 'fragment';
      response.writeHead(302, { location: `${asked.redirect_uri}${isInFragment ? '#' : '?'}${answer}` }).end();
    },
    '/token'({ body }, response) {
      const sent = Object.fromEntries(new URLSearchParams(body));
      if (sent.grant_type === 'refresh_token') {
        const family = families.get(sent.refresh_token);
        // Reuse ends the family (RFC 9700, section 4.14.2).
        if (family?.current !== sent.refresh_token) {
          if (family) family.current = undefined;
          return json(response, 400, { error: 'invalid_grant' });
        }
        return grant(response, family, true);
      }
      const asked = codes.get(sent.code);
      codes.delete(sent.code);
      const isOwn = asked?.client_id === sent.client_id && asked.redirect_uri === sent.redirect_uri;
      if (!isOwn || asked.code_challenge_method !== 'S256' || asked.code_challenge !== challengeOf(sent.code_verifier)) {
        return json(response, 400, { error: 'invalid_grant' });
      }
      grant(response, { asked });
    },
    '/revoke': (_, response) => json(response, 200, ''),
    '/api'({ headers }, response) {
      const isKnown = living.has(headers.authorization?.slice('Bearer '.length));
      if (!isKnown) response.setHeader('www-authenticate', 'Bearer error="invalid_token"');
      json(response, isKnown ? 200 : 401, { isKnown });
    },
  };

  const server = await startServer(t, (request, response) => {
    const { pathname } = new URL(request.path, 'http://localhost');
    const answer = server.instead[pathname] ?? answers[pathname] ?? ((_, response) => response.writeHead(404).end());
    return answer(request, response);
  });
  return Object.assign(server, {
    instead: {},
    /** What was sent to a path, as the members of its form. */
    sent(path) {
      return server.log.filter((request) => request.path === path).map(({ body }) => Object.fromEntries(new URLSearchParams(body)));
    },
    /** The next request for a path waits: when it came, to answer it as usual, and whether the client gave it up. */
    hold(path) {
      const held = { isGivenUp: false };
      held.givenUp = async () => {
        const end = performance.now() + 10_000;
        while (!held.isGivenUp && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 10));
        assert.ok(held.isGivenUp, 'the client gave it up');
      };
      held.arrived = new Promise((resolve) => {
        server.instead[path] = (request, response) => {
          delete server.instead[path];
          response.on('close', () => (held.isGivenUp = !response.writableEnded));
          resolve({ request, answer: () => answers[path](request, response) });
        };
      });
      return held;
    },
  });
}

export function challengeOf(verifier) {
  return createHash('sha256').update(verifier).digest('base64url');
}
