// What every page of the tests has: the package, and outcomes as data that can leave the page.
const entry = new URL(import.meta.url).searchParams.get('entry');

/** The package's module, by URL and without a bundler. */
globalThis.claviger = import(`/pkg/wasm/${entry}.js`);

/** The add-on for OpenID Connect, which stands beside an entry. */
const openid = () => import(`/pkg/wasm/${entry.replace('claviger', 'openid').replace(/^no-wasm/, 'openid-no-wasm')}.js`);

async function make(options) {
  const { createClient } = await globalThis.claviger;
  const asksForOpenId = options.scope?.split(' ').includes('openid');
  return createClient(asksForOpenId ? { ...options, openid: (await openid()).openid } : options);
}

const clients = new Map();

/** The page's client for these options: the same one each time, as in an application. */
globalThis.clientFor = (options) => {
  const key = JSON.stringify(options);
  if (!clients.has(key)) {
    clients.set(key, make(options));
  }
  return clients.get(key);
};

/** From now on other clients, as on a page that was loaded again. */
globalThis.forgetClients = () => {
  clients.clear();
  delete globalThis[Symbol.for('claviger')];
};

/** An error as data: everything of it that a program or a log could see. */
globalThis.describe = (error) => ({
  name: error?.name,
  type: error?.constructor?.name,
  isError: error instanceof Error,
  code: error?.code,
  message: error?.message,
  stack: error?.stack,
  text: String(error),
  json: JSON.stringify(error),
  own: Object.fromEntries(Object.getOwnPropertyNames(error ?? {}).map((name) => [name, String(error[name])])),
  error: error?.error,
  error_description: error?.error_description,
  error_uri: error?.error_uri,
  status: error?.status,
  appState: error?.appState,
  returnTo: error?.returnTo,
});

/** What the work gives or throws, as data. */
globalThis.settle = async (work) => {
  try {
    return { value: await work() };
  } catch (error) {
    return { thrown: globalThis.describe(error) };
  }
};
