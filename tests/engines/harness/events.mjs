// What the client of a page under test tells its listeners.
import { until } from './app.mjs';

/** From now on the events of the page's client are in `globalThis.events`. */
export const listen = (app, options) =>
  app.evaluate(async (options) => {
    globalThis.events = [];
    (await clientFor(options)).subscribe(({ type, cause }) => void globalThis.events.push(`${type} by ${cause}`));
  }, options);
export const events = (app) => app.evaluate(() => globalThis.events);
export const told = (app, event) => until(app, (event) => globalThis.events.includes(event), event);
