// The server, in a process of its own: what it answers must not wait for the process that drives the browser.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** `scripts` are the adapters' bundles by their paths. */
export async function startServer(scripts) {
  const server = fork(fileURLToPath(new URL('server-process.mjs', import.meta.url)), { serialization: 'advanced' });
  server.send(scripts);
  const [origin] = await Promise.race([once(server, 'message'), once(server, 'exit')]);
  if (typeof origin !== 'string') throw new Error('The server ended before it listened; see its words above.');
  return { origin, close: () => server.disconnect() };
}
