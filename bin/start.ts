import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { LocalRun } from '../local/contract.ts';
import { startLocalRun } from '../local/run.ts';
import { build } from './build.ts';
import { demoPassword, demoTenants } from './demo-data.ts';
import { localProvision } from './local-provision.ts';
import { configureLocalPush } from './local-push.ts';
import { seedDemo } from './seed.ts';

const defaultFolder = '.switchboard';

const help = `npm start: runs the whole system on this machine, from the same CloudFormation template as a deployment.

  PORT=3000              port on 127.0.0.1 for pages, HTTP API and WebSocket
  DATA_DIR=${defaultFolder}  data folder (delete it to start with an empty one)
  PUBLIC_URL             origin of a tunnel to the port, such as https://name-3000.app.github.dev
  DYNAMODB_ENDPOINT      DynamoDB-compatible server to use instead of the included database engine`;

/** Runs until Ctrl-C. The first start creates the demo data. */
async function start(): Promise<void> {
  const startedAt = performance.now();
  // A closed terminal must not prevent an orderly shutdown.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  const say = (line: string): void => console.error(line);
  const port = portOf(process.env['PORT']);
  const publicUrl = publicUrlOf(process.env['PUBLIC_URL']);
  const dataFolder = process.env['DATA_DIR'] ?? defaultFolder;
  const dataDirectory = resolve(dataFolder);
  const started: { run?: LocalRun } = {};
  let stopping = false;
  const stop = (reason: string): void => {
    if (stopping) return;
    stopping = true;
    say(`\nStopping: ${reason}`);
    (started.run?.stop() ?? Promise.resolve()).then(
      () => process.exit(0),
      (error: unknown) => {
        say(`Stopping failed: ${String(error)}`);
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', () => stop('Ctrl-C'));
  process.on('SIGTERM', () => stop('SIGTERM'));
  process.on('SIGHUP', () => stop('the terminal was closed'));
  if (process.env['npm_lifecycle_event'] === 'start') whenParentEnds(() => stop('npm has ended'));

  await build(say);
  const run = await startLocalRun({
    assemblyDirectory: resolve(import.meta.dirname, '../cdk.out'),
    dataDirectory,
    port,
    ...(publicUrl === undefined ? {} : { publicUrl }),
    log: say,
  });
  started.run = run;

  const seeded = join(dataDirectory, 'seeded');
  if (!existsSync(seeded)) {
    say('First start: creating the demo tenants and users');
    await seedDemo(localProvision(run), say);
    await configureLocalPush(run);
    await writeFile(seeded, `${new Date().toISOString()}\n`);
  }
  console.log(welcome(run, dataFolder, Math.round(performance.now() - startedAt)));
}

const parentCheckMs = 250;

/** npm signals only its shell, which does not forward signals. This process then gets another parent. */
function whenParentEnds(ended: () => void): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    ended();
  }, parentCheckMs);
  timer.unref();
}

function portOf(text: string | undefined): number {
  const port = Number(text ?? 3000);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Error(`PORT is "${text}": it must be a whole number from 1 to 65535`);
  }
  return port;
}

function publicUrlOf(text: string | undefined): string | undefined {
  if (text === undefined || text === '') return undefined;
  if (URL.canParse(text)) {
    const { protocol, origin, pathname } = new URL(text);
    if ((protocol === 'http:' || protocol === 'https:') && pathname === '/') return origin;
  }
  throw new Error(`PUBLIC_URL is "${text}": it must be an origin, such as https://name-3000.app.github.dev`);
}

function shellWord(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

function welcome({ url, socketUrl }: LocalRun, dataFolder: string, milliseconds: number): string {
  const variable = dataFolder === defaultFolder ? '' : `DATA_DIR=${shellWord(dataFolder)} `;
  const users = demoTenants
    .map(({ slug, users: all }) => {
      const shown =
        all.length > 6
          ? [all[0], all.at(-1)].map((user) => user?.email).join(' … ')
          : all.map((user) => user.email).join(', ');
      return `    ${slug.padEnd(9)} ${shown}`;
    })
    .join('\n');
  return `
Switchboard is ready (${(milliseconds / 1000).toFixed(1)} s)

  API and socket   ${url}/api/v1   ${socketUrl}
  Documents        ${url}/docs   ${url}/reference
  Inspector        ${url}/__local

  Demo users (password ${demoPassword}, this machine only):
${users}

  To chat, run each of these commands in a separate terminal:
    ${variable}npx switchboard chat --as alice@demo.test --tenant demo --with bob@demo.test
    ${variable}npx switchboard chat --as bob@demo.test --tenant demo --with alice@demo.test

  Ctrl-C stops everything. The data stays in the folder ${dataFolder}.
`;
}

if (process.argv.includes('--help')) console.log(help);
else {
  start().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  });
}
