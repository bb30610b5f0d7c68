import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { indexStreamRecords } from './stream-indexes.ts';

export interface EngineProcess {
  readonly host: string;
  readonly port: number;
  stop(): Promise<void>;
}

/** Ends the engine even after `kill -9`, which closes the shell's standard input. */
const supervise = `
"$@" &
engine=$!
echo "$engine" > "$PID_FILE"
exec 1>&- 2>&-
cat > /dev/null
kill "$engine" 2> /dev/null
wait "$engine"
[ "$(cat "$PID_FILE")" = "$engine" ] && rm -f "$PID_FILE"
`;

const startAttempts = 5;

/**
 * Uses the server in `DYNAMODB_ENDPOINT` if given.
 *
 * @throws Error if this platform has no engine.
 */
export async function startEngine(dataDirectory: string, endpoint: string | undefined): Promise<EngineProcess> {
  if (endpoint !== undefined && endpoint !== '') {
    const url = new URL(endpoint);
    return { host: url.hostname, port: Number(url.port || 80), stop: () => Promise.resolve() };
  }
  const binary = engineBinary();
  mkdirSync(dataDirectory, { recursive: true, mode: 0o700 });
  const pidFile = join(dataDirectory, 'dynamodb.pid');
  await endLeftover(pidFile);
  const database = join(dataDirectory, 'dynamodb.sqlite');
  let output = '';
  for (let attempt = 0; attempt < startAttempts; attempt += 1) {
    // The engine reports port 0 as 0. Another process may take the port first.
    const port = await freePort();
    const started = await launch(binary, port, database, pidFile);
    if (started.running) {
      indexStreamRecords(database);
      return supervised(started, () => launch(binary, port, database, pidFile), port);
    }
    output = started.output;
  }
  throw new Error(`The DynamoDB engine did not start: ${output.trim()}`);
}

function engineBinary(): string {
  const name = `@dynoxide/${process.platform}-${process.arch}`;
  try {
    return createRequire(import.meta.url).resolve(`${name}/dynoxide`);
  } catch (cause) {
    throw new Error(
      `The DynamoDB engine for this platform is not installed. Install it with "npm install --no-save ${name}@1.2.1", ` +
        'or set DYNAMODB_ENDPOINT to the address of another DynamoDB-compatible server.',
      { cause },
    );
  }
}

interface Launched {
  readonly running: boolean;
  readonly output: string;
  readonly ended: Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Restarts a crashed engine. Callers retry. */
function supervised(first: Launched, relaunch: () => Promise<Launched>, port: number): EngineProcess {
  let current = first;
  let isStopping = false;
  const watch = async (): Promise<void> => {
    for (;;) {
      await current.ended;
      if (isStopping) return;
      await current.stop();
      const next = await relaunch();
      if (!next.running) return;
      current = next;
      if (isStopping) await next.stop();
    }
  };
  const watching = watch();
  return {
    host: '127.0.0.1',
    port,
    stop: async () => {
      isStopping = true;
      await current.stop();
      await watching;
    },
  };
}

async function launch(binary: string, port: number, database: string, pidFile: string): Promise<Launched> {
  const command = [binary, 'serve', '--host', '127.0.0.1', '-p', String(port), '--db-path', database];
  // Detached: Ctrl-C must not end the shell before its engine.
  const shell = spawn('/bin/sh', ['-c', supervise, 'dynamodb-engine', ...command], {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
    env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin', PID_FILE: pidFile },
  });
  let output = '';
  // The shell has closed its own streams, so both close with the engine.
  const ended = new Promise<void>((settle) => {
    shell.stdout.once('close', () => settle());
    shell.once('error', () => settle());
  });
  const running = await new Promise<boolean>((settle) => {
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
      if (output.includes('Dynoxide listening on')) settle(true);
    };
    shell.stdout.on('data', read);
    shell.stderr.on('data', read);
    void ended.then(() => settle(false));
  });
  const stop = (): Promise<void> => endShell(shell);
  if (!running) await stop();
  return { running, output, ended, stop };
}

function endShell(shell: ChildProcess): Promise<void> {
  if (shell.exitCode !== null || shell.signalCode !== null) return Promise.resolve();
  return new Promise((settle) => {
    shell.once('exit', () => settle());
    shell.stdin?.end();
  });
}

/** Ends an earlier run's engine. */
async function endLeftover(pidFile: string): Promise<void> {
  if (!existsSync(pidFile)) return;
  const pid = Number(readFileSync(pidFile, 'utf8').trim());
  if (Number.isInteger(pid) && pid > 1 && (await isEngine(pid))) {
    process.kill(pid, 'SIGTERM');
    await gone(pid);
  }
  rmSync(pidFile, { force: true });
}

/** Another program may have the same number by now. */
function isEngine(pid: number): Promise<boolean> {
  if (process.platform === 'linux') {
    const commandLine = `/proc/${pid}/cmdline`;
    return Promise.resolve(existsSync(commandLine) && readFileSync(commandLine, 'utf8').includes('dynoxide'));
  }
  return new Promise((settle) => {
    const list = spawn('ps', ['-p', String(pid), '-o', 'args=']);
    let output = '';
    list.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    list.once('error', () => settle(false));
    list.once('close', () => settle(output.includes('dynoxide')));
  });
}

async function gone(pid: number): Promise<void> {
  const patience = Date.now() + 5000;
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    if (Date.now() > patience) {
      process.kill(pid, 'SIGKILL');
      return;
    }
    // Node reports the end of child processes only.
    await new Promise((resume) => setTimeout(resume, 10));
  }
}

function freePort(): Promise<number> {
  return new Promise((settle, fail) => {
    const server = createServer();
    server.once('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => settle(port));
    });
  });
}
