// What the entries for codes export, by the loader of their module.
import { membersOf, owns } from './arguments.js';
import { readChallenges } from './challenges.js';
import { client } from './client.js';
import * as parts from './code-parts.js';
import { credentialFetch } from './create-fetch.js';
import * as discovery from './discover.js';
import { OAuthError } from './oauth-error.js';
import { createPackage } from './package.js';
import * as tokens from './request-token.js';

export function codePackage(loader) {
  const { load, loadNow } = createPackage(loader);
  return {
    load,
    async createClient(options) {
      await load();
      const openid = membersOf(options, 'options')('openid');
      if (openid && owns(openid, 'load')) await openid.load(OAuthError);
      return client(options, parts, openid);
    },
    async createFetch(options) {
      await load();
      return credentialFetch(options);
    },
    async requestToken(options) {
      await load();
      return tokens.requestToken(options);
    },
    async discover(issuer, options) {
      await load();
      return discovery.discover(issuer, options);
    },
    bestResponseType(server) {
      loadNow();
      return discovery.bestResponseType(server);
    },
    challenges(response) {
      loadNow();
      return readChallenges(response);
    },
  };
}
