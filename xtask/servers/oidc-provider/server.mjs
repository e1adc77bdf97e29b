// oidc-provider, in one file: a development server on loopback.
//
//   node server.mjs [--port N] [--redirect-uri URI]...
//
// Prints one JSON line when it listens, and ends when its standard input ends, so that it cannot
// outlive the program that holds the other end of that pipe.

import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import { consentPage, logoutPage, messagePage, signInPage } from './pages.mjs';

// Before anything slow, so that it holds while oidc-provider loads too.
process.stdin.on('end', () => process.exit(0)).resume();
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(0));

const { values: options } = parseArgs({
  options: {
    port: { type: 'string', default: '4192' },
    'redirect-uri': { type: 'string', multiple: true, default: [] },
  },
});
const REDIRECT_URIS = [...new Set(['http://localhost:4180/', ...options['redirect-uri']])];

const HOST = '127.0.0.1';
const USER = { email: 'ada@example.com', password: 'demo', name: 'Ada Lovelace' };
const ACCOUNT = '1';

// The lifetime of each client's access tokens, in seconds.
const LIFETIMES = {
  'city-issues': 7200,
  'city-issues-short': 3,
  'city-issues-native': 7200,
  'city-issues-server': 3600,
};

// It says on standard output which defaults are in use, and that Node 20 is old; both are on purpose.
console.info = () => {};
console.warn = () => {};
const { default: Provider } = await import('oidc-provider');

// The port first: the issuer, the cookies' names and the JSON line depend on it.
let handle = (_request, response) => response.writeHead(503).end();
const server = createServer((request, response) => handle(request, response));
const listen = (port) =>
  new Promise((resolve, reject) => server.once('error', reject).listen(port, HOST, resolve));
await listen(Number(options.port)).catch(() => listen(0));
const { port } = server.address();
const ORIGIN = `http://${HOST}:${port}`;

const isWeb = (uri) => /^https?:/.test(uri);
const isNative = (uri) => !isWeb(uri) || /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])[:/]/.test(uri);
const client = (client_id, metadata) => ({ client_id, client_name: 'City Issues', ...metadata });
const page = {
  redirect_uris: REDIRECT_URIS.filter(isWeb),
  // There is no response type that gives an access token alone.
  response_types: ['code', 'id_token', 'id_token token', 'code id_token', 'code token', 'code id_token token'],
  grant_types: ['authorization_code', 'implicit', 'refresh_token'],
  token_endpoint_auth_method: 'none',
  post_logout_redirect_uris: REDIRECT_URIS.filter(isWeb),
};
const confidential = { client_id: 'city-issues-server', client_secret: randomBytes(32).toString('base64url') };

const show = (ctx, page) => {
  ctx.type = 'html';
  ctx.body = page;
};

// Where an option is absent, oidc-provider's own default is what is tested.
const provider = new Provider(ORIGIN, {
  clients: [
    client('city-issues', page),
    client('city-issues-short', page),
    client('city-issues-native', {
      application_type: 'native',
      redirect_uris: REDIRECT_URIS.filter(isNative),
      grant_types: ['authorization_code', 'refresh_token'],
      token_endpoint_auth_method: 'none',
    }),
    client(confidential.client_id, {
      client_secret: confidential.client_secret,
      redirect_uris: REDIRECT_URIS.filter(isWeb),
      grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
    }),
  ],
  responseTypes: [...page.response_types, 'none'],
  scopes: ['openid', 'offline_access', 'issues'],
  claims: { openid: ['sub'], profile: ['name'], email: ['email'] },
  findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => ({ sub, name: USER.name, email: USER.email }) }),
  ttl: { AccessToken: (_ctx, _token, { clientId }) => LIFETIMES[clientId], ClientCredentials: 3600 },
  // None, so that the short one's tokens die after 3 s and not after 18.
  clockTolerance: 0,
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    jwtResponseModes: { enabled: true },
    revocation: { enabled: true },
    rpInitiatedLogout: {
      logoutSource: (ctx, form) => show(ctx, logoutPage(form)),
      postLogoutSuccessSource: (ctx) => show(ctx, messagePage('Signed out', 'You may close this page.')),
    },
  },
  jwks: { keys: [generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' })] },
  // Its own pages load fonts from elsewhere.
  renderError: (ctx, { error, error_description }) =>
    show(ctx, messagePage("This request can't be allowed", `${error}: ${error_description}`)),
  // Cookies do not separate by port: the name does.
  cookies: {
    names: Object.fromEntries(['session', 'interaction', 'resume'].map((name) => [name, `claviger_oidc_${port}_${name}`])),
    keys: [randomBytes(32).toString('base64url')],
  },
});
provider.on('server_error', (_ctx, error) => console.error(error));

