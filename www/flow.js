// The flow that this tab signs in with, by its response_type: 'code' or 'token'.
// It is kept when the browser leaves, so that the page that the server sends it
// back to goes on with the same one.

const KEY = 'city-issues:response_type';

export function readFlow() {
  try {
    const kept = sessionStorage.getItem(KEY);
    return kept === 'code' || kept === 'token' ? kept : null;
  } catch {
    return null;
  }
}

export function keepFlow(responseType) {
  try {
    sessionStorage.setItem(KEY, responseType);
  } catch {
    // Storage refused: no sign-in begins then.
  }
}
