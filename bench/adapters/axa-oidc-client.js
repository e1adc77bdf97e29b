import { OidcClient } from '@axa-fr/oidc-client';

export const about = {
  package: '@axa-fr/oidc-client', flow: 'code, PKCE', state: 'client', keepsOneLogin: true, openid: 'always',
  leaves: {
    checks: ['signature', 'alg', 'kid', 'crit'],
    says: 'its source cites the standard\'s leave to trust TLS where the check would be ([parseTokens.ts](https://github.com/AxaFrance/oidc-client/blob/main/packages/oidc-client/src/parseTokens.ts)).',
  },
};

export function open({ server, client_id, redirect_uri }) {
  let target;
  const page = {
    open: (url) => void (target = url),
    reload() {},
    getCurrentHref: () => location.href,
    getPath: () => location.pathname,
    getOrigin: () => location.origin,
  };
  const configuration = { client_id, redirect_uri, scope: 'openid api', authority: server.issuer, authority_configuration: server };
  const client = OidcClient.getOrCreate(() => fetch, page)(configuration);
  return {
    async authorize() {
      await client.loginAsync();
      return target;
    },
    async callback() {
      await client.loginCallbackAsync();
      return client.tokens.accessToken;
    },
    user: () => client.tokens?.idTokenPayload?.sub,
    fetch: (url, init) => client.fetchWithTokens(fetch)(url, init),
  };
}
