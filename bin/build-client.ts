import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { execFileSync } from 'node:child_process';
import { build, type Plugin } from 'esbuild';
import { clientContract } from './client-contract.ts';

/**
 * Builds the `switchboard/client` exports with types. Programs cannot import the sources, because Node does not strip
 * types in node_modules.
 */

const root = join(import.meta.dirname, '..');

const clientModules = {
  client: [
    'client/chat-client.ts',
    'client/chat-client-options.ts',
    'client/chat-state-rules.ts',
    'client/http.ts',
    'client/network-error.ts',
    'client/outbox-in-browser.ts',
    'client/outbox-storage.ts',
    'client/outgoing-task.ts',
    'client/pending-message.ts',
    'client/platform.ts',
    'client/presence.ts',
    'client/refused-error.ts',
    'client/search.ts',
    'client/sent.ts',
    'client/server-event.ts',
    'client/session.ts',
    'client/timeline.ts',
  ],
  attachments: ['client/attachments.ts'],
  desk: ['client/desk.ts', 'client/queue-view.ts', 'client/queue-view-rules.ts'],
  drafts: ['client/draft-rules.ts', 'client/drafts.ts'],
  guest: [
    'client/guest-keys.ts',
    'client/guest-keys-in-browser.ts',
    'client/guest-sign-in.ts',
    'client/support.ts',
    'client/support-start.ts',
  ],
  notifications: ['client/notifications.ts', 'client/notification-rules.ts'],
  node: ['client/guest-keys-in-files.ts', 'client/outbox-folder-lock.ts', 'client/outbox-in-files.ts'],
} as const;

/** Programs need only the types of these. */
const typeModules = [
  'attachment',
  'conversation',
  'guest',
  'message',
  'notification',
  'presence',
  'receipt',
  'user',
].map((name) => `contract/schemas/${name}.ts`);

export type ClientPart = keyof typeof clientModules;

export interface BuiltClient {
  /** Compressed size of each file. */
  readonly gzipBytes: Readonly<Record<ClientPart, number>>;
}

/**
 * Imports a module that another part exports from that part, so that a program has one copy of it. An error of two
 * copies would have two classes.
 */
function sharedModules(name: string): Plugin {
  const owners = new Map<string, string>();
  for (const part of name === 'client' ? [] : (['client', 'guest'] as const)) {
    if (part !== name) for (const module of clientModules[part]) owners.set(join(root, 'shared', module), part);
  }
  return {
    name: 'shared-modules',
    setup: (building) => {
      building.onResolve({ filter: /^\.{1,2}\/.*\.ts$/ }, ({ path, resolveDir }) => {
        const owner = owners.get(join(resolveDir, path));
        return owner === undefined ? undefined : { path: `./${owner}.js`, external: true };
      });
    },
  };
}

/** Empties the folder first. */
export async function buildClient(folder: string, { types = true } = {}): Promise<BuiltClient> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const routes = await routeModules();
  const entries: Readonly<Record<string, readonly string[]>> = { ...clientModules, routes: Object.keys(routes) };
  for (const [name, modules] of Object.entries(entries)) {
    const exportsOf = (module: string): string =>
      name === 'routes' ? `{ ${(routes[module] ?? []).join(', ')} }` : '*';
    const lines = modules.map((module) => `export ${exportsOf(module)} from './shared/${module}';`);
    await build({
      stdin: { contents: lines.join('\n'), resolveDir: root, loader: 'ts' },
      outfile: join(folder, `${name}.js`),
      bundle: true,
      format: 'esm',
      platform: name === 'node' ? 'node' : 'browser',
      target: 'es2022',
      minify: true,
      plugins: [clientContract, sharedModules(name)],
      logLevel: 'warning',
    });
    const typed = modules.map((module) => `export ${exportsOf(module)} from './types/${module}';`);
    if (name === 'client') typed.push(...typeModules.map((module) => `export type * from './types/${module}';`));
    await writeFile(join(folder, `${name}.d.ts`), `${typed.join('\n')}\n`);
  }
  if (types) emitTypes(folder, Object.values(entries).flat());
  const sizes = Object.keys(clientModules).map(async (name) => {
    const file = await readFile(join(folder, `${name}.js`));
    return [name, gzipSync(file, { level: 9 }).length] as const;
  });
  return { gzipBytes: Object.fromEntries(await Promise.all(sizes)) as BuiltClient['gzipBytes'] };
}

async function routeModules(): Promise<Readonly<Record<string, readonly string[]>>> {
  const paths = (await readdir(join(root, 'shared/contract'), { recursive: true })).map((path) =>
    path.replaceAll('\\', '/'),
  );
  const modules: Record<string, readonly string[]> = {};
  for (const path of paths.filter((each) => each.endsWith('.ts')).sort()) {
    const text = await readFile(join(root, 'shared/contract', path), 'utf8');
    const names = [...text.matchAll(/^export const (\w+) = defineRoute\(/gm)].map(([, name = '']) => name);
    if (names.length > 0) modules[`contract/${path}`] = names;
  }
  return modules;
}

function emitTypes(folder: string, modules: readonly string[]): void {
  const options = ['--declaration', '--emitDeclarationOnly', '--noEmit', 'false', '--rootDir', join(root, 'shared')];
  const files = modules.map((module) => join(root, 'shared', module));
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
  for (const [name, bytes] of Object.entries(gzipBytes)) {
    const path = name === 'client' ? name : `client/${name}`;
    console.log(`switchboard/${path}: ${(bytes / 1024).toFixed(1)} KB compressed`);
  }
}
