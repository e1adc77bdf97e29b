// An independent oracle: oauth4webapi judges the same responses, good and broken ones, and each difference is listed
// with its reason.
import { test } from 'node:test';
import * as oauth from 'oauth4webapi';
import { compare, generate } from './harness/oracle.mjs';
import { claviger, settle } from './harness/package.mjs';

const { createClient, requestToken } = claviger;
const NUMBER = 250;
const REDIRECT_URI = 'https://app.example/cb';
const ISSUER = 'https://as.example';
const SERVER = { issuer: ISSUER, authorization_endpoint: `${ISSUER}/authorize`, token_endpoint: `${ISSUER}/token` };
const CLIENT = { client_id: 'spa' };
const NOW = 1_800_000_000;

// Authorization responses.

/** Changes of the parts of a response: its parameters in the query, its fragment, its path, and the server. */
const RESPONSES = {
  'no code': (it) => drop(it, 'code'),
  'an empty code': (it) => replace(it, 'code', ''),
  'two codes': (it) => it.query.push(['code', 'C2']),
  'a code that is not ASCII': (it) => replace(it, 'code', 'C%C3%A9'),
  'a code with a control character': (it) => replace(it, 'code', 'C%0D%0Ax'),
  'a code with a space': (it) => replace(it, 'code', 'C+1'),
  'a code that is encoded': (it) => replace(it, 'code', '%43%2B%2F%3D'),
  'no state': (it) => drop(it, 'state'),
  'an empty state': (it) => replace(it, 'state', ''),
  'another state': (it) => replace(it, 'state', 'A'.repeat(43)),
  'a state that is longer': (it) => replace(it, 'state', `${it.state}A`),
  'the same state twice': (it) => it.query.push(['state', it.state]),
  'an issuer': (it) => it.query.push(['iss', encodeURIComponent(ISSUER)]),
  'an empty issuer': (it) => it.query.push(['iss', '']),
  'another issuer': (it) => it.query.push(['iss', 'https%3A%2F%2Felsewhere.example']),
  'the issuer with a slash': (it) => it.query.push(['iss', encodeURIComponent(`${ISSUER}/`)]),
  'two issuers': (it) => it.query.push(['iss', encodeURIComponent(ISSUER)], ['iss', encodeURIComponent(ISSUER)]),
  'a promise of the issuer': (it) => (it.promises = true),
  'access_denied': (it) => (drop(it, 'code'), it.query.push(['error', 'access_denied'])),
  'an error beside the code': (it) => it.query.push(['error', 'server_error']),
  'an error with a description': (it) => it.query.push(['error', 'server_error'], ['error_description', 'It+broke'], ['error_uri', 'https%3A%2F%2Fas.example%2Fe']),
  'an empty error': (it) => it.query.push(['error', '']),
  'two errors': (it) => it.query.push(['error', 'server_error'], ['error', 'access_denied']),
  'an error that is not ASCII': (it) => it.query.push(['error', 'caf%C3%A9']),
  'a description that is not ASCII': (it) => it.query.push(['error', 'server_error'], ['error_description', 'caf%C3%A9']),
  'two descriptions': (it) => it.query.push(['error', 'server_error'], ['error_description', 'a'], ['error_description', 'b']),
  'two scopes': (it) => it.query.push(['scope', 'a'], ['scope', 'b']),
  'an unknown parameter': (it) => it.query.push(['session_state', 'x']),
  'an unknown parameter twice': (it) => it.query.push(['x', '1'], ['x', '2']),
  'an access token': (it) => it.query.push(['access_token', 'AT']),
  'an ID token': (it) => it.query.push(['id_token', 'a.b.c']),
  'a parameter named token': (it) => it.query.push(['token', 'x']),
  'a response as a JWT': (it) => it.query.push(['response', 'a.b.c']),
  'broken percent-encoding': (it) => it.query.push(['error_description', '%zz']),
  'broken UTF-8': (it) => replace(it, 'code', 'C%FF'),
  'a name that is encoded': (it) => (drop(it, 'code'), it.query.push(['c%6Fde', 'C'])),
  'pairs that are empty': (it) => it.query.push(['', ''], ['', '']),
  'too many parameters': (it) => it.query.push(...Array.from({ length: 300 }, (_, n) => [`x${n}`, ''])),
  'a fragment of the application': (it) => (it.fragment = 'section'),
  'an error in the fragment': (it) => ((it.fragment = `error=access_denied&state=${it.state}`), (it.query.length = 0)),
  'a response in the fragment, too': (it) => (it.fragment = `code=C&state=${it.state}`),
  'a response in the fragment alone': (it) => ((it.fragment = `code=C&state=${it.state}`), (it.query.length = 0)),
  'another path': (it) => (it.path = '/elsewhere'),
  'a slash behind the path': (it) => (it.path = '/cb/'),
};

