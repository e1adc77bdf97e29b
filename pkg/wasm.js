export * from './index.js';
export { load } from './facade/package.js';
