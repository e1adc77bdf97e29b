// What a page of its own would do, without a client: state kept and compared, the URL left as it is.
export const about = { title: 'by hand', flow: 'implicit', state: 'client' };

export function open({ server, client_id, redirect_uri }) {
  let token;
  return {
    authorize() {
      const state = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32))));
      sessionStorage.setItem(`login ${state}`, Date.now());
      const parameters = new URLSearchParams({ response_type: 'token', client_id, redirect_uri, state });
      return `${server.authorization_endpoint}?${parameters}`;
    },
    callback() {
      const parameters = new URLSearchParams(location.hash.slice(1));
      const key = `login ${parameters.get('state')}`;
      if (!sessionStorage.getItem(key)) throw new Error('There is no such login.');
      sessionStorage.removeItem(key);
      return (token = parameters.get('access_token'));
    },
    fetch(url, init) {
      const headers = new Headers(init?.headers);
      headers.set('Authorization', `Bearer ${token}`);
      return fetch(url, { ...init, headers });
    },
  };
}
