// What a user does on the embedded server's pages, in any window of the engine under test.
import { until } from './app.mjs';

/** Signs in where that is asked for, and presses a button. */
export async function answerAt(window, button) {
  const see = (selector) => until(window, (selector) => document.readyState === 'complete' && document.querySelector(selector) !== null, selector);
  await see(`${button}, #sign-in`);
  const isForm = await window.evaluate(() => {
    const form = document.querySelector('[name=email]');
    if (form) {
      form.value = 'ada@example.com';
      document.querySelector('[name=password]').value = 'demo';
      // The answer leaves the page before the page is left.
      setTimeout(() => document.querySelector('#sign-in').click());
    }
    return form !== null;
  });
  if (isForm) await see(button);
  await window.evaluate((button) => void setTimeout(() => document.querySelector(button).click()), button);
}

/** The application's page is there, at whatever the server sent. */
export const arrived = (window, redirectUri) => until(window, (uri) => location.href.startsWith(uri) && document.readyState === 'complete', redirectUri);