function drop(it, name) {
  it.query = it.query.filter(([other]) => other !== name);
}

function replace(it, name, value) {
  it.query = it.query.map((pair) => (pair[0] === name ? [name, value] : pair));
}

const DIFFERENCES_OF_RESPONSES = [
  { when: ['a code that is not ASCII', 'a code with a control character'], is: ['invalid, accept'], because: 'RFC 6749, appendix A.11: a code has visible ASCII characters alone' },
  { when: ['an error that is not ASCII'], is: ['invalid, error'], because: 'RFC 6749, section 4.1.2.1: it has no other characters than ASCII' },
  { when: ['two descriptions', 'two scopes'], is: ['invalid, accept', 'invalid, error'], because: 'RFC 6749, section 3.1: no parameter that is known occurs twice' },
  { when: ['broken percent-encoding'], is: ['invalid, error'], because: 'the same: beside a description it is a second one' },
  { when: ['two codes'], is: ['invalid, error'], because: 'the same; oauth4webapi looks at no code beside an error' },
  { when: ['a response as a JWT'], is: ['error, invalid'], because: 'oauth4webapi refuses it before it looks at the error' },
  { when: ['broken UTF-8'], is: ['invalid, accept'], because: 'RFC 6749, appendix B: what is not UTF-8 is refused here, and repaired by URLSearchParams' },
  { when: ['an access token'], is: ['invalid, accept', 'invalid, error'], because: 'RFC 6749, section 4.2.2: a token in the query was seen by others' },
  { when: ['an ID token', 'a parameter named token'], is: ['accept, invalid'], because: 'neither was asked for; an ID token is dropped here, as any parameter that is unknown' },
  { when: ['too many parameters'], is: ['invalid, accept', 'invalid, error'], because: 'a choice: no response has more than 256 parameters' },
  { when: ['an error in the fragment'], is: ['error, invalid'], because: 'real servers put an error there; here it counts in either part' },
  { when: ['a response in the fragment, too'], is: ['invalid, accept', 'invalid, error'], because: 'query and fragment are never merged; oauth4webapi is given the query alone' },
  { when: ['another path'], is: ['invalid, accept', 'invalid, error'], because: 'RFC 9700, section 4.4: what came elsewhere than to redirect_uri; oauth4webapi leaves that to its caller' },
];

