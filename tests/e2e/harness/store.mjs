// What an origin keeps in its two storages, seen from outside the package.

/** Everything in both storages. */
export function readStores(app) {
  return app.evaluate(() => ({ session: { ...sessionStorage }, local: { ...localStorage } }));
}

/** The package's own entries in one of them. */
export async function readRecords(app, store = 'session') {
  const entries = Object.entries((await readStores(app))[store]);
  return Object.fromEntries(entries.filter(([key]) => key.startsWith('claviger:')));
}

/** Writes entries behind the package's back. */
export function writeStore(app, entries, store = 'session') {
  return app.evaluate(
    ({ entries, store }) => {
      const storage = store === 'local' ? localStorage : sessionStorage;
      for (const [key, value] of Object.entries(entries)) {
        storage.setItem(key, value);
      }
    },
    { entries, store },
  );
}

/** For an init script: counts every operation on a storage, with the key it was for. */
export function countStorage() {
  const operations = [];
  globalThis.storageOperations = operations;
  for (const name of ['getItem', 'setItem', 'removeItem', 'key', 'clear']) {
    const original = Storage.prototype[name];
    Storage.prototype[name] = function (...values) {
      operations.push([name, values[0]]);
      return original.apply(this, values);
    };
  }
  const length = Object.getOwnPropertyDescriptor(Storage.prototype, 'length').get;
  Object.defineProperty(Storage.prototype, 'length', {
    configurable: true,
    get() {
      operations.push(['length']);
      return length.call(this);
    },
  });
}

/** The operations since the last call. */
export function takeOperations(app) {
  return app.evaluate(() => globalThis.storageOperations.splice(0));
}

/** Waits until a tab can read the login that another one has started in localStorage. */
export const seesLogin = ({ page }, url) =>
  page.waitForFunction((state) => Object.values({ ...localStorage }).some((text) => text.includes(state)), url.searchParams.get('state'), { polling: 20 });
