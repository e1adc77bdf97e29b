/** Calls back when a page that slept, or whose clock was changed, is looked at again. */
export function onWake(look, isFirst) {
  for (const type of ['visibilitychange', 'pageshow', 'focus', 'online']) globalThis.addEventListener?.(type, look, isFirst);
}
