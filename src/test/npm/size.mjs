// How large the browser client is, minified and compressed, as a page would load it that bundles its modules.
//
//   node size.mjs <entry>

import { build } from 'esbuild';
import { gzipSync } from 'node:zlib';
import { minify } from 'terser';

const [entry] = process.argv.slice(2);
const { outputFiles: [bundle] } = await build({
  entryPoints: [entry],
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  write: false,
});
const { code } = await minify(bundle.text, { module: true, ecma: 2022, compress: { passes: 2 }, mangle: true });
console.log(gzipSync(code, { level: 9 }).length);
