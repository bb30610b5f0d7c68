import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { join } from 'node:path';

/** Processes as people start them, whose lines a test waits for. */

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
      this.#look();
      return code as number | null;
    });
    // Whoever writes to a process that has ended hears of it by its exit.
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

  /** The exit code; `null` if a signal ended it. */
  exit(): Promise<number | null> {
    return this.#exited;
  }

  /** Waits until something about the lines is true; fails if the process ends before. */
  async until(what: string, matches: () => boolean): Promise<void> {
    const report = () =>
      `${what} did not come.\nstdout:\n${this.lines.slice(-30).join('\n')}\nstderr:\n${this.errors.join('\n')}`;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(report())), patienceMs);
      const settle = (): void => {
        clearTimeout(timer);
        if (matches()) resolve();
        else reject(new Error(`The process ended: ${report()}`));
      };
      this.#waiters.push({ matches: () => this.#isOver || matches(), resolve: settle });
      this.#look();
    });
  }

  #collect(stream: NodeJS.ReadableStream, into: string[]): void {
    createInterface({ input: stream }).on('line', (line) => {
      into.push(line);
      this.#look();
    });
  }

  #look(): void {
    const ready = this.#waiters.filter(({ matches }) => matches());
    this.#waiters = this.#waiters.filter((waiter) => !ready.includes(waiter));
    for (const { resolve } of ready) resolve();
  }
}

/** The command line, on the data of a run. */
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

/** Runs a command to its end. */
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
