// Aborts with a reason, also in engines whose signals keep none: Chromium below 98, Firefox below 97, Safari below 15.4.

/** Aborts for this reason, which is then the signal's. */
export function abortFor(controller, reason) {
  const { signal } = controller;
  if (!('reason' in signal)) signal.reason = reason;
  controller.abort(reason);
}

/** Why a signal was aborted. */
export const reasonOf = ({ reason }) => reason ?? new DOMException('The call was aborted.', 'AbortError');

export function throwIfAborted(signal) {
  if (signal?.aborted) throw reasonOf(signal);
}