// The implicit flow of a page on loopback: refused by default, as no such page is on the web.
const schema = provider.Client.Schema.prototype;
const { invalidate } = schema;
schema.invalidate = function (message, code) {
  if (!['implicit-force-https', 'implicit-forbid-localhost'].includes(code)) invalidate.call(this, message, code);
};

// The requests that reached the API, preflights included, as the tests want to see them.
let log = [];

const ISSUES = [
  {
    id: 1, status: 'Open', summary: 'Pothole', address: '12 Elm Street',
    description: 'A deep pothole in front of the school.', created_at: '2026-11-02T09:15:00Z',
  },
  {
    id: 2, status: 'Acknowledged', summary: 'Street light out', address: '4 Harbour Road',
    description: 'The corner has been dark since Monday.', created_at: '2026-11-05T18:40:00Z',
  },
];

async function textOf(request) {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk;
  return text;
}

const form = async (ctx) => new URLSearchParams(await textOf(ctx.req));

async function interact(ctx) {
  const interaction = await provider.interactionDetails(ctx.req, ctx.res);
  const { params, prompt, session } = interaction;
  const finish = async (result, merge) => {
    ctx.status = 303;
    ctx.set('Location', await provider.interactionResult(ctx.req, ctx.res, result, { mergeWithLastSubmission: merge }));
  };
  ctx.set('Cache-Control', 'no-store');
  if (prompt.name === 'login') {
    const answer = ctx.method === 'POST' ? await form(ctx) : undefined;
    if (answer?.get('email') === USER.email && answer.get('password') === USER.password) {
      return finish({ login: { accountId: ACCOUNT } }, false);
    }
    ctx.status = answer ? 422 : 200;
    return show(ctx, signInPage({ email: answer?.get('email') ?? '', refused: Boolean(answer) }));
  }
  if (ctx.method !== 'POST') {
    const { clientName } = await provider.Client.find(params.client_id);
    return show(ctx, consentPage({ name: clientName, scopes: params.scope?.split(' ') ?? [] }));
  }
  if ((await form(ctx)).get('answer') !== 'allow') {
    return finish({ error: 'access_denied', error_description: 'The user denied the request' }, false);
  }
  const grant =
    (interaction.grantId && (await provider.Grant.find(interaction.grantId))) ||
    new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
  const { missingOIDCScope, missingOIDCClaims } = prompt.details;
  if (missingOIDCScope) grant.addOIDCScope(missingOIDCScope.join(' '));
  if (missingOIDCClaims) grant.addOIDCClaims(missingOIDCClaims);
  return finish({ consent: { grantId: await grant.save() } }, true);
}

// The API is this project's own, as no resource but userinfo comes with oidc-provider. RFC 6750, section 3.
function refuse(ctx, status, parameters) {
  ctx.status = status;
  const challenge = Object.entries(parameters).map(([name, value]) => `, ${name}="${value}"`).join('');
  ctx.set('WWW-Authenticate', `Bearer realm="${ORIGIN}"${challenge}`);
  ctx.body = parameters;
}

async function api(ctx) {
  log = [...log.slice(-999), {
    method: ctx.method, path: ctx.path, authorization: ctx.get('Authorization') ? 'present' : 'absent',
  }];
  if (ctx.get('Origin')) {
    ctx.set('Access-Control-Allow-Origin', '*');
    ctx.set('Access-Control-Expose-Headers', 'WWW-Authenticate');
  }
  if (ctx.method === 'OPTIONS' && ctx.get('Access-Control-Request-Method')) {
    ctx.set('Access-Control-Allow-Methods', 'GET, HEAD, POST, PUT, PATCH, DELETE');
    const wanted = ctx.get('Access-Control-Request-Headers');
    if (wanted) ctx.set('Access-Control-Allow-Headers', wanted);
    ctx.vary('Access-Control-Request-Headers');
    ctx.status = 204;
    return;
  }
  const [, value] = /^Bearer (.+)$/i.exec(ctx.get('Authorization')) ?? [];
  if (!value) return refuse(ctx, 401, {});
  const token = (await provider.AccessToken.find(value)) ?? (await provider.ClientCredentials.find(value));
  // One that is bound to a key is worth nothing here without the proof.
  if (!token || token.isSenderConstrained?.()) return refuse(ctx, 401, { error: 'invalid_token' });
  const scope = ctx.path.slice('/api/v2/'.length);
  if (!token.scopes.has(scope)) return refuse(ctx, 403, { error: 'insufficient_scope', scope });
  if (scope === 'profile' && !token.accountId) {
    // The token of a client that acts for itself.
    ctx.status = 404;
    ctx.body = { errors: { base: ['no user'] } };
  } else if (scope === 'profile') {
    ctx.body = { id: Number(token.accountId), name: USER.name, email: USER.email };
  } else if (ctx.method === 'POST') {
    await report(ctx);
  } else {
    ctx.body = { issues: ISSUES };
  }
}

