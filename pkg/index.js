import { call } from 'claviger:glue';
import { readChallenges } from './challenges.js';
import { credentialFetch } from './credential.js';
import * as discovery from './discovery.js';
import { load, loadNow } from './entry.js';
import * as request from './request.js';

export { createClient, OAuthError } from './entry.js';

export async function createFetch(options) {
  await load();
  return credentialFetch(call, options);
}

export async function requestToken(options) {
  await load();
  return request.requestToken(call, options);
}

export async function discover(issuer, options) {
  await load();
  return discovery.discover(call, issuer, options);
}

export function bestResponseType(server) {
  loadNow();
  return discovery.bestResponseType(call, server);
}

export function challenges(response) {
  loadNow();
  return readChallenges(call, response);
}
