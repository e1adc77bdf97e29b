// That one tab or worker has signed out, which all others of the same registration have to know.

/** A channel to the origin's other contexts; `hear` is called when one of them tells. */
export function logoutChannel(name, isOpen, hear) {
  // Where there is no page and no worker, a channel would keep the process alive.
  if (!globalThis.BroadcastChannel || !globalThis.location) return { open() {}, tell() {} };
  let channel;

  function open() {
    if (channel) return channel;
    channel = new BroadcastChannel(name);
    channel.onmessage = hear;
    return channel;
  }

  if (isOpen) open();
  return { open, tell: () => open().postMessage('logout') };
}
