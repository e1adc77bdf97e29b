// What a large download and a large upload take of memory, through fetch and through client.fetch.
// Usage: node tests/memory.mjs CHROMIUM, after cargo xtask build. Prints the peak of the page's process
// and its heap at the end, each in a browser of its own, and judges nothing.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createGzip } from 'node:zlib';
import { chromium } from 'playwright-core';
import { startSecureServer } from './e2e/harness/secure.mjs';

const MEGABYTE = 1 << 20;
const SIZE = 50 * MEGABYTE;
const SCRIPT = readFileSync(new URL('../pkg/wasm/claviger.js', import.meta.url));

const pages = createServer(({ url }, response) => {
  if (url === '/claviger.js') response.writeHead(200, { 'content-type': 'text/javascript; charset=utf-8' }).end(SCRIPT);
  else response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Memory</title>');
});
await new Promise((resolve) => pages.listen(0, 'localhost', resolve));
const origin = `http://localhost:${pages.address().port}`;

const api = await startSecureServer((request, response) => {
  if (request.method === 'GET') {
    response.writeHead(200, { 'content-encoding': 'gzip', 'content-type': 'application/octet-stream' });
    const gzip = createGzip({ level: 1 });
    gzip.pipe(response);
    const write = (left) => {
      if (left <= 0) gzip.end();
      else if (gzip.write(Buffer.alloc(MEGABYTE, left % 251))) setImmediate(write, left - MEGABYTE);
      else gzip.once('drain', () => write(left - MEGABYTE));
    };
    write(SIZE);
    return;
  }
  let size = 0;
  request.on('data', (part) => (size += part.length));
  request.on('end', () => response.end(String(size)));
});
if (!api) throw new Error('openssl is needed to make a certificate; install it.');

/** In the page: a token, and then 50 MB with the one fetch or the other; gives the bytes. */
async function run({ origin, api, isOurs, isUpload, size }) {
  const { createClient } = await import('/claviger.js');
  const client = await createClient({
    server: { authorization_endpoint: 'https://as.example/authorize' },
    client_id: 'memory',
    redirect_uri: `${origin}/`,
    response_type: 'token',
    resources: [api],
  });
  const state = (await client.authorizationUrl()).searchParams.get('state');
  await client.handleRedirect(`${origin}/#access_token=AT&token_type=Bearer&state=${state}`);
  const fetch = isOurs ? client.fetch : globalThis.fetch;
  if (isUpload) {
    let left = size;
    const body = new ReadableStream({
      pull(controller) {
        if (left <= 0) return controller.close();
        left -= 65536;
        controller.enqueue(new Uint8Array(65536));
      },
    });
    return Number(await (await fetch(api, { method: 'POST', body, duplex: 'half' })).text());
  }
  let bytes = 0;
  const reader = (await fetch(api)).body.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) bytes += part.value.length;
  return bytes;
}

/** The largest resident set that the page's process has had, in bytes. */
function peak(pid) {
  const [, kilobytes] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(kilobytes) * 1024;
}

async function measure(isOurs, isUpload) {
  const browser = await chromium.launch({ executablePath: process.argv[2] });
  try {
    const page = await (await browser.newContext({ ignoreHTTPSErrors: true })).newPage();
    await page.goto(`${origin}/`);
    const [session, whole] = [await page.context().newCDPSession(page), await browser.newBrowserCDPSession()];
    const bytes = await page.evaluate(run, { origin, api: `${api.origin}/`, isOurs, isUpload, size: SIZE });
    if (bytes !== SIZE) throw new Error(`${bytes} bytes came through, and not ${SIZE}.`);
    const { usedSize } = await session.send('Runtime.getHeapUsage');
    const { processInfo } = await whole.send('SystemInfo.getProcessInfo');
    const renderers = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => peak(id));
    return { peak: Math.max(...renderers), heap: usedSize };
  } finally {
    await browser.close();
  }
}

const middle = (numbers) => numbers.sort((one, other) => one - other)[numbers.length >> 1];
const show = (bytes) => `${(bytes / MEGABYTE).toFixed(1)} MB`;
for (const isUpload of [false, true]) {
  for (const isOurs of [false, true]) {
    const runs = [];
    for (let at = 0; at < 5; at += 1) runs.push(await measure(isOurs, isUpload));
    const [peak, heap] = ['peak', 'heap'].map((name) => show(middle(runs.map((run) => run[name]))));
    console.log(`${isUpload ? '50 MB streamed upload' : '50 MB gzip download'}, ${isOurs ? 'client.fetch' : 'fetch'}: page's process at most ${peak}, heap at the end ${heap} (median of 5)`);
  }
}
pages.close();
api.close();