async function report(ctx) {
  let sent;
  try {
    const text = await textOf(ctx.req);
    sent = ctx.is('json') ? JSON.parse(text) : Object.fromEntries(new URLSearchParams(text));
  } catch {
    sent = null;
  }
  const [summary, address, description] = ['summary', 'address', 'description'].map((name) => String(sent?.[name] ?? ''));
  if (!summary.trim()) {
    ctx.status = 422;
    ctx.body = { errors: { summary: ['is required'] } };
    return;
  }
  const created_at = new Date().toISOString().replace(/\.\d+/, '');
  ISSUES.push({ id: ISSUES.length + 1, status: 'Open', summary, address, description, created_at });
  ctx.status = 201;
  ctx.body = ISSUES.at(-1);
}

// For development and tests only: what a user does on the server's own pages, and what it has seen.
async function revoke(ctx) {
  const value = (await form(ctx)).get('token');
  const token = (await provider.AccessToken.find(value)) ?? (await provider.ClientCredentials.find(value));
  await token?.destroy();
  ctx.status = token ? 200 : 404;
  ctx.body = token ? {} : { error: 'unknown token' };
}

const ROUTES = [
  ['GET', /^\/$/, (ctx) => (ctx.body = 'oidc-provider, a development server.\n')],
  ['GET POST', /^\/interaction\/[\w-]+$/, interact],
  ['GET HEAD OPTIONS', /^\/api\/v2\/profile$/, api],
  ['GET HEAD OPTIONS POST', /^\/api\/v2\/issues$/, api],
  ['POST', /^\/test\/revoke$/, revoke],
  ['GET', /^\/test\/log$/, (ctx) => (ctx.body = log)],
  ['DELETE', /^\/test\/log$/, (ctx) => ((log = []), (ctx.status = 204))],
];

provider.use(async (ctx, next) => {
  const route = ROUTES.find(([methods, path]) => methods.split(' ').includes(ctx.method) && path.test(ctx.path));
  if (!route) return next();
  try {
    await route[2](ctx);
  } catch (error) {
    // A sign-in page that was left open for too long, or came from elsewhere.
    if (!error.expose) throw error;
    ctx.status = error.statusCode;
    show(ctx, messagePage("This can't go on", error.error_description ?? error.message));
  }
});

// Metadata is read when a client is first asked for.
for (const client_id of Object.keys(LIFETIMES)) {
  await provider.Client.find(client_id).catch(({ error_description, message }) => {
    console.error(`A client can't be registered. ${error_description ?? message}`);
    process.exit(1);
  });
}
handle = provider.callback();

const { version } = JSON.parse(readFileSync(new URL('node_modules/oidc-provider/package.json', import.meta.url)));
const description = {
  name: 'oidc-provider',
  origin: ORIGIN,
  issuer: ORIGIN,
  authorization_endpoint: provider.urlFor('authorization'),
  token_endpoint: provider.urlFor('token'),
  revocation_endpoint: provider.urlFor('revocation'),
  jwks_uri: provider.urlFor('jwks'),
  userinfo_endpoint: provider.urlFor('userinfo'),
  end_session_endpoint: provider.urlFor('end_session'),
  api: `${ORIGIN}/api/v2`,
  clients: { default: 'city-issues', short: 'city-issues-short', native: 'city-issues-native' },
  confidential,
  user: USER,
  versions: { 'oidc-provider': version, node: process.versions.node },
};
process.stdout.write(`${JSON.stringify(description)}\n`);
