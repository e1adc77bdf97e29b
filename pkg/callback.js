// For tools that read no "exports".
import './wasm/callback.js';
