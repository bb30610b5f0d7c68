import { join } from 'node:path';
import { parseArgs } from 'node:util';

/** The CDK app. `npx tsx bin/switchboard.ts` writes `cdk.out` without the CDK's command line, network or account. */
const neededMajor = 24;
const nodeVersion = process.versions.node;
if (Number(nodeVersion.split('.')[0]) < neededMajor) {
  console.error(
    `Synthesis needs Node ${neededMajor} or newer, but this is v${nodeVersion}. On linux-x64, npx uses the project’s own ` +
      'Node after npm ci. On other platforms, install it from https://nodejs.org',
  );
  process.exit(1);
}

const { values } = parseArgs({ options: { context: { type: 'string', short: 'c', multiple: true, default: [] } } });
const context = Object.fromEntries(
  values.context.map((pair) => {
    const [name = '', ...rest] = pair.split('=');
    return [name, rest.join('=')];
  }),
);

try {
  // A static import would fail less helpfully on an older Node.
  const { prepareSite } = await import('./site.ts');
  const { synthesise } = await import('../lib/synthesis.ts');
  await prepareSite();
  const assembly = await synthesise({
    context,
    // Set by the CDK's command line.
    outputDirectory: process.env['CDK_OUTDIR'] ?? join(import.meta.dirname, '../cdk.out'),
    log: (line) => console.error(line),
  });
  console.error(`Synthesised ${assembly.stacks.map((stack) => stack.stackName).join(', ')} into ${assembly.directory}`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
