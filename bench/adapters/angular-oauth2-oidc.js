import '@angular/compiler';
import { provideHttpClient, withInterceptorsFromDi } from '@angular/common/http';
import { provideZonelessChangeDetection } from '@angular/core';
import { createApplication } from '@angular/platform-browser';
import { OAuthService, provideOAuthClient } from 'angular-oauth2-oidc';

const AT_HASH = '`at_hash` is not compared with a code ([pull request 720](https://github.com/manfredsteyer/angular-oauth2-oidc/pull/720))';

export const leavesAtHash = { checks: ['at_hash'], says: `${AT_HASH}.` };

export const about = {
  package: 'angular-oauth2-oidc', flow: 'code, PKCE', state: 'client', openid: 'always', keepsOneLogin: true,
  within: ['@angular/*', 'rxjs', 'tslib'],
  note: 'its bytes are without Angular and rxjs, which its page has; Angular compiles in the page here, for want of its own build, so that no cold start and memory are told',
  leaves: {
    checks: ['signature', 'alg', 'kid', 'crit', 'at_hash'],
    says: `its documentation asks for the handler that verifies signatures, which is another package, with the implicit grant alone ([JwksValidationHandler](https://manfredsteyer.github.io/angular-oauth2-oidc/docs/classes/JwksValidationHandler.html)), and ${AT_HASH}.`,
  },
};

/** A handler of its own checks the signature. */
export async function openWith({ server, client_id, redirect_uri }, ...handler) {
  let leave;
  const { injector } = await createApplication({
    providers: [provideZonelessChangeDetection(), provideHttpClient(withInterceptorsFromDi()), provideOAuthClient(null, ...handler)],
  });
  const client = injector.get(OAuthService);
  client.configure({
    issuer: server.issuer, clientId: client_id, redirectUri: redirect_uri, responseType: 'code', scope: 'openid',
    openUri: (url) => leave(url),
  });
  await client.loadDiscoveryDocumentAndTryLogin();
  return {
    authorize: () => new Promise((resolve) => {
      leave = resolve;
      client.initLoginFlow();
    }),
    async callback() {
      await client.tryLoginCodeFlow();
      return client.getAccessToken();
    },
    user: () => client.getIdentityClaims()?.sub,
    fetch(url, init) {
      const headers = new Headers(init?.headers);
      headers.set('Authorization', `Bearer ${client.getAccessToken()}`);
      return fetch(url, { ...init, headers });
    },
  };
}

export const open = (settings) => openWith(settings);
