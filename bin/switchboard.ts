import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { synthesise } from '../lib/synthesis.ts';
import { prepareSite } from './site.ts';

/**
 * The CDK app. `npx cdk …` runs it; `npx tsx bin/switchboard.ts [-c stage=prod]` writes `cdk.out` without the CDK's
 * command line, network or account.
 */
const { values } = parseArgs({ options: { context: { type: 'string', short: 'c', multiple: true, default: [] } } });
const context = Object.fromEntries(
  values.context.map((pair) => {
    const [name = '', ...rest] = pair.split('=');
    return [name, rest.join('=')];
  }),
);

try {
  await prepareSite();
  const assembly = await synthesise({
    context,
    // The CDK's command line says where it wants the assembly.
    outputDirectory: process.env['CDK_OUTDIR'] ?? join(import.meta.dirname, '../cdk.out'),
    log: (line) => console.error(line),
  });
  console.error(`Synthesised ${assembly.stacks.map((stack) => stack.stackName).join(', ')} into ${assembly.directory}`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
