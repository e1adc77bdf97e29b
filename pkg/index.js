import { call } from 'claviger:glue';
import { readChallenges } from './facade/challenges.js';
import { credentialFetch } from './facade/create-fetch.js';
import * as discovery from './facade/discover.js';
import { load, loadNow } from './facade/package.js';
import * as request from './facade/request-token.js';

export { createClient, OAuthError } from './facade/package.js';

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
