export { createClient, OAuthError } from './entry.js';
