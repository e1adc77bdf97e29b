// The page that a popup or a hidden frame comes back to, without the package: hands its response to
// the window that waits for it, and closes itself.
import { relayAndClose } from '../facade/window-channel.js';

const { location, history } = window;
const url = location.href;

history.replaceState(history.state, '', location.pathname);
relayAndClose(url);
