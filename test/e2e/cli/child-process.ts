import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '../../..');
const patienceMs = 60_000;

interface Waiter {
  readonly matches: () => boolean;
  readonly resolve: () => void;
}

export class ChildProcess {
  readonly lines: string[] = [];
  readonly errors: string[] = [];
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #exited: Promise<number | null>;
  #waiters: Waiter[] = [];
  #isOver = false;

  constructor(command: string, args: readonly string[], environment: Readonly<Record<string, string>>) {
    this.#child = spawn(command, args, { cwd: root, env: { ...process.env, ...environment } });
    this.#collect(this.#child.stdout, this.lines);
    this.#collect(this.#child.stderr, this.errors);
    this.#exited = once(this.#child, 'close').then(([code]) => {
      this.#isOver = true;
      this.#notify();
      return code as number | null;
    });
    // A write to an ended process fails.
    this.#child.stdin.on('error', () => undefined);
  }

  write(text: string): void {
    this.#child.stdin.write(text);
  }

  endInput(): void {
    this.#child.stdin.end();
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** `null` if a signal ended the process. */
  exit(): Promise<number | null> {
    return this.#exited;
  }

  /** Rejects if the process ends before. */
  async until(event: string, matches: () => boolean): Promise<void> {
    const report = () =>
      `${event} did not happen.\nstdout:\n${this.lines.slice(-30).join('\n')}\nstderr:\n${this.errors.join('\n')}`;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(report())), patienceMs);
      const settle = (): void => {
        clearTimeout(timer);
        if (matches()) resolve();
        else reject(new Error(`The process ended: ${report()}`));
      };
      this.#waiters.push({ matches: () => this.#isOver || matches(), resolve: settle });
      this.#notify();
    });
  }

  #collect(stream: NodeJS.ReadableStream, into: string[]): void {
    createInterface({ input: stream }).on('line', (line) => {
      into.push(line);
      this.#notify();
    });
  }

  #notify(): void {
    const ready = this.#waiters.filter(({ matches }) => matches());
    this.#waiters = this.#waiters.filter((waiter) => !ready.includes(waiter));
    for (const { resolve } of ready) resolve();
  }
}

export function startCli(
  dataDirectory: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): ChildProcess {
  return new ChildProcess(process.execPath, [join(root, 'bin/cli.mjs'), ...args], {
    ...environment,
    DATA_DIR: dataDirectory,
    NO_COLOR: '1',
  });
}

export interface CliResult {
  readonly exitCode: number | null;
  readonly output: string;
  readonly errors: string;
}

export async function runCli(
  dataDirectory: string,
  args: readonly string[],
  input = '',
  environment: Readonly<Record<string, string>> = {},
): Promise<CliResult> {
  const cli = startCli(dataDirectory, args, environment);
  cli.write(input);
  cli.endInput();
  const exitCode = await cli.exit();
  return { exitCode, output: cli.lines.join('\n'), errors: cli.errors.join('\n') };
}
