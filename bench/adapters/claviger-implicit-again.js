// The same adapter a second time: whatever differs between the two is noise.
export { open } from './claviger-implicit.js';

export const about = {
  title: 'claviger/implicit, again', package: 'claviger', exports: ['claviger/implicit'], flow: 'implicit', state: 'client',
};
