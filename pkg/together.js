// What one tab or worker does, and all others of the same registration have to know.

/** A channel to the origin's other contexts; `hear` is told what they said. */
export function together(name, isOpen, hear) {
  // Where there is no page and no worker, a channel would keep the process alive.
  if (!globalThis.BroadcastChannel || !globalThis.location) return { open() {}, tell() {} };
  let channel;

  function open() {
    if (channel) return channel;
    channel = new BroadcastChannel(name);
    channel.onmessage = ({ data }) => hear(data);
    return channel;
  }

  if (isOpen) open();
  return { open, tell: (message) => open().postMessage(message) };
}
