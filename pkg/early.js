// For tools that read no "exports".
import './wasm/early.js';
