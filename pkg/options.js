// Arguments, read with a check: a value of the wrong type is a TypeError that names it. What the
// values mean is checked by the module.

/** The form in which the module takes a client's options. */
export function readOptions(options) {
  const { server, resources, redirect_uri, response_type } = object(options, 'options');
  object(server, 'server');
  const form = new URLSearchParams();
  const put = (name, value, isRight, must, path = name) => {
    if (value === undefined || value === false) return;
    if (!isRight(value)) throw wrong(path, must);
    form.set(name, value);
  };

  form.set('authorization_endpoint', url(server.authorization_endpoint, 'server.authorization_endpoint'));
  put('issuer', server.issuer, isText, 'be a string', 'server.issuer');
  if (server.authorization_response_iss_parameter_supported) form.set('promised', 1);
  form.set('redirect', url(redirect_uri, 'redirect_uri'));
  for (const name of ['redirect_uri', 'client_id', 'scope']) put(name, options[name], isText, 'be a string');
  if (response_type !== 'token') throw wrong('response_type', "be 'token'");
  put('stateLifetime', options.stateLifetime, Number.isSafeInteger, 'be a positive whole number of seconds');
  put('hashRouter', options.hashRouter, (value) => value === true, 'be a boolean');
  put('assumeTokenType', options.assumeTokenType, (value) => value === 'Bearer', "be 'Bearer'");
  const { stateStore = 'session' } = options;
  if (stateStore === 'local') form.set('local', 1);
  else if (stateStore !== 'session') throw wrong('stateStore', "be 'session' or 'local'");
  if (resources !== undefined) form.set('resources', urls(resources));
  form.set('page', globalThis.location?.href ?? '');
  return form;
}

/** The forms in which the module takes the arguments of a request. */
export function readRequest(parameters = {}, options = {}) {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(object(parameters, 'parameters'))) {
    if (value === undefined) continue;
    if (!isText(value)) throw wrong('parameters', 'have strings as values');
    form.append(name, value);
  }
  const { appState, returnTo } = object(options, 'options');
  const kept = new URLSearchParams();
  if (appState !== undefined) kept.set('app_state', json(appState));
  if (returnTo !== undefined) kept.set('return_to', returnTo);
  return [String(form), String(kept)];
}

/** A URL as the browser reads it. */
export function url(text, name) {
  try {
    return new URL(text).href;
  } catch {
    throw wrong(name, 'be an absolute URL');
  }
}

export function wrong(name, must) {
  return new TypeError(`${name} must ${must}.`);
}

function urls(resources) {
  if (!Array.isArray(resources)) throw wrong('resources', 'be an array of absolute URLs');
  return resources.map((resource) => url(resource, 'resources')).join(' ');
}

function json(value) {
  let text;
  try {
    text = JSON.stringify(value);
  } catch {}
  if (text === undefined) throw wrong('appState', 'be a value that JSON can hold');
  return text;
}

function isText(value) {
  return typeof value === 'string';
}

function object(value, name) {
  if (!value || typeof value !== 'object') throw wrong(name, 'be an object');
  return value;
}
