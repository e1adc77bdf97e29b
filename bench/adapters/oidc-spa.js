import { oidcEarlyInit } from 'oidc-spa/entrypoint';
import { createOidc } from 'oidc-spa/core';

export const about = {
  package: 'oidc-spa', exports: ['oidc-spa/entrypoint', 'oidc-spa/core'], flow: 'code, PKCE', state: 'client',
  oncePerPage: true, openid: 'always',
  note: 'waits for a timer before each call gets its token',
};

export async function open({ server, client_id, leaving }) {
  oidcEarlyInit({ BASE_URL: '/' });
  const client = await createOidc({
    issuerUri: server.issuer, clientId: client_id, __metadata: server, sessionRestorationMethod: 'full page redirect',
  });
  return {
    authorize() {
      const target = leaving();
      client.login();
      return target;
    },
    callback: async () => (await client.getTokens()).accessToken,
    user: () => client.getDecodedIdToken().sub,
    async fetch(url, init) {
      const headers = new Headers(init?.headers);
      headers.set('Authorization', `Bearer ${(await client.getTokens()).accessToken}`);
      return fetch(url, { ...init, headers });
    },
  };
}
