// One response at a time among the tabs that see the same logins: whoever comes second finds its login used up.
import { OAuthError } from './oauth-error.js';
import { takeLock } from './tab-lock.js';

/**
 * Waits for the turn to use a login up, and gives what gives it back, which others notice when they can read what was
 * written. Where the platform has no locks there is no turn to wait for.
 */
export function claim(name) {
  return new Promise((resolve, reject) => {
    const give = takeLock(name, (how) => {
      // Whoever has the turn answers a response, and it may be this one.
      if (how === 'timeout') reject(new OAuthError('state_replayed', 'Another tab answers a response and does not come to its end, and it may be this one; sign in again.'));
      else resolve(() => give());
    });
  });
}
