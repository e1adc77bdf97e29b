// The page that a popup or a hidden frame comes back to, without the package: hands its response to
// the window that waits for it, and closes itself.
import { relayAndClose } from '../facade/window-channel.js';

const { location, history } = globalThis;

// Bundled into what renders pages on a server, it finds no page, and does nothing.
if (location && history) {
  const url = location.href;
  history.replaceState(history.state, '', location.pathname);
  relayAndClose(url).then((isTaken) => isTaken || sayThatNobodyWaits());
}

/** A user who finished a login that nobody waits for any more would else look at a blank window. */
function sayThatNobodyWaits() {
  const home = document.createElement('a');
  home.href = '/';
  home.textContent = location.host;
  const note = document.createElement('p');
  note.append('Nobody waits for this sign-in any more. Close this window, or go on at ', home, ' and sign in there.');
  (document.body ?? document.documentElement).append(note);
}
