// The server on loopback: the pages, an authorization server's token endpoint, and an API that wants the token.
// server.mjs starts it, and sends the adapters' bundles by their paths; the answer is the origin.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { compress } from './bundle.mjs';
import { idToken, keys } from './id-tokens.mjs';
import { metadata } from './metadata.js';

// Isolated pages have a clock of 5 µs; others one of 100 µs.
const HEADERS = {
  'cache-control': 'no-store',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
};
const PAGE = '<!doctype html><meta charset="utf-8"><title>Bench</title><link rel="icon" href="data:,"><body>';

async function listen(scripts) {
  const own = ['in-page.js', 'metadata.js'];
  const read = async (name) => [`/${name}`, await readFile(new URL(name, import.meta.url))];
  const files = new Map([...scripts, ...(await Promise.all(own.map(read)))]);
  const compressed = new Map([...files].map(([path, bytes]) => [path, compress(bytes)]));

  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    if (pathname === '/') {
      response.writeHead(200, { ...HEADERS, 'content-type': 'text/html' }).end(PAGE);
    } else if (compressed.has(pathname)) {
      const type = pathname.endsWith('.wasm') ? 'application/wasm' : 'text/javascript; charset=utf-8';
      response.writeHead(200, { ...HEADERS, 'content-type': type, 'content-encoding': 'br' }).end(compressed.get(pathname));
    } else if (pathname === '/token' || pathname === '/oauth/token') {
      answer(response, ...exchange(await body(request)));
    } else if (pathname === '/jwks') {
      answer(response, 200, keys);
    } else if (pathname === '/.well-known/openid-configuration') {
      answer(response, 200, metadata(`http://${request.headers.host}`));
    } else if (pathname === '/id-token') {
      const { id, login } = await body(request);
      answer(response, 200, idToken(id, login));
    } else if (pathname === '/api') {
      const { authorization } = request.headers;
      answer(response, authorization ? 200 : 401, { authorization });
    } else {
      response.writeHead(404, HEADERS).end();
    }
  });
  server.keepAliveTimeout = 60_000;
  await new Promise((resolve) => server.listen(0, 'localhost', resolve));
  return `http://localhost:${server.address().port}`;
}

function answer(response, status, document) {
  response.writeHead(status, { ...HEADERS, 'content-type': 'application/json' }).end(JSON.stringify(document));
}

async function body(request) {
  const type = request.headers['content-type'] ?? '';
  const parts = [];
  for await (const part of request) parts.push(part);
  const text = Buffer.concat(parts).toString();
  return type.includes('json') ? JSON.parse(text) : Object.fromEntries(new URLSearchParams(text));
}

/** The code itself holds what the answer is; in-page.js made it. */
function exchange({ grant_type, code, code_verifier = '' }) {
  if (grant_type !== 'authorization_code') return [400, { error: 'unsupported_grant_type' }];
  const { challenge, tokens } = JSON.parse(Buffer.from(code, 'base64url'));
  if (createHash('sha256').update(code_verifier).digest('base64url') !== challenge) return [400, { error: 'invalid_grant' }];
  return [200, tokens];
}

process.once('message', async (scripts) => process.send(await listen(scripts)));
// Whoever started it has ended, one way or the other.
process.once('disconnect', () => process.exit());
