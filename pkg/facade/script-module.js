// The module as plain JavaScript, for pages where WebAssembly is forbidden.
import { instantiate } from 'claviger:script';

export const refused = 'The module did not load; load the page again.';

export const source = () => instantiate;
export const sourceNow = source;
