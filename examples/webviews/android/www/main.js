// The page in MainActivity.kt, which injects `shell` into it: text in both directions.
import { start } from '../../page/app.js';

const { shell } = globalThis;

start({
  // An app link: Android asks this host which app its links may open.
  redirect_uri: 'https://app.example/cb',
  open: (url) => shell.postMessage(url),
  listen(opened) {
    shell.onmessage = ({ data }) => opened(data);
    // What came before this waits for it.
    shell.postMessage('ready');
  },
});
