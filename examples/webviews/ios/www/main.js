// The page in Shell.swift, which listens to the message handler `shell` and calls `opened`.
import { start } from '../../page/app.js';

const { shell } = globalThis.webkit.messageHandlers;

start({
  redirect_uri: 'com.example.app:/cb',
  open: (url) => shell.postMessage(url),
  listen(opened) {
    globalThis.opened = opened;
    // What came before this waits for it.
    shell.postMessage('ready');
  },
});
