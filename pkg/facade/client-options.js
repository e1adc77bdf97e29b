// Arguments, read with a check: a value of the wrong type is a TypeError that names it. What the
// values mean is checked by the module.
import { readFurther, resources } from 'claviger:variant';

/** The form in which the module takes a client's options. */
export function readOptions(options) {
  const { server, redirect_uri, stateStore = 'session' } = object(options, 'options');
  object(server, 'server');
  const form = new URLSearchParams({
    authorization_endpoint: url(server.authorization_endpoint, 'server.authorization_endpoint'),
    redirect: url(redirect_uri, 'redirect_uri'),
    page: globalThis.location?.href ?? '',
  });
  const put = (name, value, type, must, path = name) => {
    if (value === undefined) return;
    if (typeof value !== type) throw wrong(path, must);
    form.set(name, present(value));
  };

  put('issuer', server.issuer, 'string', 'be a string', 'server.issuer');
  if (server.authorization_response_iss_parameter_supported) form.set('promised', 1);
  for (const name of ['redirect_uri', 'client_id', 'scope']) put(name, options[name], 'string', 'be a string');
  readFurther(options, put, form);
  put('stateLifetime', options.stateLifetime, 'number', 'be a positive whole number of seconds');
  put('hashRouter', options.hashRouter, 'boolean', 'be a boolean');
  put('assumeTokenType', options.assumeTokenType, 'string', "be 'Bearer'");
  form.set('store', stateStore);
  form.set(...(options.resources === undefined ? ['own', 1] : ['resources', resources(options.resources)]));
  return String(form);
}

/** The forms in which the module takes the arguments of a request: what is kept here, and what is sent. */
export function readRequest(parameters = {}, options = {}) {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(object(parameters, 'parameters'))) {
    if (value === undefined) continue;
    if (typeof value !== 'string') throw wrong('parameters', 'have strings as values');
    form.append(name, value);
  }
  const { appState, returnTo } = object(options, 'options');
  const kept = new URLSearchParams();
  if (appState !== undefined) kept.set('app_state', json(appState));
  if (returnTo !== undefined) kept.set('return_to', present(returnTo));
  return `${kept}\n${form}`;
}

/** In a form an empty value is an absent one; NUL is wrong in every grammar. */
export function present(value) {
  return value === '' ? '\0' : value;
}

/** A URL as the browser reads it. */
export function url(text, name, must = 'be an absolute URL') {
  try {
    return new URL(text).href;
  } catch {
    throw wrong(name, must);
  }
}

export function wrong(name, must) {
  return new TypeError(`${name} must ${must}.`);
}

function json(value) {
  let text;
  try {
    text = JSON.stringify(value);
  } catch {}
  if (text === undefined) throw wrong('appState', 'be a value that JSON can hold');
  return text;
}

/** The signal of further options, which may be left out. */
export function readSignal(options = {}) {
  const { signal } = object(options, 'options');
  if (signal !== undefined && signal !== null && !(signal instanceof AbortSignal)) throw wrong('signal', 'be an AbortSignal');
  return signal ?? undefined;
}

export function object(value, name) {
  if (!value || typeof value !== 'object') throw wrong(name, 'be an object');
  return value;
}
