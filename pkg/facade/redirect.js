// What a response brings to the application.
import { APP_STATE, RETURN_TO } from 'claviger:numbers';

/** The application's state from the login's record; nothing if it is no JSON, because another program wrote it. */
function readAppState(text) {
  try {
    return { appState: JSON.parse(text) };
  } catch {
    return {};
  }
}

/** The token, and what the application wanted back with it, which stands in this answer of the module's. */
export function redirectOf({ [APP_STATE]: appState, [RETURN_TO]: returnTo }, token) {
  return Object.freeze({ token, ...(appState && readAppState(appState)), ...(returnTo && { returnTo }) });
}
