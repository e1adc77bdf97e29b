import ClientOAuth2 from 'client-oauth2';

export const about = {
  package: 'client-oauth2', flow: 'implicit', state: 'page',
  note: 'compares the state, and leaves making and storing it to the page',
};

export function open({ server, client_id, redirect_uri }) {
  const client = new ClientOAuth2({ clientId: client_id, authorizationUri: server.authorization_endpoint, redirectUri: redirect_uri });
  let token;
  return {
    authorize() {
      const state = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32))));
      sessionStorage.setItem(state, 1);
      return client.token.getUri({ state });
    },
    async callback() {
      const state = new URLSearchParams(location.hash.slice(1)).get('state');
      if (!sessionStorage.getItem(state)) throw new Error('There is no such login.');
      sessionStorage.removeItem(state);
      token = await client.token.getToken(location.href, { state });
      return token.accessToken;
    },
    fetch(url, init) {
      const { headers } = token.sign({ url, headers: Object.fromEntries(new Headers(init?.headers)) });
      return fetch(url, { ...init, headers });
    },
  };
}
