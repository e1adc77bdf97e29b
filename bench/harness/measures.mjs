// What is measured in the browser: each takes an adapter and gives numbers, from a fresh context for each round.
import { inFreshPage, signIn } from './page.mjs';

/** Bytes a second of a slow 4G, and the milliseconds that it waits first. */
const SLOW_4G = { offline: false, latency: 150, downloadThroughput: 1_600_000 / 8, uploadThroughput: 750_000 / 8 };

/** Calls that warm up a page in which the logins before count more. */
const FEW = 4;

/** `slow` makes the machine or the network slower, by the browser's own tools. */
function cold(name, slow = async () => {}) {
  return (browser, origin, adapter) =>
    inFreshPage(browser, origin, async ({ call, devtools }) => {
      await slow(devtools);
      return { [name]: await call('cold', adapter.name, adapter.hint) };
    });
}

async function calls(browser, origin, adapter, { count }) {
  return inFreshPage(browser, origin, async (fresh) => {
    await fresh.call('load', adapter.name);
    await fresh.call('start');
    if (!adapter.about.oncePerPage) return fresh.call('calls', count);
    return oncePerPage(fresh, adapter);
  });
}

/** The first call of a page is the only one here. */
async function oncePerPage({ call, visit }, adapter) {
  const { url, token, time: authorize } = await call('authorized');
  await visit(url);
  await call('load', adapter.name);
  const { time: callback } = await call('finish', url, token);
  return { authorize, callback };
}

async function fetches(browser, origin, adapter, { count }) {
  return inFreshPage(browser, origin, async (fresh) => {
    const { token } = await signIn(fresh, adapter);
    return fresh.call('fetches', token, count);
  });
}

async function overhead(browser, origin, adapter, { count }) {
  return inFreshPage(browser, origin, async (fresh) => {
    await fresh.page.addInitScript(() => {
      if (location.protocol === 'http:') globalThis.network = import('/in-page.js').then(({ replaceNetwork }) => replaceNetwork());
    });
    await fresh.visit();
    await fresh.page.evaluate(() => globalThis.network);
    const { token } = await signIn(fresh, adapter);
    return { overhead: await fresh.call('overhead', token, count) };
  });
}

/** The same calls as before in a new page, after each number of logins that nobody finished. */
async function abandoned(browser, origin, adapter, { logins, count }) {
  if (adapter.about.oncePerPage || adapter.about.keepsOneLogin) return {};
  return inFreshPage(browser, origin, async ({ call, visit }) => {
    const found = {};
    let before = 0;
    for (const number of [0, ...logins]) {
      await call('load', adapter.name);
      await call('start');
      try {
        await call('abandon', before, number);
      } catch (error) {
        if (/quota/i.test(error.message)) break;
        throw error;
      }
      before = number;
      await visit();
      await call('load', adapter.name);
      await call('start');
      const { authorize, callback } = await call('calls', count, FEW);
      found[`authorize ${number}`] = authorize;
      found[`callback ${number}`] = callback;
      await visit();
    }
    return found;
  });
}

async function memory(browser, origin, adapter) {
  return inFreshPage(browser, origin, async ({ page, call, visit, devtools }) => {
    await page.addInitScript(() => {
      const memories = (globalThis.memories = []);
      const { Instance, instantiate } = WebAssembly;
      const seen = (instance) => {
        memories.push(...Object.values(instance.exports).filter((value) => value instanceof WebAssembly.Memory));
        return instance;
      };
      WebAssembly.Instance = new Proxy(Instance, { construct: (...parameters) => seen(Reflect.construct(...parameters)) });
      WebAssembly.instantiate = async (...parameters) => {
        const result = await instantiate(...parameters);
        seen(result.instance ?? result);
        return result;
      };
    });
    await visit();
    const heap = async () => {
      await devtools.send('HeapProfiler.collectGarbage');
      return (await devtools.send('Runtime.getHeapUsage')).usedSize;
    };
    const before = await heap();
    await call('cold', adapter.name);
    const after = await heap();
    const wasm = await page.evaluate(() => globalThis.memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0));
    return { heap: after - before, wasm };
  });
}

/**
 * By the name that --only takes: `ofPage` where all that the page loads counts, `openid` where the table of
 * those who ask for openid has it; `rounds` and the rest for a whole run, and for a quick one.
 */
export const measures = [
  { name: 'cold', ofPage: true, openid: true, run: cold('cold'), whole: { rounds: 7 }, quick: { rounds: 1 } },
  {
    name: 'cold-processor',
    ofPage: true,
    run: cold('cold, processor', (devtools) => devtools.send('Emulation.setCPUThrottlingRate', { rate: 4 })),
    whole: { rounds: 5 },
    quick: { rounds: 1 },
  },
  {
    name: 'cold-network',
    ofPage: true,
    openid: true,
    run: cold('cold, network', async (devtools) => {
      await devtools.send('Network.enable');
      await devtools.send('Network.emulateNetworkConditions', SLOW_4G);
    }),
    whole: { rounds: 5 },
    quick: { rounds: 1 },
  },
  { name: 'calls', openid: true, run: calls, whole: { rounds: 7, count: 30 }, quick: { rounds: 1, count: 4 } },
  { name: 'fetch', run: fetches, whole: { rounds: 5, count: 40 }, quick: { rounds: 1, count: 4 } },
  { name: 'fetch-added', run: overhead, whole: { rounds: 5, count: 40 }, quick: { rounds: 1, count: 2 } },
  {
    name: 'abandoned',
    run: abandoned,
    whole: { rounds: 5, logins: [10, 100], count: 16 },
    quick: { rounds: 1, logins: [10, 100], count: 4 },
  },
  {
    name: 'abandoned-many',
    run: abandoned,
    whole: { rounds: 2, logins: [1000, 5000], count: 12 },
    quick: { rounds: 1, logins: [200], count: 4 },
  },
  { name: 'memory', ofPage: true, run: memory, whole: { rounds: 1 }, quick: { rounds: 1 } },
];
