// tests/vectors/*.json, and how a case becomes a URL. The comment in callbacks.expanded.json says what the members mean.
import { readFileSync } from 'node:fs';
import { OPTIONS } from './page.mjs';

const read = (name) => JSON.parse(readFileSync(new URL(`../../vectors/${name}`, import.meta.url), 'utf8'));

export const callbacks = read('callbacks.json');
export const expanded = read('callbacks.expanded.json');
export const requests = read('requests.json');

const inWords = ({ request }) => /^redirect 302|^Request object/.test(request);
const allResources = read('resources.json');
/** The requests that a fetch can make, and those that are told in words. */
export const resources = allResources.filter((given) => !inWords(given));
export const resourcesInWords = allResources.filter(inWords);

/** The code with which a page at `base` refuses a request; what is no URL is a TypeError, as with fetch. */
export function refusalOf(request, base) {
  if (!URL.canParse(request, base)) return undefined;
  const { protocol, hostname } = new URL(request, base);
  const isLoopback = /^(localhost|127\.[\d.]+|\[::1\])$/.test(hostname);
  return protocol === 'http:' && !isLoopback ? 'insecure_resource' : 'resource_not_allowed';
}

/** The client's options for a case. */
export function optionsOf({ options: given = {} }) {
  const issuer = 'issuer' in given ? given.issuer : OPTIONS.server.issuer;
  const scope = 'scope' in given ? given.scope : OPTIONS.scope;
  return {
    ...OPTIONS,
    server: {
      authorization_endpoint: OPTIONS.server.authorization_endpoint,
      ...(issuer === null ? {} : { issuer }),
      ...(given.issuer_supported ? { authorization_response_iss_parameter_supported: true } : {}),
    },
    redirect_uri: given.redirect_uri ?? OPTIONS.redirect_uri,
    ...(scope === null ? { scope: undefined } : { scope }),
    ...pick(given, ['hashRouter', 'stateLifetime', 'assumeTokenType']),
  };
}

function pick(from, names) {
  return Object.fromEntries(names.filter((name) => name in from).map((name) => [name, from[name]]));
}

/** The response, or what is left of it, as text. */
export function expand(parts, state) {
  return [parts ?? '']
    .flat()
    .map((part) => (typeof part === 'string' ? part : part.repeat.repeat(part.times)))
    .join('')
    .replace(/\{S(?::(\w+))?\}/g, (_, form) => FORMS[form ?? 'plain'](state));
}

const FORMS = {
  plain: (state) => state,
  short: (state) => state.slice(0, -1),
  once: (state) => encodeAll(state),
  twice: (state) => encodeAll(state).replaceAll('%', '%25'),
  swapped: (state) => state.replace(/[a-z]/gi, (c) => (c < 'a' ? c.toLowerCase() : c.toUpperCase())),
  fullwidth: (state) => encodeURIComponent(String.fromCharCode(state.charCodeAt(0) + 0xfee0)) + state.slice(1),
};

function encodeAll(text) {
  return [...text].map((c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`).join('');
}

/** The response's whole URL and what the address bar holds when it was handled. */
export function urlsOf({ response, left, scrub, options = {} }, state) {
  const at = options.at ?? options.redirect_uri ?? OPTIONS.redirect_uri;
  const url = new URL(at + expand(response, state)).href;
  return { url, left: scrub ? new URL(at + expand(left, state)).href : url };
}

/** The response that is accepted while the record is there. */
export function goodUrl({ options = {} }, state) {
  const redirectUri = options.redirect_uri ?? OPTIONS.redirect_uri;
  return `${redirectUri}#access_token=AT&token_type=Bearer&expires_in=3600&state=${state}&iss=https%3A%2F%2Fas.example`;
}
