import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { build, type BuildOptions, type BuildResult, type Metafile, version as esbuildVersion } from 'esbuild';
import { leanContract } from './lean-contract.ts';

const projectRoot = join(import.meta.dirname, '../..');

/** ECMAScript modules are 195 KB smaller than CommonJS and load three times faster. */
export const bundleOptions = {
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  mainFields: ['module', 'main'],
  minify: true,
  charset: 'utf8',
  legalComments: 'none',
  plugins: [leanContract],
  // Keeps the bundle one file.
  loader: { '.wasm': 'binary' },
  sourcemap: 'external',
  // Some packages still call `require`. Minified names could collide with a short name.
  banner: { js: "import{createRequire as makeRequire}from'node:module';const require=makeRequire(import.meta.url);" },
} satisfies BuildOptions;

export interface BundleSettings {
  readonly root?: string;
  readonly log?: (line: string) => void;
}

interface BundleRecord {
  readonly toolchain: string;
  readonly inputs: Readonly<Record<string, string>>;
  /** Hashes of the modules by file name. */
  readonly outputs: Readonly<Record<string, string>>;
}

/**
 * Writes one `index.mjs` per function. Skips unchanged functions. The output depends only on the inputs.
 *
 * @param names - files of `functions/`, without `.ts`.
 * @returns the directory of each function.
 * @throws Error for functions without a source; esbuild's error for invalid code.
 */
export async function bundleFunctions<Name extends string>(
  names: readonly Name[],
  { root = projectRoot, log = () => undefined }: BundleSettings = {},
): Promise<Readonly<Record<Name, string>>> {
  const missing = names.filter((name) => !existsSync(join(root, entryPoint(name))));
  if (missing.length > 0) {
    throw new Error(`The stacks have functions without a source: ${missing.map(entryPoint).join(', ')}`);
  }
  const cache = new BundleCache(root, await describeToolchain(root));
  const current = await Promise.all(names.map((name) => cache.isCurrent(name)));
  const stale = names.filter((_name, index) => current[index] !== true);
  if (stale.length > 0) {
    const startedAt = performance.now();
    await cache.build(stale);
    log(`Bundled ${stale.join(', ')} in ${Math.round(performance.now() - startedAt)} ms`);
  }
  return Object.fromEntries(names.map((name) => [name, cache.directoryOf(name)])) as Record<Name, string>;
}

/**
 * The functions that handle every message. Code that they import when they need it, such as the desk's, is in chunks,
 * which most of their environments never load.
 */
const withChunks: ReadonlySet<string> = new Set(['messages', 'socket-message']);

class BundleCache {
  readonly #root: string;
  readonly #directory: string;
  readonly #toolchain: string;
  readonly #hashes = new Map<string, Promise<string>>();

  constructor(root: string, toolchain: string) {
    this.#root = root;
    this.#directory = join(root, 'node_modules/.cache/switchboard/bundles');
    this.#toolchain = toolchain;
  }

  directoryOf(name: string): string {
    return join(this.#directory, name);
  }

  async isCurrent(name: string): Promise<boolean> {
    let record: BundleRecord;
    let outputs: readonly (readonly [recorded: string, found: string])[];
    try {
      record = JSON.parse(await readFile(this.#recordOf(name), 'utf8')) as BundleRecord;
      outputs = await Promise.all(
        Object.entries(record.outputs).map(
          async ([file, recorded]) =>
            [recorded, hash(await readFile(join(this.directoryOf(name), file), 'utf8'))] as const,
        ),
      );
    } catch {
      return false;
    }
    if (record.toolchain !== this.#toolchain || outputs.some(([recorded, found]) => recorded !== found)) return false;
    const inputs = Object.entries(record.inputs);
    const unchanged = await Promise.all(
      inputs.map(async ([path, recorded]) => (await this.#hashOf(path)) === recorded),
    );
    return unchanged.every(Boolean);
  }

  /** Each function is built by itself, because functions share no chunks. */
  async build(names: readonly string[]): Promise<void> {
    await Promise.all(names.map((name) => this.#build(name)));
  }

  async #build(name: string): Promise<void> {
    const result = await build({
      ...bundleOptions,
      absWorkingDir: this.#root,
      entryPoints: { index: entryPoint(name) },
      outdir: this.directoryOf(name),
      outExtension: { '.js': '.mjs' },
      splitting: withChunks.has(name),
      metafile: true,
      write: false,
      logLevel: 'silent',
    });
    await this.#store(name, result);
  }

  async #store(name: string, result: BuildResult<{ metafile: true; write: false }>): Promise<void> {
    const directory = this.directoryOf(name);
    const outputs = result.outputFiles.map(({ path, text }) => ({ file: relative(directory, path), text }));
    const ownFiles = reachedFrom(entryPoint(name), result.metafile.inputs);
    const hashes = await Promise.all(ownFiles.map(async (input) => [input, await this.#hashOf(input)] as const));
    const record: BundleRecord = {
      toolchain: this.#toolchain,
      inputs: Object.fromEntries(hashes),
      outputs: Object.fromEntries(outputs.filter(isModule).map(({ file, text }) => [file, hash(text)])),
    };
    for (const output of outputs) {
      const folder = isModule(output) ? directory : join(this.#directory, 'maps', name);
      await this.#write(join(folder, output.file), output.text);
    }
    // A chunk of an earlier build would be deployed, too.
    const kept = new Set(Object.keys(record.outputs));
    const stale = (await readdir(directory)).filter((file) => !kept.has(file));
    await Promise.all(stale.map((file) => rm(join(directory, file), { recursive: true, force: true })));
    await this.#write(this.#recordOf(name), JSON.stringify(record));
  }

  #recordOf(name: string): string {
    return join(this.#directory, `${name}.json`);
  }

  /** Atomic: a reader gets the old or the new file. */
  async #write(path: string, text: string): Promise<void> {
    const temporary = join(this.#directory, `.${process.pid}-${hash(path).slice(0, 12)}`);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(temporary, text);
    await rename(temporary, path);
  }

  #hashOf(path: string): Promise<string> {
    const digest = this.#hashes.get(path) ?? readFile(join(this.#root, path), 'utf8').then(hash, () => 'missing');
    this.#hashes.set(path, digest);
    return digest;
  }
}

function isModule({ file }: { readonly file: string }): boolean {
  return file.endsWith('.mjs');
}

function entryPoint(name: string): string {
  return `functions/${name}.ts`;
}

/** Includes imports without effect on the bundle, because a change may give them one. */
function reachedFrom(entry: string, inputs: Metafile['inputs']): string[] {
  const reached = new Set([entry]);
  for (const path of reached) {
    for (const imported of inputs[path]?.imports ?? []) {
      if (imported.external !== true && !imported.path.startsWith('node_modules/')) reached.add(imported.path);
    }
  }
  return [...reached].sort();
}

async function describeToolchain(root: string): Promise<string> {
  const lock = await readFile(join(root, 'package-lock.json'), 'utf8');
  const plugin = await readFile(join(import.meta.dirname, 'lean-contract.ts'), 'utf8');
  return hash(JSON.stringify([esbuildVersion, bundleOptions, [...withChunks], lock, plugin]));
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
