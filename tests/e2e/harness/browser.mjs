// One Chromium for each test file, and a fresh context for each test.
import { after } from 'node:test';
import { chromium } from 'playwright-core';

let launched;

after(async () => (await launched)?.close());

export function browser() {
  launched ??= chromium.launch({
    executablePath: process.env.CLAVIGER_CHROMIUM,
    // Back and forward, and windows that nobody asked for, are to behave as they do for users.
    ignoreDefaultArgs: ['--disable-back-forward-cache', '--disable-popup-blocking'],
  });
  return launched;
}

/** A context that is closed after the test, or with the browser where there is no test. */
export async function newContext(t, options) {
  const context = await (await browser()).newContext(options);
  t?.after(() => context.close());
  return context;
}
