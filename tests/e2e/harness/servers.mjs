// Real HTTP servers on loopback, for what only a real network shows.
import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { answerOfApp, openTab } from './page.mjs';

/**
 * Starts a server that lives as long as the test: its origin, and a log of what it was sent. With CORS
 * for everybody, so that nothing but the package keeps a page from its answers.
 */
export async function startServer(t, answer, { host = '127.0.0.1', port = 0 } = {}) {
  const log = [];
  const server = createServer(async (request, response) => {
    const body = (await buffer(request)).toString('latin1');
    const seen = { method: request.method, path: request.url, headers: request.headers, body };
    if (request.method !== 'OPTIONS') {
      log.push(seen);
    }
    allow(request, response);
    if (request.method === 'OPTIONS') {
      response.writeHead(204).end();
    } else {
      await answer(seen, response);
    }
  });
  await new Promise((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { origin: `http://${host}:${server.address().port}`, log };
}

function allow({ headers }, response) {
  response.setHeader('access-control-allow-origin', headers.origin ?? '*');
  response.setHeader('access-control-allow-headers', headers['access-control-request-headers'] ?? '*');
  response.setHeader('access-control-allow-methods', 'GET, POST, PUT, PATCH, DELETE');
  response.setHeader('access-control-allow-credentials', 'true');
  response.setHeader('access-control-expose-headers', 'WWW-Authenticate');
}

/** Serves an application, on http://localhost unless told otherwise, with an API of its own: its origin and its log. */
export function serveApp(t, { host = 'localhost', port, api, ...served } = {}) {
  return startServer(
    t,
    (request, response) => {
      if (request.path.startsWith('/api/')) {
        return api(request, response);
      }
      const { pathname } = new URL(request.path, 'http://localhost');
      const { status = 200, contentType = 'text/plain', headers, body } = answerOfApp(pathname, served);
      response.writeHead(status, { ...headers, 'content-type': contentType }).end(body);
    },
    { host, port },
  );
}

/** Such an application in a tab. */
export async function openLocalApp(t, { init, contextOptions, ...served } = {}) {
  const { origin, log } = await serveApp(t, served);
  const app = await openTab(t, { origin, init, contextOptions });
  return Object.assign(app, { origin, log });
}
