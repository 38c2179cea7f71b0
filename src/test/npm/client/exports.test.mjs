import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { test } from 'node:test';

const WEBAPP = new URL('../../../main/webapp/', import.meta.url);
const CLIENT = new URL('client/', WEBAPP);
const CONSOLE = new URL('console/', WEBAPP);

/** An import or export from, for its effects alone, by `import()`, or of types in a comment. */
const SPECIFIER = /(?:\bfrom|\bimport)\s*\(?\s*['"]([^'"]+)['"]/g;

const { exports } = JSON.parse(await readFile(new URL('package.json', CLIENT), 'utf8'));
const exported = Object.values(exports).flatMap(({ default: path }) => (path ? new URL(path, CLIENT).href : []));

test('the page is an example: it imports of the library only what its package exports', async () => {
  const files = (await readdir(CONSOLE)).filter(name => name.endsWith('.js'));
  const imports = (await Promise.all(files.map(importsOf))).flat();
  assert.ok(imports.some(({ target }) => target === exported[0]), 'there is something to be seen');
  const internal = imports.filter(({ target }) => target.startsWith(CLIENT.href) && !exported.includes(target));
  assert.deepEqual(internal.map(({ file, specifier }) => `${file}: ${specifier}`), []);
});

test('what the package exports is there', async () => {
  for (const module of exported) {
    assert.ok(Object.keys(await import(module)).length > 0, module);
  }
});

async function importsOf(file) {
  const url = new URL(file, CONSOLE);
  const text = await readFile(url, 'utf8');
  return [...text.matchAll(SPECIFIER)].map(([, specifier]) => ({ file, specifier, target: new URL(specifier, url).href }));
}
