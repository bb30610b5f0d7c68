import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { execFileSync } from 'node:child_process';
import { build, type Plugin } from 'esbuild';
import * as schemas from 'zod/mini';

/**
 * Builds what `import … from 'switchboard/client'` gets: one file of JavaScript without dependencies for browsers, Node
 * and React Native, another one with what only Node has, and their types. Node does not strip types below node_modules,
 * so the sources themselves would not do there.
 */

const root = join(import.meta.dirname, '..');

/** The modules whose names the two entry points export. */
export const clientModules = {
  client: [
    'attachments.ts',
    'chat-client.ts',
    'chat-client-options.ts',
    'chat-state-rules.ts',
    'http.ts',
    'network-error.ts',
    'outbox-in-browser.ts',
    'outbox-storage.ts',
    'outgoing-task.ts',
    'pending-message.ts',
    'presence.ts',
    'refused-error.ts',
    'search.ts',
    'sent.ts',
    'server-event.ts',
    'session.ts',
    'timeline.ts',
  ],
  node: ['outbox-folder-lock.ts', 'outbox-in-files.ts'],
} as const;

export interface BuiltClient {
  /** Bytes of the bundle for browsers as it travels, compressed. */
  readonly gzipBytes: number;
}

/**
 * The client takes of the contract the paths, the names and the types: it checks no answer against a schema, because a
 * newer server may say more. So the library that makes the schemas stays out, and with it the only dependency.
 */
const withoutSchemas: Plugin = {
  name: 'without-schemas',
  setup: (building) => {
    building.onResolve({ filter: /^zod\/mini$/ }, () => ({ path: 'schemas', namespace: 'without-schemas' }));
    building.onLoad({ filter: /.*/, namespace: 'without-schemas' }, () => ({
      contents: [
        'const any = new Proxy(function () {}, { get: (_, name) => (typeof name === "symbol" ? undefined : any), apply: () => any });',
        ...Object.keys(schemas).map((name, index) => `const n${index} = any; export { n${index} as ${name} };`),
      ].join('\n'),
    }));
  },
};

/** Builds into a folder, which is emptied. */
export async function buildClient(folder: string, { types = true } = {}): Promise<BuiltClient> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const [name, modules] of Object.entries(clientModules)) {
    const lines = modules.map((module) => `export * from './shared/client/${module}';`);
    await build({
      stdin: { contents: lines.join('\n'), resolveDir: root, loader: 'ts' },
      outfile: join(folder, `${name}.js`),
      bundle: true,
      format: 'esm',
      platform: name === 'node' ? 'node' : 'browser',
      target: 'es2022',
      minify: true,
      plugins: [withoutSchemas],
      logLevel: 'warning',
    });
    const typed = modules.map((module) => `export * from './types/client/${module}';`);
    await writeFile(join(folder, `${name}.d.ts`), `${typed.join('\n')}\n`);
  }
  if (types) emitTypes(folder);
  return { gzipBytes: gzipSync(await readFile(join(folder, 'client.js'))).length };
}

function emitTypes(folder: string): void {
  const modules = Object.values(clientModules).flat();
  const options = ['--declaration', '--emitDeclarationOnly', '--noEmit', 'false', '--rootDir', join(root, 'shared')];
  const files = modules.map((module) => join(root, 'shared/client', module));
  const compilerOptions = ['--target', 'ES2024', '--module', 'ESNext', '--moduleResolution', 'Bundler', '--strict'];
  const more = ['--allowImportingTsExtensions', '--exactOptionalPropertyTypes', '--skipLibCheck', '--types', 'node'];
  execFileSync(
    process.execPath,
    [
      join(root, 'node_modules/typescript/bin/tsc'),
      ...['--ignoreConfig', ...options, ...compilerOptions, ...more, '--lib', 'ES2024,DOM,DOM.Iterable'],
      ...['--noUncheckedIndexedAccess', '--outDir', join(folder, 'types'), ...files],
    ],
    { stdio: 'inherit' },
  );
}

if (process.argv[1] === import.meta.filename) {
  const { gzipBytes } = await buildClient(join(root, 'dist/client'));
  console.log(`switchboard/client: ${(gzipBytes / 1024).toFixed(1)} KB compressed`);
}
