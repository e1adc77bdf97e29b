// For tools that read no "exports".
export * from './wasm/no-wasm.js';
