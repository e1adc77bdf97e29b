import { UserManager } from 'oidc-client-ts';

export const about = { package: 'oidc-client-ts', flow: 'code, PKCE', state: 'client' };

export function open({ server, client_id, redirect_uri }) {
  let target;
  const navigator = {
    prepare: async () => ({ navigate: async ({ url }) => void (target = url), close() {} }),
  };
  const settings = { authority: server.issuer, metadata: server, client_id, redirect_uri, scope: 'api' };
  const manager = new UserManager(settings, navigator);
  return {
    async authorize() {
      await manager.signinRedirect();
      return target;
    },
    callback: async () => (await manager.signinRedirectCallback()).access_token,
    async fetch(url, init) {
      const headers = new Headers(init?.headers);
      headers.set('Authorization', `Bearer ${(await manager.getUser()).access_token}`);
      return fetch(url, { ...init, headers });
    },
  };
}