test(`${NUMBER} authorization responses`, async (t) => {
  let code;
  t.mock.method(globalThis, 'fetch', async (_url, { body }) => {
    code = new URLSearchParams(String(body)).get('code');
    return Response.json({ access_token: 'AT', token_type: 'Bearer' });
  });
  const verdicts = [];
  for (const names of generate(RESPONSES, NUMBER, 6749)) {
    const it = { query: [], path: '/cb', fragment: '' };
    const as = { ...SERVER };
    const client = await createClient({ server: as, ...CLIENT, redirect_uri: REDIRECT_URI, response_type: 'code', stateStore: 'memory' });
    it.state = (await client.authorizationUrl()).searchParams.get('state');
    it.query.push(['code', 'C'], ['state', it.state]);
    for (const name of names) RESPONSES[name](it);
    const url = new URL(`https://app.example${it.path}?${it.query.map((pair) => pair.join('=')).join('&')}${it.fragment && `#${it.fragment}`}`);
    const promised = it.promises ? { ...SERVER, authorization_response_iss_parameter_supported: true } : SERVER;
    verdicts.push({ names, ours: await ours(promised), theirs: await theirs(promised) });

    async function ours(server) {
      // Its own state, so that the login is one of a client that knows the promise.
      const own = await createClient({ server, ...CLIENT, redirect_uri: REDIRECT_URI, response_type: 'code', stateStore: 'memory' });
      const state = (await own.authorizationUrl()).searchParams.get('state');
      const { value, thrown } = await settle(own.handleRedirect(url.href.replaceAll(it.state, state)));
      if (value) return `accept ${JSON.stringify(code)}`;
      return thrown?.code === 'authorization_error' ? `error ${thrown.error}` : 'invalid';
    }

    async function theirs(server) {
      const { value, thrown } = await settle(
        (async () => {
          const parameters = oauth.validateAuthResponse(server, CLIENT, url, it.state);
          return oauth.authorizationCodeGrantRequest(server, CLIENT, oauth.None(), parameters, REDIRECT_URI, 'x'.repeat(43));
        })(),
      );
      if (value) return `accept ${JSON.stringify(code)}`;
      return thrown instanceof oauth.AuthorizationResponseError ? `error ${thrown.error}` : 'invalid';
    }
  }
  compare(verdicts, DIFFERENCES_OF_RESPONSES, 'oauth4webapi', ['accept', 'error', 'invalid']);
});

// Token responses.

/** Changes of an answer: its status, its headers, its members, its text. */
const ANSWERS = {
  'token_type in capitals': (it) => (it.body.token_type = 'BEARER'),
  'no token_type': (it) => delete it.body.token_type,
  'an empty token_type': (it) => (it.body.token_type = ''),
  'a number as token_type': (it) => (it.body.token_type = 7),
  'token_type mac': (it) => (it.body.token_type = 'mac'),
  'token_type DPoP': (it) => (it.body.token_type = 'DPoP'),
  'no access_token': (it) => delete it.body.access_token,
  'an empty access_token': (it) => (it.body.access_token = ''),
  'a number as access_token': (it) => (it.body.access_token = 7),
  'null as access_token': (it) => (it.body.access_token = null),
  'an access_token with every character': (it) => (it.body.access_token = 'aZ09-._~+/=='),
  'an access_token with a space': (it) => (it.body.access_token = 'A T'),
  'an access_token with a line break': (it) => (it.body.access_token = 'AT\r\nX: y'),
  'an access_token that is not ASCII': (it) => (it.body.access_token = 'Ä'),
  'no expires_in': (it) => delete it.body.expires_in,
  'expires_in as a text': (it) => (it.body.expires_in = '3600'),
  'expires_in 0': (it) => (it.body.expires_in = 0),
  'expires_in of years': (it) => (it.body.expires_in = 315_360_000),
  'a negative expires_in': (it) => (it.body.expires_in = -1),
  'a word as expires_in': (it) => (it.body.expires_in = 'soon'),
  'an empty expires_in': (it) => (it.body.expires_in = ''),
  'null as expires_in': (it) => (it.body.expires_in = null),
  'true as expires_in': (it) => (it.body.expires_in = true),
  'an object as expires_in': (it) => (it.body.expires_in = {}),
  'a list as expires_in': (it) => (it.body.expires_in = [3600]),
  'a fraction as expires_in': (it) => (it.body.expires_in = 3600.5),
  'expires_in with a unit': (it) => (it.body.expires_in = '3600s'),
  'a scope': (it) => (it.body.scope = 'user_email user_shows'),
  'an empty scope': (it) => (it.body.scope = ''),
  'null as scope': (it) => (it.body.scope = null),
  'a list as scope': (it) => (it.body.scope = ['user_email']),
  'a scope with two spaces': (it) => (it.body.scope = 'a  b'),
  'a scope with a quote': (it) => (it.body.scope = 'a"b'),
  'a refresh token': (it) => (it.body.refresh_token = 'RT'),
  'an empty refresh_token': (it) => (it.body.refresh_token = ''),
  'null as refresh_token': (it) => (it.body.refresh_token = null),
  'a number as refresh_token': (it) => (it.body.refresh_token = 7),
  'a refresh_token with a line break': (it) => (it.body.refresh_token = 'R\nT'),
  'an ID token that is none': (it) => (it.body.id_token = 'a.b.c'),
  'a number as id_token': (it) => (it.body.id_token = 7),
  'an unknown member': (it) => (it.body.created_at = { x: [1] }),
  'JSON with a charset': (it) => (it.type = 'application/json; charset=utf-8'),
  'a type that ends in +json': (it) => (it.type = 'application/x+json'),
  'JSON that says it is HTML': (it) => (it.type = 'text/html'),
  'JSON that does not say what it is': (it) => (it.type = undefined),
  'an HTML page': (it) => ((it.type = 'text/html'), (it.text = '<h1>Sorry</h1>')),
  'an empty body': (it) => (it.text = ''),
  'broken JSON': (it) => (it.text = '{"access_token":"AT"'),
  'a list': (it) => (it.text = '[{"access_token":"AT","token_type":"Bearer"}]'),
  'null': (it) => (it.text = 'null'),
  'a form': (it) => ((it.type = 'application/x-www-form-urlencoded'), (it.text = 'access_token=AT&token_type=bearer')),
  'a member twice': (it) => (it.text = '{"access_token":"A","access_token":"AT","token_type":"Bearer"}'),
  'status 201': (it) => (it.status = 201),
  'status 400': (it) => (it.status = 400),
  'status 500': (it) => (it.status = 500),
  'invalid_grant': (it) => refuse(it, 400, { error: 'invalid_grant' }),
  'invalid_client with a description': (it) => refuse(it, 401, { error: 'invalid_client', error_description: 'Unknown client.' }),
  'slow_down': (it) => refuse(it, 429, { error: 'slow_down' }),
  'an error of the server\'s own': (it) => refuse(it, 403, { error: 'https://as.example/e1' }),
  'an empty error': (it) => refuse(it, 400, { error: '' }),
  'a number as error': (it) => refuse(it, 400, { error: 7 }),
  'an error that is not ASCII': (it) => refuse(it, 400, { error: 'café' }),
  'a description that is not ASCII': (it) => refuse(it, 400, { error: 'invalid_grant', error_description: 'café' }),
  'a number as error_description': (it) => refuse(it, 400, { error: 'invalid_grant', error_description: 7 }),
  'a challenge beside the error': (it) => (refuse(it, 401, { error: 'invalid_client' }), (it.challenge = 'Basic realm="as"')),
  'an error with status 200': (it) => refuse(it, 200, { error: 'invalid_grant' }),
  'an error with status 503': (it) => refuse(it, 503, { error: 'temporarily_unavailable' }),
  'an error beside a token': (it) => (it.body.error = 'server_error'),
  'null as error beside a token': (it) => (it.body.error = null),
};

function refuse(it, status, body) {
  Object.assign(it, { status, body: { ...body } });
}

const DIFFERENCES_OF_ANSWERS = [
  { when: ['token_type DPoP'], is: ['invalid, accept'], because: 'no token is bound to a key here' },
  {
    when: ['an access_token with a space', 'an access_token with a line break', 'an access_token that is not ASCII'],
    is: ['invalid, accept'],
    because: 'RFC 6749, appendix A.12: nothing but visible ASCII characters may reach a header',
  },
  {
    when: ['an empty expires_in', 'null as expires_in', 'true as expires_in', 'an object as expires_in'],
    is: ['accept, invalid'],
    because: 'the end of the token is unknown then, and the token as good as one without expires_in',
  },
  { when: ['a negative expires_in'], is: ['accept, invalid'], because: 'such a token has expired' },
  { when: ['a fraction as expires_in'], is: ['accept, accept'], because: 'whole seconds here' },
  { when: ['expires_in with a unit'], is: ['invalid, accept'], because: 'no number; parseFloat reads its beginning' },
  { when: ['a list as expires_in'], is: ['accept, accept'], because: 'of a wrong type it is absent here; parseFloat reads the list as a text' },
  { when: ['a scope with two spaces', 'a scope with a quote'], is: ['accept, accept'], because: 'the tokens of a scope are given with single spaces between them here' },
  { when: ['a list as scope', 'a number as refresh_token'], is: ['accept, invalid'], because: 'what is advice never decides' },
  { when: ['null as scope', 'null as refresh_token'], is: ['accept, invalid'], because: 'real servers write null for what is not there' },
  { when: ['an empty refresh_token'], is: ['accept, invalid'], because: 'RFC 6749, section 3.1: an empty value is an absent one; real servers send it' },
  { when: ['a refresh_token with a line break'], is: ['accept, accept'], because: 'RFC 6749, appendix A.17: visible ASCII characters alone; another one is none here' },
  { when: ['an ID token that is none', 'a number as id_token'], is: ['accept, invalid'], because: 'it was not asked for, and is dropped' },
  { when: ['JSON that says it is HTML'], is: ['invalid, accept'], because: 'a page of HTML is no answer, whatever stands in it; oauth4webapi looks at the type of what it can\'t parse alone' },
  { when: ['status 201'], is: ['accept, invalid'], because: 'every success is one' },
  { when: ['an error that is not ASCII'], is: ['invalid, error'], because: 'RFC 6749, section 5.2: the characters of an error' },
  { when: ['a challenge beside the error'], is: ['error, invalid'], because: 'oauth4webapi tells of the challenge instead; the error decides here' },
  { when: ['an error with status 200', 'an error with status 503', 'status 500'], is: ['error, invalid'], because: 'servers refuse with statuses of their own; the error is in the body' },
  { when: ['an error beside a token'], is: ['error, accept', 'error, invalid'], because: 'whoever sends an error has refused' },
];

test(`${NUMBER} token responses`, async (t) => {
  t.mock.method(Date, 'now', () => NOW * 1000);
  const verdicts = [];
  for (const names of generate(ANSWERS, NUMBER, 5785)) {
    const it = { status: 200, type: 'application/json', body: { access_token: 'AT', token_type: 'bearer', expires_in: 3600 } };
    for (const name of names) ANSWERS[name](it);
    const answer = () => {
      const headers = new Headers({ ...(it.type && { 'Content-Type': it.type }), ...(it.challenge && { 'WWW-Authenticate': it.challenge }) });
      const body = new TextEncoder().encode(it.text ?? JSON.stringify(it.body));
      return new Response(body, { status: it.status, headers });
    };
    verdicts.push({ names, ours: await ours(), theirs: await theirs() });

    async function ours() {
      const { mock } = t.mock.method(globalThis, 'fetch', async () => answer());
      const { value, thrown } = await settle(requestToken({ server: SERVER, ...CLIENT, grant_type: 'client_credentials' }));
      mock.restore();
      if (value) return accepted({ ...value, expires_in: value.expires_at && value.expires_at - NOW });
      return thrown.code === 'token_error' ? `error ${thrown.error}` : 'invalid';
    }

    async function theirs() {
      const { value, thrown } = await settle(oauth.processGenericTokenEndpointResponse(SERVER, CLIENT, answer()));
      if (value) return accepted(value);
      return thrown instanceof oauth.ResponseBodyError ? `error ${thrown.error}` : 'invalid';
    }
  }
  compare(verdicts, DIFFERENCES_OF_ANSWERS, 'oauth4webapi', ['accept', 'error', 'invalid']);
});

/** What both say of a token; an empty scope is an absent one. */
function accepted({ access_token, token_type, expires_in, scope, refresh_token }) {
  return `accept ${JSON.stringify({ access_token, token_type: token_type.toLowerCase(), expires_in, scope: scope || undefined, refresh_token })}`;
}
