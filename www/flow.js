// The flow that this tab signs in with, by its response_type. It is kept when the
// browser leaves, so that the page that the server sends it back to goes on with
// the same one.

const FLOWS = ['code', 'id_token token', 'token'];
const KEY = 'city-issues:response_type';

// Whether the server says who signed in, and proves it: OpenID Connect.
export const saysWho = (responseType) => responseType !== 'token';

export function readFlow() {
  try {
    const kept = sessionStorage.getItem(KEY);
    return FLOWS.includes(kept) ? kept : null;
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
