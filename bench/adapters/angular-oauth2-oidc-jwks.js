import '@angular/compiler';
import { JwksValidationHandler } from 'angular-oauth2-oidc-jwks';
import { about as plain, leavesAtHash, openWith } from './angular-oauth2-oidc.js';

export const about = {
  ...plain, title: 'angular-oauth2-oidc, with angular-oauth2-oidc-jwks', openid: 'asked',
  leaves: leavesAtHash, switchedOn: '`JwksValidationHandler`', exports: ['angular-oauth2-oidc', 'angular-oauth2-oidc-jwks'],
};

export const open = (settings) => openWith(settings, JwksValidationHandler);
