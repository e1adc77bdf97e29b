// The page in Tauri, with its official plugins.
import { getCurrent, onOpenUrl } from '@tauri-apps/plugin-deep-link';
import { openUrl } from '@tauri-apps/plugin-opener';
import { start } from '../../page/app.js';

start({
  redirect_uri: 'com.example.app:/cb',
  open: openUrl,
  async listen(opened) {
    await onOpenUrl((urls) => urls.forEach(opened));
    (await getCurrent())?.forEach(opened);
  },
});
