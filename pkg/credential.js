// A fetch with a credential that needs no login.
import { resources, send } from 'claviger:sending';
import { check } from './client.js';
import { object, wrong } from './options.js';

// What the module's door does; src/package/door.rs has the same number.
const CREDENTIAL = 6;

/** The form goes to the module with each request, so that a fetch that is no longer used leaves nothing behind. */
export function credentialFetch(call, options) {
  const { credential, resources: given } = object(options, 'options');
  const form = new URLSearchParams({ resources: resources(given) });
  for (const name of ['type', 'token', 'username', 'password']) {
    const value = object(credential, 'credential')[name];
    if (value === undefined) continue;
    if (typeof value !== 'string') throw wrong(`credential.${name}`, 'be a string');
    form.set(name, value);
  }
  for (const name of form.get('type') === 'basic' ? ['username', 'password'] : []) {
    if (!form.has(name)) throw wrong(`credential.${name}`, 'be a string');
  }
  const ask = (text) => check(Object.fromEntries(new URLSearchParams(call(CREDENTIAL, 0, `${form}${text}`))));
  ask('');
  return async (input, init) => send(input, init, (text) => ask(`\n${text}`), () => {});
}
