// Servers on loopback that answer as a test says.
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';

/**
 * Starts a server that lives as long as the test: its origin, and a log of what it was sent. `answer`
 * gets the request and the response; what it throws ends the connection without an answer.
 */
export async function startServer(t, answer) {
  const log = [];
  const server = createServer(async (request, response) => {
    const { method, headers } = request;
    const seen = { method, headers, url: new URL(request.url, origin), body: await text(request) };
    log.push(seen);
    try {
      await answer(seen, response);
    } catch {
      response.destroy();
    }
  });
  await new Promise((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${server.address().port}`;
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { origin, log };
}

/** Answers with a JSON body. */
export function json(response, status, body, headers = {}) {
  const type = 'application/json';
  response.writeHead(status, { 'Content-Type': type, 'Cache-Control': 'no-store', ...headers }).end(JSON.stringify(body));
}

/** The parameters of a request's form-encoded body. */
export function formOf({ body }) {
  return Object.fromEntries(new URLSearchParams(body));
}

/** The user name and the password of HTTP Basic, as they were encoded. */
export function basicOf({ headers }) {
  const [, credentials] = /^Basic (.+)$/.exec(headers.authorization ?? '') ?? [];
  return credentials && Buffer.from(credentials, 'base64').toString();
}
