// Messages between the origin's pages and workers.

/** A channel; none where the platform has none, or refuses it, as browsers do that block a site's data. */
export function openChannel(name) {
  try {
    return new BroadcastChannel(name);
  } catch {
    return undefined;
  }
}
