import Keycloak from 'keycloak-js';

export const about = {
  package: 'keycloak-js', flow: 'id_token token', state: 'client',
  note: 'a callback belongs to the start of the client: each is one of a new one',
};

export async function open({ server, client_id, redirect_uri }) {
  async function start() {
    const client = new Keycloak({ oidcProvider: server, clientId: client_id });
    await client.init({ flow: 'implicit', pkceMethod: false, checkLoginIframe: false, redirectUri: redirect_uri });
    return client;
  }
  let client = await start();
  return {
    authorize: () => client.createLoginUrl(),
    async callback() {
      client = await start();
      return client.token;
    },
    fetch(url, init) {
      const headers = new Headers(init?.headers);
      headers.set('Authorization', `Bearer ${client.token}`);
      return fetch(url, { ...init, headers });
    },
  };
}
