// Which ID tokens a client believes: each case of id-tokens.mjs, sent with its code through the client's own callback.
import { cases } from './id-tokens.mjs';
import { inFreshPage } from './page.mjs';

/** A page that knows nothing of the one before. */
async function renewed({ visit, call, devtools }, origin) {
  await visit();
  await call('forget');
  await devtools.send('Storage.clearDataForOrigin', { origin, storageTypes: 'all' });
}

async function tried({ call, visit }, { name, about }, id) {
  await call('load', name);
  await call('start');
  const authorizeUrl = await call('authorize');
  const { url, token } = await call('respond', authorizeUrl, id);
  if (about.oncePerPage) {
    await visit(url);
    await call('load', name);
  }
  const hasNonce = new URL(authorizeUrl).searchParams.has('nonce');
  return { hasNonce, ...(await call('believes', url, token, Boolean(about.oncePerPage))) };
}

/** What became of each case, by its name; of `count` from each kind. */
export function checks(browser, origin, adapter, count = Infinity) {
  return inFreshPage(browser, origin, async (fresh) => {
    const found = {};
    for (const kind of Object.values(cases)) {
      for (const { id } of kind.slice(0, count)) {
        await renewed(fresh, origin);
        found[id] = await tried(fresh, adapter, id);
      }
    }
    // Who refuses the best of tokens refuses the others for another reason than theirs.
    const { why, isBelieved } = found[cases.good[0].id];
    if (!isBelieved) throw new Error(`A good ID token is refused: ${why}`);
    return found;
  });
}
