// How large the browser client is, minified and compressed, as a page would load it that bundles its modules.
//
//   node size.mjs <entry>

import { build } from 'esbuild';
import { gzipSync } from 'node:zlib';

const [entry] = process.argv.slice(2);
const { outputFiles: [{ contents }] } = await build({
  entryPoints: [entry],
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  write: false,
});
console.log(gzipSync(contents, { level: 9 }).length);
