// How large the browser client is, minified and compressed: two numbers in bytes, of what a page must have before its
// WebSocket opens, and of all that it loads as it goes down the ladder and uses what there is.
//
//   node size.mjs <entry>

import { build } from 'esbuild';
import { gzipSync } from 'node:zlib';
import { minify } from 'terser';

const [entry] = process.argv.slice(2);
const { outputFiles, metafile } = await build({
  entryPoints: [entry],
  bundle: true,
  splitting: true,
  minify: true,
  metafile: true,
  format: 'esm',
  target: 'es2022',
  outdir: 'bundle',
  write: false,
});

const sizes = await Promise.all(outputFiles.map(async ({ text }) => {
  const { code } = await minify(text, { module: true, ecma: 2022, compress: { passes: 2 }, mangle: true });
  return gzipSync(code, { level: 9 }).length;
}));
const paths = Object.keys(metafile.outputs);

/** What a chunk imports before it runs, and itself. */
function needed(path, known = new Set()) {
  if (!known.has(path)) {
    known.add(path);
    const { imports } = metafile.outputs[path];
    imports.filter(({ kind }) => kind === 'import-statement').forEach(one => needed(one.path, known));
  }
  return known;
}

const first = needed(paths.find(path => metafile.outputs[path].entryPoint?.endsWith('parley.js')));
const sum = (total, size) => total + size;
console.log(sizes.filter((_, index) => first.has(paths[index])).reduce(sum, 0), sizes.reduce(sum, 0));
