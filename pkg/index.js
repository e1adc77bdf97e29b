import module from 'claviger:wasm';
import { call, initSync } from 'claviger:glue';
import { readChallenges } from './challenges.js';
import { credentialFetch } from './credential.js';
import { entry } from './entry.js';
import { together } from './together.js';

const { createClient: create, load, OAuthError } = entry(initSync, call, module);

export { OAuthError };

export async function createClient(options) {
  return together(await create(options), options);
}

export async function createFetch(options) {
  load();
  return credentialFetch(call, options);
}

export function challenges(response) {
  load();
  return readChallenges(call, response);
}
