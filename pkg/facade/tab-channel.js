// What the tabs and workers of one registration tell each other: that there is something to look at, and never a token.

/** A channel to the origin's other contexts; `hear` gets what one of them tells. */
export function tabChannel(name, hear) {
  // Where there is no page and no worker, a channel would keep the process alive.
  if (!globalThis.BroadcastChannel || !globalThis.location) return { open() {}, tell() {} };
  let channel;

  function open() {
    if (channel) return channel;
    channel = new BroadcastChannel(name);
    channel.onmessage = ({ data }) => hear(data);
    return channel;
  }

  return { open, tell: (word) => open().postMessage(word) };
}
