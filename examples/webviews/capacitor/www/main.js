// The page in Capacitor, with its official plugins.
import { App } from '@capacitor/app';
import { Browser } from '@capacitor/browser';
import { start } from '../../page/app.js';

start({
  redirect_uri: 'com.example.app:/cb',
  open: (url) => Browser.open({ url }),
  async listen(opened) {
    await App.addListener('appUrlOpen', ({ url }) => {
      // On iOS the browser stays in front until it is closed; elsewhere, or when it is gone, there is nothing to close.
      Browser.close().catch(() => {});
      opened(url);
    });
    const launch = await App.getLaunchUrl();
    if (launch) await opened(launch.url);
  },
});
