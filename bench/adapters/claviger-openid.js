import { createClient } from 'claviger';
import { openid } from 'claviger/openid';

export const about = {
  title: 'claviger, code with openid', package: 'claviger', exports: ['claviger', 'claviger/openid'],
  flow: 'code, PKCE', state: 'client', openid: 'asked',
};

export async function open({ server, client_id, redirect_uri, api }) {
  const client = await createClient({
    server, client_id, redirect_uri, response_type: 'code', scope: 'openid', resources: [api], openid,
  });
  return {
    authorize: async () => (await client.authorizationUrl()).href,
    callback: async () => (await client.handleRedirect()).token.access_token,
    user: () => client.claims()?.sub,
    fetch: client.fetch,
  };
}
