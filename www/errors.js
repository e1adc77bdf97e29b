// Typed errors as sentences. Each has a code: the package's own (OAuthError) or
// one of this app's. A code says what to tell the person and what to offer next;
// the text of an error is never searched.

export class AppError extends Error {
  constructor(code, details = {}) {
    super(code);
    this.name = 'AppError';
    this.code = code;
    Object.assign(this, details);
  }
}

const SIGN_IN = { action: 'sign-in' };
const RETRY = { action: 'retry' };
const NOT_USED = 'It was not used. Sign in again to get a fresh answer.';
const TELL = 'Sign in again; if it happens again, tell the people who run this app.';

const NOT_TAKEN = 'So you are not signed in. Sign in again; if it happens again, tell the people who run this app.';

const SENTENCES = {
  // Starting a sign-in
  storage_unavailable: ['Your browser would not let this page remember that you are signing in.', 'Allow it to store data for this site, then sign in again.', SIGN_IN],
  insecure_context: ['This page did not come over a secure connection, so it can’t sign you in.', 'Open it with https, or on localhost.'],
  random_unavailable: ['Your browser offers no secure random numbers, and a safe sign-in needs them.', 'Update the browser, or use another one.'],
  invalid_return_to: ['The place to come back to is not part of this site.', 'Go to the start page and sign in from there.'],

  // The server's answer
  missing_state: ['An answer arrived that does not say which sign-in it belongs to.', NOT_USED, SIGN_IN],
  unknown_state: ['An answer arrived to a question that this tab did not ask.', NOT_USED, SIGN_IN],
  state_expired: ['The sign-in took too long, and its answer no longer counts.', 'Sign in again.', SIGN_IN],
  state_replayed: ['This answer has been used before, and each counts only once.', 'Sign in again.', SIGN_IN],
  state_wrong_client: ['An answer arrived that is meant for another app.', NOT_USED, SIGN_IN],
  redirect_uri_mismatch: ['An answer arrived at another page than the one agreed with the server.', TELL, SIGN_IN],
  duplicate_parameter: ['The server’s answer says the same thing twice, so it can’t be relied on.', NOT_USED, SIGN_IN],
  malformed_response: ['The server’s answer could not be read.', NOT_USED, SIGN_IN],
  response_too_large: ['The server’s answer is longer than any real one.', NOT_USED, SIGN_IN],
  wrong_location: ['The answer came in another part of the address than agreed with the server.', TELL, SIGN_IN],
  ambiguous_response: ['Two answers arrived at once, and only one can be right.', NOT_USED, SIGN_IN],
  unexpected_response_type: ['The server sent something that this app had not asked for.', TELL, SIGN_IN],
  missing_code: ['The server’s answer holds no code.', TELL, SIGN_IN],
  missing_access_token: ['The server’s answer holds no access token.', TELL, SIGN_IN],
  missing_token_type: ['The server did not say what kind of token it sent.', TELL, SIGN_IN],
  unsupported_token_type: ['The server sent a kind of token that this app can’t use.', TELL, SIGN_IN],
  issuer_mismatch: ['The answer came from another server than the one that was asked.', NOT_USED, SIGN_IN],
  issuer_missing: ['The answer does not say which server it came from.', NOT_USED, SIGN_IN],
  authorization_error: ['The server did not sign you in.', TELL, SIGN_IN],

  // Who signed in: the ID token, and the keys that prove it
  missing_id_token: ['The server sent no proof of who you are.', TELL, SIGN_IN],
  id_token_malformed: ['The proof of who you are could not be read.', NOT_TAKEN, SIGN_IN],
  id_token_unsupported: ['The proof of who you are is of a kind that this app can’t read.', TELL, SIGN_IN],
  id_token_alg_refused: ['The proof of who you are is signed in a way that this app does not accept.', NOT_TAKEN, SIGN_IN],
  id_token_key_not_found: ['The proof of who you are names a key that is not among the server’s.', NOT_TAKEN, SIGN_IN],
  id_token_signature_invalid: ['The proof of who you are was not signed by the server.', NOT_TAKEN, SIGN_IN],
  id_token_issuer_mismatch: ['The proof of who you are comes from another server than the one that was asked.', NOT_TAKEN, SIGN_IN],
  id_token_audience_mismatch: ['The proof of who you are is made out to another app.', NOT_TAKEN, SIGN_IN],
  id_token_claim_invalid: ['The proof of who you are is incomplete.', NOT_TAKEN, SIGN_IN],
  id_token_expired: ['The proof of who you are is out of date.', 'Check that this device’s clock is right, then sign in again.', SIGN_IN],
  id_token_not_yet_valid: ['The proof of who you are is dated in the future.', 'Check that this device’s clock is right, then sign in again.', SIGN_IN],
  nonce_mismatch: ['The proof of who you are belongs to another sign-in than this one.', NOT_TAKEN, SIGN_IN],
  at_hash_mismatch: ['The proof of who you are belongs to another token than the one that came with it.', NOT_TAKEN, SIGN_IN],
  subject_mismatch: ['The server now speaks of somebody else than the person who signed in.', 'Sign out, then sign in again.'],
  jwks_unreachable: ['The server’s keys could not be fetched, so nothing proves who you are.', 'Check your connection, then sign in again.', SIGN_IN],
  invalid_jwks: ['The server’s keys could not be read, so nothing proves who you are.', TELL, SIGN_IN],
  crypto_unavailable: ['Your browser does not let this page verify signatures, so nothing proves who you are.', 'Open it with https, or on localhost.'],

  // The exchange for a token, its renewal, and its end
  token_error: ['The server gave this app no token.', TELL, SIGN_IN],
  invalid_token_response: ['The server’s answer about your token could not be read.', TELL, SIGN_IN],
  token_endpoint_unreachable: ['The server could not be asked for a token.', 'Check your connection, then sign in again.', SIGN_IN],
  session_ended: ['Your sign-in ended while the server was being asked.', 'Sign in again.', SIGN_IN],
  session_busy: ['Another tab is using your sign-in just now.', 'Wait a moment, then try again.', RETRY],
  renewal_failed: ['Your sign-in could not be renewed now.', 'You can go on until it ends, and try again.', RETRY],
  // What came with it is dropped, and a server that replaces refresh tokens takes the old one no more.
  renewal_refused: ['Your sign-in was not renewed: the proof of who you are that came with it is wrong.', 'You can go on until it ends; then sign in again.'],
  end_session_unavailable: ['You are signed out here, but the server has no way to sign you out there.', 'It still knows you until you sign out on its own pages.'],
  revocation_unconfirmed: ['You are signed out here, but the server did not confirm that your access has ended.', 'It may last until its time is up. To be sure, withdraw it on the server’s own pages.'],

  // Sending the token
  login_required: ['You are not signed in.', 'Sign in, and this will work.', SIGN_IN],
  token_expired: ['Your sign-in has expired.', 'Sign in again to go on. What you have typed is kept.', { ...SIGN_IN, calm: true }],
  resource_not_allowed: ['This app was about to send your token to an address that is not on its list, so nothing was sent.', 'Tell the people who run this app.'],
  insecure_resource: ['This app was about to send your token over an open connection, so nothing was sent.', 'Tell the people who run this app.'],
  unsupported_body: ['This app tried to put the token into a request that can’t carry it, so nothing was sent.', 'Tell the people who run this app.'],

  // Loading, and this app's own
  out_of_memory: ['There is not enough memory for this page to go on.', 'Close other tabs, then reload it.'],
  module_failed: ['The part of this app that signs you in has stopped.', 'Reload the page.'],
  load_failed: ['The part of this app that signs you in did not start.', 'The details below say why.', RETRY],
  package_missing: ['The part of this app that signs you in could not be loaded.', 'Check your connection, and that the package has been built.', RETRY],
  metadata_unreachable: ['The server that signs you in can’t be reached.', 'Check your connection, then try again.', RETRY],
  invalid_metadata: ['The server that signs you in did not describe itself in a way that can be read.', 'Tell the people who run this app.', RETRY],
  config_unavailable: ['This app could not load its settings.', 'Check your connection, then try again.', RETRY],
  api_unreachable: ['The city’s server can’t be reached.', 'Check your connection, then try again. What you have typed is kept.', RETRY],
  api_failed: ['The city’s server could not do that.', 'Wait a moment, then try again. What you have typed is kept.', RETRY],
  api_unauthorized: ['The city’s server no longer accepts your sign-in.', 'It may have been withdrawn there. Sign in again; what you have typed is kept.', SIGN_IN],
};

