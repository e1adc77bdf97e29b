// One at a time among the tabs that see the same logins: of two that answer a response whoever comes second finds its
// login used up, and of two that start a login none takes the place of the other's.
import { OAuthError } from './oauth-error.js';
import { SETTLING_MS, takeLock } from './tab-lock.js';

/**
 * Waits for a turn, and gives what gives it back, which others notice when they can read what was written, and how it was
 * had. Where the platform has no locks there is none to wait for.
 */
function turn(name) {
  return new Promise((resolve) => {
    const give = takeLock(name, (how) => resolve([(settling) => give(settling), how]));
  });
}

/** The turn to use a login up. */
export async function claim(name) {
  const [give, how] = await turn(name);
  // Whoever has the turn answers a response, and it may be this one.
  if (how === 'timeout') throw new OAuthError('state_replayed', 'Another tab answers a response and does not come to its end, and it may be this one; sign in again.');
  return give;
}

/** This tab's turn to start logins, how many are being started in it, and what ends it. */
let starting;
let starts = 0;
let ending;

/** Keeps a login by `run` while no other tab chooses a place for one. */
export async function startInTurn(run) {
  starts += 1;
  // What this tab has written it reads at once.
  clearTimeout(ending);
  starting ??= turn('claviger login');
  const [give] = await starting;
  try {
    return run();
  } finally {
    starts -= 1;
    if (starts === 0) {
      ending = setTimeout(() => {
        starting = undefined;
        give(0);
      }, SETTLING_MS);
    }
  }
}
