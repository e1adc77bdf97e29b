export * from './index.js';
export { load } from './entry.js';
