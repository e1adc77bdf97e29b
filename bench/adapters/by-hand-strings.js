// The work on strings alone: nothing is stored, and the page's URL is neither read nor written.
export const about = { title: 'by hand, strings alone', flow: 'implicit', state: 'nobody' };

export function open({ server, client_id, redirect_uri }) {
  const states = new Set();
  let token;
  return {
    authorize() {
      const state = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32))));
      states.add(state);
      const parameters = new URLSearchParams({ response_type: 'token', client_id, redirect_uri, state });
      return `${server.authorization_endpoint}?${parameters}`;
    },
    callback(url) {
      const parameters = new URLSearchParams(url.slice(url.indexOf('#') + 1));
      if (!states.delete(parameters.get('state'))) throw new Error('There is no such login.');
      return (token = parameters.get('access_token'));
    },
    fetch(url, init) {
      const headers = new Headers(init?.headers);
      headers.set('Authorization', `Bearer ${token}`);
      return fetch(url, { ...init, headers });
    },
  };
}
