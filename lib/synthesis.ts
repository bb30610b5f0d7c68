import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { addStacks } from './application.ts';
import { bundleFunctions } from './functions/bundle.ts';
import { functionNames } from './functions/definitions.ts';
import { readStage } from './settings.ts';

const root = join(import.meta.dirname, '..');
const siteDirectory = join(root, 'docs/site');

export interface SynthesisOptions {
  /** Overrides `cdk.json`. Values of `cdk -c` override both. */
  readonly context?: Readonly<Record<string, unknown>>;
  readonly outputDirectory: string;
  /** Runs cdk-nag, which takes some seconds. Default: true. */
  readonly checks?: boolean;
  readonly log: (line: string) => void;
}

/**
 * Needs no network and no account.
 *
 * @throws Error for invalid settings, missing sources, code that does not build, and unacknowledged findings of
 *   cdk-nag.
 */
export async function synthesise({
  context,
  outputDirectory,
  checks = true,
  log,
}: SynthesisOptions): Promise<CloudAssembly> {
  const app = new App({
    outdir: outputDirectory,
    context: { ...contextOfProject(), ...context },
    analyticsReporting: false,
    treeMetadata: false,
  });
  const stage = readStage(String(app.node.tryGetContext('stage') ?? 'dev'), app.node.tryGetContext('stages'));
  const bundles = await bundleFunctions(functionNames, { log });
  if (!existsSync(siteDirectory)) throw new Error('docs/site is missing. Run: npm run documents');

  addStacks(app, {
    stage,
    siteDirectory,
    checks,
    code: (name) => Code.fromAsset(bundles[name]),
  });
  return app.synth();
}

function contextOfProject(): Record<string, unknown> {
  const project = JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8')) as { context: Record<string, unknown> };
  return project.context;
}
