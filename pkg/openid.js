// For tools that read no "exports".
export * from './wasm/openid.js';