// What the server itself says in its `error`: RFC 6749, 4.1.2.1, 4.2.2.1 and 5.2.
const SERVER_SENTENCES = {
  access_denied: ['You chose not to let City Issues see your account.', 'You can sign in whenever you like.', { ...SIGN_IN, calm: true }],
  invalid_scope: ['The server does not know what this app asked permission for.', 'Tell the people who run this app.'],
  invalid_request: ['The server did not understand this app’s request.', 'Tell the people who run this app.'],
  unauthorized_client: ['The server does not let this app sign people in this way.', 'Tell the people who run this app.'],
  unsupported_response_type: ['The server does not offer the kind of sign-in that this app uses.', 'Tell the people who run this app.'],
  invalid_grant: ['The server no longer accepts what your sign-in rests on.', 'It may be used up, too old or withdrawn. Sign in again; what you have typed is kept.', SIGN_IN],
  invalid_client: ['The server does not know this app.', 'Tell the people who run this app.'],
  unsupported_grant_type: ['The server does not offer the kind of sign-in that this app uses.', 'Tell the people who run this app.'],
  server_error: ['The server met a problem of its own.', 'Wait a moment, then sign in again.', SIGN_IN],
  temporarily_unavailable: ['The server is too busy to sign you in.', 'Wait a moment, then sign in again.', SIGN_IN],
};

const own = (table, key) => (Object.hasOwn(table, key) ? table[key] : undefined);

// -> { sentence, next, action: 'sign-in' | 'retry' | undefined, calm, detail }
export function explain(error) {
  const code = typeof error?.code === 'string' ? error.code : String(error?.name ?? 'error');
  const isServers = code === 'authorization_error' || code === 'token_error';
  const entry = (isServers && own(SERVER_SENTENCES, error.error)) || own(SENTENCES, code);
  const [sentence, next, { action, calm = false } = {}] = entry
    ?? [error?.message || 'Something went wrong.', 'Try again; if it happens again, tell the people who run this app.', RETRY];

  // For those who run the app: the code, and why the package did not load. The
  // messages of its errors quote nothing from outside, so they are safe to show.
  const why = code === 'load_failed' && error.message;
  const detail = [code, error?.error, error?.status, why].filter(Boolean).join(' · ');
  return { sentence, next, action, calm, detail: calm ? '' : detail };
}
