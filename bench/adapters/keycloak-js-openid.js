import Keycloak from 'keycloak-js';

export const about = {
  title: 'keycloak-js, code with openid', package: 'keycloak-js', flow: 'code, PKCE', state: 'client', openid: 'asked',
  note: 'a callback belongs to the start of the client: each is one of a new one',
};

export async function open({ server, client_id, redirect_uri }) {
  async function start() {
    const client = new Keycloak({ oidcProvider: server, clientId: client_id });
    await client.init({ checkLoginIframe: false, redirectUri: redirect_uri });
    return client;
  }
  let client = await start();
  return {
    authorize: () => client.createLoginUrl(),
    async callback() {
      client = await start();
      return client.token;
    },
    user: () => client.idTokenParsed?.sub,
    fetch(url, init) {
      const headers = new Headers(init?.headers);
      headers.set('Authorization', `Bearer ${client.token}`);
      return fetch(url, { ...init, headers });
    },
  };
}
