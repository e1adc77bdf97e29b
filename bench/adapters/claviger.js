import { createClient } from 'claviger';

export const about = { package: 'claviger', flow: 'implicit', state: 'client' };

export async function open({ server, client_id, redirect_uri, api }) {
  const client = await createClient({ server, client_id, redirect_uri, response_type: 'token', resources: [api] });
  return {
    authorize: async () => (await client.authorizationUrl()).href,
    callback: async () => (await client.handleRedirect()).token.access_token,
    fetch: client.fetch,
  };
}
