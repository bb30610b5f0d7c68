import { spawn } from 'node:child_process';

const help = `Runs command lines at the same time. Prints each one's output when it ends.

Usage: tsx bin/side-by-side.ts <command line> <command line> …

Exits with 1 if one of them fails. The others still run to their end.`;

/** Resolves to whether the command line succeeded. */
function run(commandLine: string): Promise<boolean> {
  const startedAt = performance.now();
  const child = spawn(commandLine, { shell: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const output: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => output.push(chunk));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
      const end = code === 0 ? 'succeeded' : `failed (${signal ?? code})`;
      process.stdout.write(`\n== ${commandLine}\n${Buffer.concat(output).toString()}== ${end} after ${seconds} s\n`);
      resolve(code === 0);
    });
  });
}

const commandLines = process.argv.slice(2);
if (commandLines.length === 0 || commandLines.includes('--help')) {
  console.log(help);
} else {
  const results = await Promise.all(commandLines.map(run));
  if (!results.every(Boolean)) process.exitCode = 1;
}
