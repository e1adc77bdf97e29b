/** A storage of this program's: what it keeps ends with the program. */
export function memoryStorage() {
  const kept = new Map();
  const storage = {
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, text) => void kept.set(name, text),
    removeItem: (name) => void kept.delete(name),
  };
  return () => storage;
}
