// What the entries for OpenID Connect export, by the loader of their module.
import { CLIENT_ID, CLIENT_TEXTS, ISSUER, RESPONSE_TYPE } from 'claviger:numbers';
import { form, flag, membersOf, readSignal, typed } from './arguments.js';
import { BE_SECONDS_OR_0 } from './musts.js';
import { OAuthError } from './oauth-error.js';
import { createPackage } from './package.js';
import { readRelyingParty } from './openid-options.js';
import { readRequiredAcr, relyingParty } from './relying-party.js';
import { blank } from './texts.js';

export function openidPackage(loader) {
  const { load, loadNow } = createPackage(loader);
  return {
    openid: Object.freeze({
      /** For createClient, whose `OAuthError` is `Own`: what is thrown here is one of them from now on. */
      load(Own) {
        if (Own && Own !== OAuthError) Object.setPrototypeOf(OAuthError.prototype, Own.prototype);
        return load();
      },
      /** For createClient: reads the options that are for this, and gives what verifies ID tokens. */
      open(option, server, texts) {
        loadNow();
        return relyingParty(texts, readRelyingParty(option, server, texts));
      },
    }),
    async verifyIdToken(idToken, options) {
      await load();
      const option = membersOf(options, 'options');
      const server = membersOf(option('server'), 'server');
      const texts = blank(CLIENT_TEXTS);
      texts[ISSUER] = typed(server('issuer'), 'string', 'server.issuer');
      texts[CLIENT_ID] = typed(option('client_id'), 'string', 'client_id');
      texts[RESPONSE_TYPE] = option('response_type');
      const { keys } = readRelyingParty(option, server, texts, ['code id_token']);
      const [nonce, access_token, code, state] = ['nonce', 'access_token', 'code', 'state'].map((name) => typed(option(name), 'string', name));
      const max_age = typed(option('max_age'), 'number', 'max_age', BE_SECONDS_OR_0);
      const previous = option('previous');
      const { verify, claims } = relyingParty(texts, { keys });
      const kept = form({ nonce, max_age: max_age === undefined ? undefined : `${max_age}`, required_acr: readRequiredAcr(option) });
      await verify([
        typed(idToken, 'string', 'idToken'), kept, access_token, flag(texts[RESPONSE_TYPE] !== 'code'), code, state,
        previous && typed(membersOf(previous, 'previous')('sub'), 'string', 'previous.sub'), flag(previous),
      ], readSignal(options));
      return claims(idToken);
    },
  };
}
