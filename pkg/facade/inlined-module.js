// The module inside of the entry, as text that no tool changes: docs/module-text.md.
import { checksum, length, text } from 'claviger:text';
import { ModuleTextChanged, decodeModule } from './decode-module.js';
import { OAuthError } from './oauth-error.js';

/** Its text has come as it was. */
export const refused = "This browser's WebAssembly is too old for the module; import claviger/no-wasm.";

export function bytes() {
  try {
    return decodeModule(text, length, checksum);
  } catch (cause) {
    if (!(cause instanceof ModuleTextChanged)) throw cause;
    throw new OAuthError('load_failed', "This entry's file was changed on its way: serve it as it is in the package, and keep build steps from rewriting its strings.");
  }
}

/** It is compiled where it is instantiated. */
export const source = bytes;
