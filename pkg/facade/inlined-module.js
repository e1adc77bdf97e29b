// The module inside of the entry, as text that no tool changes. docs/benchmarks.md compares this form with others.
import { checksum, length, text } from 'claviger:text';
import { decodeModule } from './decode-module.js';
import { OAuthError } from './oauth-error.js';

function bytes() {
  const bytes = decodeModule(text, length, checksum);
  if (!bytes) throw new OAuthError('load_failed', "The file of this entry was changed on its way: serve it as it is in the package, as UTF-8, and keep the build from rewriting its strings.");
  return bytes;
}

/** For the calls that can't wait. */
export const moduleNow = () => new WebAssembly.Module(bytes());

/** Compiles at once where the browser may: Chromium below 115 may not, for more than 4 KiB. */
export async function module() {
  try {
    return moduleNow();
  } catch (error) {
    if (error instanceof RangeError) return WebAssembly.compile(bytes());
    throw error;
  }
}
