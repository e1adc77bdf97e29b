// Takes a response out of the address bar before any other script of the page can see it, and leaves
// it, under a name that nothing enumerates, for handleRedirect, which decides whether it is one.
import { TELLTALE } from 'claviger:numbers';

const { location, history } = globalThis;

const carries = (text) => TELLTALE.some((name) => new URLSearchParams(text).get(name));

// Bundled into what renders pages on a server, it finds no page, and does nothing.
if (location && history) {
  const url = location.href;
  const [, base, query, fragment] = /^([^?#]*)(\?[^#]*)?(#.*)?$/.exec(url);
  // Behind the last '?' of a fragment stands a hash router's response; other routers put a '/' in front of it.
  const fromFragment = fragment && (carries(fragment.replace(/^#\/?/, '')) || carries(fragment.split('?').pop()));
  const fromQuery = query && carries(query);

  if (fromFragment || fromQuery) {
    history.replaceState(history.state, '', base + (fromQuery ? '' : query ?? '') + (fromFragment ? '' : fragment ?? ''));
    Object.defineProperty(window, Symbol.for('claviger'), { __proto__: null, value: [url, location.href], configurable: true, writable: true });
  }
}
