// The first version of each engine that has what a script and a module need, by @mdn/browser-compat-data.
import { createRequire } from 'node:module';

const data = createRequire(import.meta.url)('@mdn/browser-compat-data');

export const ENGINES = { Chrome: 'chrome', Firefox: 'firefox', Safari: 'safari', 'Safari on iOS': 'safari_ios', 'Android WebView': 'webview_android' };

/** What a page's script reaches from a global: the interfaces whose members its names can be. */
const INTERFACES = {
  builtins: `Array ArrayBuffer BigInt Boolean Date Error Function Intl JSON Map Math Number Object Promise Reflect RegExp Set String Symbol
    TypedArray Uint8Array WeakMap WeakRef WeakSet`,
  api: `AbortController AbortSignal Blob BroadcastChannel Crypto DOMException Document DocumentFragment Element Event EventTarget FormData
    HTMLAnchorElement HTMLElement HTMLIFrameElement Headers History Location LockManager MessageEvent Navigator Node ReadableStream
    ReadableStreamDefaultReader Request Response SecurityPolicyViolationEvent Storage StorageEvent TextDecoder TextEncoder URL
    URLSearchParams Window`,
};

/** Names that several of these have, and whose is meant; null for one of our own. */
const MEANT = {
  __proto__: null,
  body: 'api.Response.body',
  bytes: null,
  close: 'api.Window.close',
  name: 'javascript.builtins.Error.name',
  postMessage: 'api.Window.postMessage',
  size: 'api.Blob.size',
  storage: null,
};

/** What is used where it is there, and what happens elsewhere. */
export const OPTIONAL = {
  __proto__: null,
  'api.AbortSignal.reason': 'abort.js keeps the reason itself',
  'api.BroadcastChannel': 'broadcast.js gives no channel',
  'api.BroadcastChannel.BroadcastChannel': 'broadcast.js gives no channel',
  'api.LockManager.request': 'tab-lock.js goes without a lock',
  'api.Navigator.locks': 'tab-lock.js goes without a lock',
  'api.Request.keepalive': 'attach-credential.js repeats it where requests have it',
  'webassembly.api.compileStreaming_static': 'fetched-module.js compiles what has arrived',
};

/** The keys that a name of `script-needs.mjs` stands for; none for what is no name of the platform. */
function keysOf(name) {
  const [object, member] = name.includes('.') ? name.split('.') : [undefined, name];
  if (member in MEANT) return MEANT[member] ? [MEANT[member]] : [];
  if (object === member) return ownKeys([`javascript.builtins.${object}.${object}`, `api.${object}.${object}`]);
  // A static member of what the name names, or a member of what is kept under that name in the window.
  const statics = ownKeys(['', '_static'].flatMap((suffix) => [`javascript.builtins.${object}.${member}${suffix}`, `api.${object}.${member}${suffix}`, `webassembly.api.${member}${suffix}`]));
  if (object && object !== 'globalThis' && statics.length) return statics;
  const of = (root, names) => names.split(/\s+/).map((one) => `${root}.${one}.${member}`);
  return ownKeys([...of('javascript.builtins', INTERFACES.builtins), ...of('api', INTERFACES.api)]);
}

const compat = (key) => key.split('.').reduce((at, name) => (at && Object.hasOwn(at, name) ? at[name] : undefined), data)?.__compat;
const ownKeys = (keys) => keys.filter(compat);

const globalKeys = (name) => ownKeys([`javascript.builtins.${name}`, `api.${name}`, `api.Window.${name}`, `webassembly.api.${name}`]);

/** All that a script needs, as keys. */
export function keysOfScript({ keys, globals, members }) {
  const unknown = [...globals].filter((name) => !['undefined', 'arguments', 'NaN', 'Infinity', 'WebAssembly'].includes(name) && !globalKeys(name).length);
  if (unknown.length) throw new Error(`No key is known for ${unknown.join(', ')}.`);
  return new Set([...keys, ...[...globals].flatMap(globalKeys), ...[...members].flatMap(keysOf)]);
}

/** An engine's first version with it, as a number; infinite where there is none. */
function since(key, engine) {
  const compatible = compat(key);
  if (!compatible) throw new Error(`The data has no ${key}.`);
  const whole = [compatible.support[engine] ?? []].flat().filter((one) => !one.flags && !one.version_removed && !one.prefix && !one.alternative_name);
  const [{ version_added } = {}] = whole;
  if (typeof version_added !== 'string' || version_added === 'preview') return Infinity;
  return Number(version_added.replace('≤', '').split('.').slice(0, 2).join('.'));
}

/** For each engine its first version with all of the keys, and which of them it is that needs it. */
export function minimumOf(keys) {
  return Object.fromEntries(
    Object.entries(ENGINES).map(([engine, id]) => {
      const versions = [...keys].filter((key) => !OPTIONAL[key]).map((key) => [since(key, id), key]);
      const version = Math.max(...versions.map(([version]) => version));
      return [engine, { version, because: versions.filter(([one]) => one === version).map(([, key]) => key) }];
    }),
  );
}
