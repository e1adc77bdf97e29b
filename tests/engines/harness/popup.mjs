// A page that opens a popup by a click, and what its redirect URI runs.
import { openByClick } from './app.mjs';
import { listen } from './events.mjs';

export const BODY = '<button>Sign in</button><script type="module" src="/in-page.js?entry=claviger"></script><script type="module" src="/cb.js"></script>';
/** What the page at the redirect URI does, and no other. */
export const atRedirectUri = (work) => ({ '/cb.js': `if (location.pathname === '/cb') ${work};` });

/** The window in which the user is to sign in, opened by a click of the user's. */
export async function openPopup(app, options) {
  await listen(app, options);
  await app.evaluate(async (options) => {
    const client = await clientFor(options);
    document.querySelector('button').onclick = () => (globalThis.outcome = settle(() => client.loginPopup()));
  }, options);
  return openByClick(app, 'button');
}
/** What comes of it in the page that waits. */
export const outcome = (app) => app.evaluate(() => globalThis.outcome);
