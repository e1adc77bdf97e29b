// The module's one door: a method, a client and a text in, names and values out. src/package/door.rs has the
// same numbers.
export const CREATE = 0;
export const START = 1;
export const FINISH = 2;
export const AUTHORIZE = 3;
export const LOGOUT = 4;
export const REFUSED = 5;
export const CREDENTIAL = 6;
export const CHALLENGES = 7;
export const EXCHANGED = 8;
export const RENEW = 9;
export const RENEWED = 10;
export const RESTORE = 11;
export const REQUEST = 12;
export const ANSWER = 13;
export const METADATA_URLS = 14;
export const METADATA = 15;
export const BEST_RESPONSE_TYPE = 16;
export const CREDENTIAL_REFUSED = 17;
export const RELAYED = 18;

/** Calls the door for a client; what needs none asks for the first. */
export function asking(call, client = 0) {
  return (method, text) => {
    const parts = call(method, client, text).split('\0');
    const answer = {};
    for (let at = 0; at + 1 < parts.length; at += 2) answer[parts[at]] = parts[at + 1];
    return answer;
  };
}
