// That an adapter does its job, before anything of it is measured.
import assert from 'node:assert/strict';
import { inFreshPage, signIn } from './page.mjs';

/** Throws what is wrong; gives the paths of what the page requested, and whether the client scrubs the URL. */
export async function prove(browser, origin, adapter) {
  const { about } = adapter;
  const requested = new Set();
  let scrubs;
  await inFreshPage(browser, origin, async (fresh) => {
    fresh.page.on('request', (request) => requested.add(new URL(request.url()).pathname));
    const { authorizeUrl, isStored, token, left } = await signIn(fresh, adapter);
    const url = new URL(authorizeUrl);
    assert.equal(url.origin + url.pathname, `${origin}/authorize`, 'The authorize URL is another.');
    const asked = url.searchParams;
    assert.equal(asked.get('client_id'), 'bench', 'The client_id is another.');
    assert.equal(asked.get('redirect_uri'), `${origin}/`, 'The redirect_uri is another.');
    assert.ok(asked.get('state'), 'There is no state.');
    assert.equal(asked.get('response_type') === 'code', about.flow.startsWith('code'), 'The flow is another than it says.');
    assert.equal(asked.has('code_challenge'), about.flow.includes('PKCE'), 'PKCE is not used as it says.');
    if (about.openid) {
      assert.ok(asked.get('scope')?.split(' ').includes('openid'), 'It does not ask for openid.');
      assert.equal(await fresh.call('user'), '248289761001', 'The user is another than the ID token says.');
    }
    assert.equal(isStored, about.state !== 'nobody', 'The state is not kept as it says.');
    scrubs = !/access_token|code=|state=/.test(left);
    assert.equal(await fresh.call('fetched'), `Bearer ${token}`, 'The API was sent another header.');
  });
  // What follows needs several logins in one page.
  if (about.oncePerPage) return { requested, scrubs };
  await inFreshPage(browser, origin, async ({ call }) => {
    await call('load', adapter.name);
    await call('start');
    const states = [await call('authorize'), await call('authorize')].map((url) => new URL(url).searchParams.get('state'));
    assert.notEqual(...states, 'Two logins have one state.');
    assert.equal(await call('refusesForged'), !about.acceptsForged, 'A forged state is not refused as it says.');
    const keepsMany = about.state !== 'nobody' && !about.keepsOneLogin;
    assert.equal((await call('added')) > 0, keepsMany, 'Logins under way are not kept as it says.');
    // What was forged must not be in the way of the next.
    await call('login');
  });
  return { requested, scrubs };
}
