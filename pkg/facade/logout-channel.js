// Tells the other tabs and workers of the same registration that one of them has signed out.

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
