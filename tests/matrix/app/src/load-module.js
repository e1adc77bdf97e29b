// Does nothing, but where the program has to tell `claviger/wasm` where its module is.
export async function loadModule() {}
