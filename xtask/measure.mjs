// Prints the sizes of files as JSON: node measure.mjs FILE… -> [{"raw": n, "gzip": n, "brotli": n}, …]
import { readFile } from 'node:fs/promises';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const sizes = [];
for (const file of process.argv.slice(2)) {
  const bytes = await readFile(file);
  sizes.push({
    raw: bytes.length,
    gzip: gzipSync(bytes, { level: 9 }).length,
    brotli: brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length,
  });
}
console.log(JSON.stringify(sizes));
