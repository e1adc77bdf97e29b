// A fetch with a credential that needs no login.
import { resources, send } from 'claviger:variant';
import { asking, CREDENTIAL, CREDENTIAL_REFUSED } from './door.js';
import { check } from './oauth-error.js';
import { object, wrong } from './client-options.js';
import { readTokenRequest } from './request-token.js';

/** The form goes to the module with each request, so that a fetch that is no longer used leaves nothing behind. */
export function credentialFetch(call, options) {
  const { credential, resources: given } = object(options, 'options');
  const allowed = resources(given);
  const bearer = ({ access_token }) => credentialForm({ type: 'bearer', token: access_token }, allowed);
  const ask = (text, method = CREDENTIAL) => check(asking(call)(method, text));
  if (object(credential, 'credential').type === 'client_credentials') {
    ask(bearer({ access_token: 'checked' }));
    return ownFetch(readTokenRequest(call, { ...credential, grant_type: 'client_credentials' }), (token, text, method) => ask(`${bearer(token)}\n${text}`, method));
  }
  const form = credentialForm(credential, allowed);
  ask(form);
  return async (input, init) => send(input, init, (text) => ask(`${form}\n${text}`), () => {});
}

function credentialForm(credential, resources) {
  const form = new URLSearchParams({ resources });
  for (const name of ['type', 'token', 'username', 'password']) {
    const value = credential[name];
    if (value === undefined) continue;
    if (typeof value !== 'string') throw wrong(`credential.${name}`, 'be a string');
    form.set(name, value);
  }
  for (const name of form.get('type') === 'basic' ? ['username', 'password'] : []) {
    if (!form.has(name)) throw wrong(`credential.${name}`, 'be a string');
  }
  return String(form);
}

/** A fetch with a token of the client's own, which is asked for when there is none that can still be sent. */
function ownFetch(requestToken, ask) {
  let asked;
  let current;
  let until = 0;

  /** Whoever asks meanwhile gets the same token. */
  function token() {
    if (Date.now() < until) return asked;
    until = Infinity;
    current = undefined;
    asked = requestToken().then(
      (token) => {
        // A token of 30 seconds or less serves the calls that wait for it.
        until = token.expires_at === undefined ? Infinity : token.expires_at * 1000 - 30_000;
        current = token;
        return token;
      },
      (error) => {
        until = 0;
        throw error;
      },
    );
    return asked;
  }

  return async (input, init) => {
    const used = await token();
    return send(input, init, (text) => ask(used, text), (said) => {
      // Another call may have asked for a new one since.
      if (used === current && ask(used, said, CREDENTIAL_REFUSED).revoked) until = 0;
    });
  };
}
