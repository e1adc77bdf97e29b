// The same adapter with the form of the entry that a bundler takes for production.
export { open } from './claviger-implicit.js';

export const about = {
  title: 'claviger/implicit, production', package: 'claviger', exports: ['claviger/implicit'],
  conditions: ['production'], flow: 'implicit', state: 'client',
};
