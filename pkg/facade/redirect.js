// What a response brings to the application.
import { APP_STATE, RETURN_TO } from 'claviger:numbers';

/**
 * What the application gave to the login, which stands in this answer of the module's; nothing if its state is no JSON,
 * because another program wrote it.
 */
export function keptIn({ [APP_STATE]: appState, [RETURN_TO]: returnTo }) {
  try {
    return { ...(appState && { appState: JSON.parse(appState) }), ...(returnTo && { returnTo }) };
  } catch {
    return undefined;
  }
}

/** What it brought, and what the application wanted back with it. */
export function redirectOf(answer, brought) {
  return Object.freeze({ ...brought, ...keptIn(answer) });
}
