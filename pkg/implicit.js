export { createClient, OAuthError } from './facade/package.js';
