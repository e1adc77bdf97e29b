// A page in a native program's web view that signs in in the system's browser.
import { createClient, OAuthError } from 'claviger';
import { registration } from './registration.js';

/**
 * Starts the page. Of the program around it, the shell, it needs
 * - `redirect_uri`: the URL that the shell is opened with after a login;
 * - `open(url)`: shows a URL in the system's browser;
 * - `listen(opened)`: calls `opened` with every URL that the shell is opened with, the one that
 *   started it among them.
 */
export async function start({ redirect_uri, open, listen }) {
  const client = await createClient({
    ...registration,
    redirect_uri,
    response_type: 'code',
    // The system may end the program while its user is in the browser.
    stateStore: 'local',
    tokenStore: 'local',
  });
  const signIn = document.querySelector('#sign-in');
  const signOut = document.querySelector('#sign-out');
  const output = document.querySelector('output');

  function show(message) {
    // Not lost is signed in, also while the token waits for a network.
    const isSignedIn = client.state() !== 'signed-out';
    signIn.hidden = isSignedIn;
    signOut.hidden = !isSignedIn;
    output.textContent = message ?? (isSignedIn ? 'Signed in' : 'Signed out');
  }

  async function opened(url) {
    try {
      // `null`: a link that is no response, such as one to a page of the application's own.
      await client.handleRedirect(url);
    } catch (error) {
      if (!(error instanceof OAuthError)) throw error;
      // A system that wakes the program may give it once more the URL that it was opened with before.
      if (error.code === 'state_replayed') return;
      show(error.error === 'access_denied' ? 'You did not allow it.' : error.message);
    }
  }

  signIn.onclick = async () => open((await client.authorizationUrl()).href);
  signOut.onclick = () => client.logout();
  client.subscribe(() => show());
  show();
  await listen(opened);
}
