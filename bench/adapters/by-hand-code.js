// The same as by-hand.js for a code with PKCE: the token comes from the token endpoint.
export const about = { title: 'by hand, code', flow: 'code, PKCE', state: 'client' };

function base64url(bytes) {
  return btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

const random = () => base64url(crypto.getRandomValues(new Uint8Array(32)));

export function open({ server, client_id, redirect_uri }) {
  let token;
  return {
    async authorize() {
      const [state, verifier] = [random(), random()];
      sessionStorage.setItem(`login ${state}`, verifier);
      const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier));
      const parameters = new URLSearchParams({
        response_type: 'code', client_id, redirect_uri, state,
        code_challenge: base64url(new Uint8Array(digest)), code_challenge_method: 'S256',
      });
      return `${server.authorization_endpoint}?${parameters}`;
    },
    async callback() {
      const parameters = new URLSearchParams(location.search);
      const key = `login ${parameters.get('state')}`;
      const code_verifier = sessionStorage.getItem(key);
      if (!code_verifier) throw new Error('There is no such login.');
      sessionStorage.removeItem(key);
      const body = new URLSearchParams({
        grant_type: 'authorization_code', client_id, redirect_uri, code: parameters.get('code'), code_verifier,
      });
      const response = await fetch(server.token_endpoint, { method: 'POST', body });
      return (token = (await response.json()).access_token);
    },
    fetch(url, init) {
      const headers = new Headers(init?.headers);
      headers.set('Authorization', `Bearer ${token}`);
      return fetch(url, { ...init, headers });
    },
  };
}
