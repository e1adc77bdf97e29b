// The application's client; the test says what is registered.
const [{ createClient }, { options }] = await Promise.all(['/pkg/wasm/claviger.js', '/options.js'].map((url) => import(/* @vite-ignore */ url)));

export const client = await createClient(options);
globalThis.client = client;
