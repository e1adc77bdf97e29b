// The page that a popup or a hidden frame comes back to, without the package: hands its response to
// the window that waits for it, and closes itself.
import { relayAndClose } from '../facade/window-channel.js';

const { location, history } = globalThis;

// Bundled into what renders pages on a server, it finds no page, and does nothing.
if (location && history) {
  const url = location.href;
  history.replaceState(history.state, '', location.pathname);
  relayAndClose(url);
}
