// The core without the providers that the package brings.
import hello from 'hellojs/dist/hello.js';

export const about = {
  package: 'hellojs', flow: 'implicit', state: 'nobody', acceptsForged: true,
  note: 'keeps no state, so that a forged response is accepted',
};

export function open({ server, client_id, redirect_uri, leaving }) {
  hello.init(
    { bench: { id: client_id, oauth: { version: 2, auth: server.authorization_endpoint } } },
    { redirect_uri, display: 'page', page_uri: '' },
  );
  return {
    authorize() {
      const target = leaving();
      hello('bench').login({ force: true });
      return target;
    },
    callback() {
      hello.utils.responseHandler(window, window.opener);
      return hello('bench').getAuthResponse().access_token;
    },
    fetch(url, init) {
      const headers = new Headers(init?.headers);
      headers.set('Authorization', `Bearer ${hello('bench').getAuthResponse().access_token}`);
      return fetch(url, { ...init, headers });
    },
  };
}
