// Characters inside of the entry, as it is, and read by a loop instead of the browser's own code.
import text from 'claviger:dense';

export const module = () => Uint8Array.from(text, (character) => character.charCodeAt());
export { module as moduleNow };
