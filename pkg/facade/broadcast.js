// Messages between the origin's pages and workers.

/** A channel; none where the platform has none, or refuses it, as browsers do that block a site's data. */
export function openChannel(name) {
  try {
    return new BroadcastChannel(name);
  } catch {
    return undefined;
  }
}

/** Hears nothing more on it, where an engine (Chromium 80) delivers what had been posted before, too. */
export function closeChannel(channel) {
  if (!channel) return;
  channel.onmessage = null;
  channel.close();
}
