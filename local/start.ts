import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { startLocalRun } from './run.ts';

const help = `node start.ts <cloud assembly> [--port 3000] [--data .local-account]

Runs a synthesised cloud assembly (cdk.out) on this machine until Ctrl-C.

  --port   port of the template's public address on 127.0.0.1; 0 chooses a free one
  --data   folder for tables, objects, keys and queues; delete it to start with an empty account`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    port: { type: 'string', default: '3000' },
    data: { type: 'string', default: '.local-account' },
    help: { type: 'boolean', default: false },
  },
});
const [assemblyDirectory] = positionals;

if (values.help || assemblyDirectory === undefined) {
  console.log(help);
  process.exitCode = values.help ? 0 : 2;
} else {
  await start(assemblyDirectory, values.data, Number(values.port));
}

async function start(assembly: string, data: string, port: number): Promise<void> {
  const run = await startLocalRun({
    assemblyDirectory: resolve(assembly),
    dataDirectory: resolve(data),
    port,
    log: (line) => console.error(line),
  }).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void run.stop());
  console.log(`Public address  ${run.url}   ${run.socketUrl}
Inspector       ${run.url}/__local
AWS endpoint    ${run.aws.url}   credentials in ${data}/run.json`);
  console.log(`Ctrl-C ends the run. Its data stays in ${data}.`);
}
