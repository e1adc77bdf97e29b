// Pages in fresh browser contexts, and calls into them.

/** Runs `use` with a page of a context of its own; what in-page.js exports is `page.call(name, …)`. */
export async function inFreshPage(browser, origin, use) {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(60_000);
    const call = (name, ...parameters) =>
      page.evaluate(async ({ name, parameters }) => (await import('/in-page.js'))[name](...parameters), { name, parameters });
    async function visit(url = `${origin}/`) {
      // A fragment alone would load nothing anew.
      if (page.url().startsWith(origin)) await page.goto('about:blank');
      await page.goto(url);
      await call('prepare', origin);
    }
    const devtools = await context.newCDPSession(page);
    await page.exposeFunction('committed', (url) => committed(devtools, url));
    await visit();
    return await use({ page, call, visit, devtools });
  } finally {
    await context.close();
  }
}

/**
 * Waits until the browser's process has committed the URL that a page gave itself. The page's own events and
 * Page.navigatedWithinDocument come from the page's process, which does not wait for that; the history that is asked
 * for here is the one of the browser's process.
 */
async function committed(devtools, url) {
  const end = Date.now() + 10_000;
  for (;;) {
    const { currentIndex, entries } = await devtools.send('Page.getNavigationHistory');
    if (entries[currentIndex].url === url) return;
    if (Date.now() > end) throw new Error('The browser has another URL than the page.');
  }
}

/** Loads an adapter and logs in; gives what was seen. */
export async function signIn({ call, visit }, adapter) {
  await call('load', adapter.name);
  await call('start');
  if (!adapter.about.oncePerPage) return call('login');
  const before = await call('stored');
  const authorizeUrl = await call('authorize');
  const isStored = (await call('stored')) !== before;
  const { url, token } = await call('respond', authorizeUrl);
  await visit(url);
  await call('load', adapter.name);
  return { authorizeUrl, isStored, ...(await call('finish', url, token)) };
}
