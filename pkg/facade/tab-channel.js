// What the tabs and workers of one registration tell each other: that there is something to look at, and never a token.
import { openChannel } from './broadcast.js';

/** A channel to the origin's other contexts; `hear` gets what one of them tells. */
export function tabChannel(name, hear) {
  let channel;

  function open() {
    // Where there is no page and no worker, a channel would keep the process alive.
    if (channel || !globalThis.location) return;
    channel = openChannel(name);
    if (channel) channel.onmessage = ({ data }) => hear(data);
  }

  return {
    open,
    tell(word) {
      open();
      channel?.postMessage(word);
    },
  };
}
