import module from 'claviger:wasm';
import { call, initSync } from 'claviger:glue';
import { readChallenges } from './challenges.js';
import { credentialFetch } from './credential.js';
import * as discovery from './discovery.js';
import { entry } from './entry.js';
import * as request from './request.js';

const { createClient, load, OAuthError } = entry(initSync, call, module);

export { createClient, OAuthError };

export async function createFetch(options) {
  load();
  return credentialFetch(call, options);
}

export async function requestToken(options) {
  load();
  return request.requestToken(call, options);
}

export async function discover(issuer, options) {
  load();
  return discovery.discover(call, issuer, options);
}

export function bestResponseType(server) {
  load();
  return discovery.bestResponseType(call, server);
}

export function challenges(response) {
  load();
  return readChallenges(call, response);
}
