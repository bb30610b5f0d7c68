#!/usr/bin/env node
// Starts the command line. The command line needs Node 24. On an older Node, from 20 on, this script starts it with the
// project's own Node.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import module from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const neededMajor = 24;
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [major = 0] = process.versions.node.split('.').map(Number);
/** The project includes Node for linux-x64. */
const ownNode = join(root, 'node_modules/.bin/node');

function printError(text) {
  process.stderr.write(`${text}\n`);
}

if (!existsSync(join(root, 'node_modules/tsx'))) {
  printError('The dependencies are not installed yet.');
  const { status } = spawnSync(process.execPath, [join(root, 'bin/prepare.mjs')], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status !== 0) process.exit(1);
}

if (major >= neededMajor) {
  // Node runs TypeScript. Its cache keeps what it compiled, which halves the time of the next start.
  module.enableCompileCache();
  const { main } = await import('./cli/main.ts');
  await main(process.argv.slice(2));
} else if (existsSync(ownNode)) {
  const child = spawn(ownNode, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' });
  // A terminal sends Ctrl-C to both processes. The child handles it.
  process.on('SIGINT', () => undefined);
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 143)));
} else {
  printError(
    `The command line needs Node ${neededMajor} or newer, but this is ${process.version}. ` +
      `The project includes none for ${process.platform}-${process.arch}: install it from https://nodejs.org`,
  );
  process.exit(1);
}
