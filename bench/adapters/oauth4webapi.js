import { allowInsecureRequests, generateRandomState, protectedResourceRequest, validateAuthResponse } from 'oauth4webapi';

export const about = {
  package: 'oauth4webapi', flow: 'implicit, in part', state: 'page',
  note: 'checks the response of an implicit login, and leaves storage and reading the token to the page',
};

export function open({ server, client_id, redirect_uri }) {
  let token;
  return {
    authorize() {
      const state = generateRandomState();
      sessionStorage.setItem(state, 1);
      const parameters = new URLSearchParams({ response_type: 'token', client_id, redirect_uri, state });
      return `${server.authorization_endpoint}?${parameters}`;
    },
    callback() {
      const parameters = new URLSearchParams(location.hash.slice(1));
      const state = parameters.get('state');
      if (!sessionStorage.getItem(state)) throw new Error('There is no such login.');
      sessionStorage.removeItem(state);
      return (token = validateAuthResponse(server, { client_id }, parameters, state).get('access_token'));
    },
    fetch: (url, init) =>
      protectedResourceRequest(token, init?.method ?? 'GET', new URL(url), new Headers(init?.headers), init?.body, { [allowInsecureRequests]: true }),
  };
}
