import { PublicClientApplication } from '@azure/msal-browser';

export const about = {
  package: '@azure/msal-browser', flow: 'code, PKCE', state: 'client', keepsOneLogin: true, openid: 'always',
  note: 'a callback belongs to the start of the client: each is one of a new one',
  leaves: {
    checks: ['signature', 'alg', 'kid', 'crit', 'typ', 'iss', 'aud', 'azp', 'sub', 'exp', 'iat', 'at_hash'],
    says: 'its maintainers say that it validates no tokens, which is for who receives them ([issue 1952](https://github.com/AzureAD/microsoft-authentication-library-for-js/issues/1952), about version 1).',
  },
};

export async function open({ server, client_id, redirect_uri }) {
  const scopes = ['api'];
  let target;
  let client;
  async function start() {
    client = new PublicClientApplication({
      auth: {
        clientId: client_id,
        redirectUri: redirect_uri,
        // It takes https: alone for an authority, and the endpoints from the metadata.
        authority: 'https://as.example/',
        knownAuthorities: ['as.example'],
        authorityMetadata: JSON.stringify({ ...server, issuer: 'https://as.example/' }),
        onRedirectNavigate: (url) => {
          target = url;
          return false;
        },
      },
      system: { protocolMode: 'OIDC' },
    });
    await client.initialize();
    return client.handleRedirectPromise({ navigateToLoginRequestUrl: false });
  }
  await start();
  let account;
  return {
    async authorize() {
      // A login that was begun and left is ended by a new client alone, as the next page has one.
      if (target) await start();
      await client.loginRedirect({ scopes });
      return target;
    },
    async callback() {
      const result = await start();
      account = result.account;
      target = undefined;
      return result.accessToken;
    },
    user: () => account?.idTokenClaims?.sub,
    async fetch(url, init) {
      const { accessToken } = await client.acquireTokenSilent({ scopes, account });
      const headers = new Headers(init?.headers);
      headers.set('Authorization', `Bearer ${accessToken}`);
      return fetch(url, { ...init, headers });
    },
  };
}
