// Base64 inside of the entry.
import text from 'claviger:base64';

export const module = () => Uint8Array.fromBase64(text);
export { module as moduleNow };
