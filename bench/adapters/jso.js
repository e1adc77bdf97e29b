// Its src/, which its package.json names for bundlers, imports a polyfill that it does not depend on.
import { BasicLoader, JSO } from 'jso/dist/jso.js';

export const about = {
  package: 'jso', exports: ['jso/dist/jso.js'], flow: 'implicit', state: 'client',
  note: 'scrubs with a history entry more',
};

export function open({ server, client_id, redirect_uri }) {
  let target;
  class Loader extends BasicLoader {
    execute() {
      target = this.url;
      return true;
    }
  }
  const client = new JSO({ authorization: server.authorization_endpoint, client_id, redirect_uri, response_type: 'token' });
  client.setLoader(Loader);
  return {
    async authorize() {
      // What asks for a login only when there is no token would ask once.
      client.wipeTokens();
      await client.getToken();
      return target;
    },
    callback: () => client.callback().access_token,
    fetch(url, init) {
      const headers = new Headers(init?.headers);
      headers.set('Authorization', `Bearer ${client.checkToken().access_token}`);
      return fetch(url, { ...init, headers });
    },
  };
}
