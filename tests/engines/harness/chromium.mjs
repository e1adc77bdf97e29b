// Chromium, driven as in the end-to-end tests.
import { newContext } from '../../e2e/harness/browser.mjs';

export async function launch() {
  const context = await newContext();
  return {
    newPage: () => context.newPage(),
    windows: async () => context.pages(),
    pageOf: (page) => page,
    close: () => context.close(),
  };
}
