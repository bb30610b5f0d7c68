import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { buildClient } from '../bin/build-client.ts';
import { bundleFunctions, bundleOptions } from '../lib/functions/bundle.ts';
import { functionNames } from '../lib/functions/definitions.ts';

const hotFunctions = ['messages', 'socket-message'] as const;
const initRuns = 15;
const clientEntry = join(import.meta.dirname, '../shared/client/chat-client.ts');

export interface BundleFigures {
  /** Gzipped KiB per function. */
  readonly bundles: Readonly<Record<string, number>>;
  /** Of the larger one. */
  readonly hotBundleGzipKiB: number;
  readonly hotInitOverSdkRatio: number;
  readonly clientGzipKiB: number;
  readonly clientWithSchemasGzipKiB: number;
}

/** Compares the functions with a bundle of the SDK clients that their hot calls would need. */
export async function measureBundles(): Promise<BundleFigures> {
  const directories = await bundleFunctions(functionNames);
  const directory = await mkdtemp(join(tmpdir(), 'switchboard-bench-'));
  try {
    const sdkOnly = join(directory, 'sdk-only.mjs');
    await build({
      ...bundleOptions,
      // The SDK's credential providers already contain this client.
      alias: { '@aws-sdk/client-sts': '@aws-sdk/nested-clients/sts' },
      entryPoints: [join(import.meta.dirname, 'sdk-only.ts')],
      outfile: sdkOnly,
    });
    const fileOf = (name: (typeof functionNames)[number]): string => join(directories[name], 'index.mjs');
    const client = await buildClient(join(directory, 'client'), { types: false });
    const clientWithSchemas = join(directory, 'client.mjs');
    await build({
      bundle: true,
      minify: true,
      format: 'esm',
      platform: 'browser',
      legalComments: 'none',
      entryPoints: [clientEntry],
      outfile: clientWithSchemas,
    });
    const bundles: Record<string, number> = {};
    for (const name of functionNames) bundles[name] = await loadedGzipKiB(directories[name]);
    const hotFiles = hotFunctions.map(fileOf);
    const [base = NaN, ...inits] = await leastInit(directory, [sdkOnly, ...hotFiles]);
    return {
      bundles,
      hotBundleGzipKiB: Math.max(...hotFunctions.map((name) => bundles[name] ?? NaN)),
      hotInitOverSdkRatio: Math.max(...inits) / base,
      clientGzipKiB: client.gzipBytes.client / 1024,
      clientWithSchemasGzipKiB: await gzipKiB(clientWithSchemas),
    };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** The entry and the chunks that it loads at once. */
async function loadedGzipKiB(directory: string): Promise<number> {
  const loaded = ['index.mjs'];
  let total = 0;
  for (const file of loaded) {
    const text = await readFile(join(directory, file), 'utf8');
    total += gzipSync(text, { level: 9 }).length / 1024;
    for (const [, imported = ''] of text.matchAll(/(?:import|from)\s*"\.\/([^"]+\.mjs)"/g)) {
      if (!loaded.includes(imported)) loaded.push(imported);
    }
  }
  return total;
}

async function gzipKiB(file: string): Promise<number> {
  return gzipSync(await readFile(file), { level: 9 }).length / 1024;
}

/**
 * Milliseconds to load each module in a separate process. Takes the least of 15 alternating runs, because noise only
 * adds time.
 */
async function leastInit(directory: string, files: readonly string[]): Promise<readonly number[]> {
  const script = join(directory, 'time-import.mjs');
  await writeFile(
    script,
    'const at = performance.now(); await import(process.argv[2]); process.stdout.write(String(performance.now() - at));',
  );
  // The SDK reads these variables when its clients are created.
  const env = {
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'bench',
    AWS_SECRET_ACCESS_KEY: 'bench',
    PATH: process.env['PATH'],
  };
  const least = files.map(() => Infinity);
  for (let run = 0; run < initRuns; run += 1) {
    for (const [index, file] of files.entries()) {
      const { stdout } = await promisify(execFile)(process.execPath, [script, file], { env });
      least[index] = Math.min(least[index] ?? Infinity, Number(stdout));
    }
  }
  return least;
}
