// Whoever signs out in one tab or worker has signed out in all of them.
import { url } from './options.js';

/** A client whose logout reaches those of the same registration in the origin's other contexts. */
export function together(client, { server, client_id }) {
  // Where there is no page and no worker, a channel would keep the process alive.
  if (!globalThis.BroadcastChannel || !globalThis.location) return client;
  const name = `claviger:${client_id} ${url(server.authorization_endpoint, 'server.authorization_endpoint')}`;
  let channel;

  function open() {
    if (channel) return channel;
    channel = new BroadcastChannel(name);
    channel.onmessage = ({ data }) => {
      if (data === 'logout') client.logout();
    };
    return channel;
  }

  // Whoever never signed in has nothing to forget.
  client.subscribe(({ type }) => {
    if (type === 'login') open();
  });
  return {
    ...client,
    logout() {
      open().postMessage('logout');
      return client.logout();
    },
  };
}
