import { printable, printableJson } from './terminal-text.ts';

/** Progress and prose, on standard error: data alone goes to standard output. */
export function say(line: string): void {
  process.stderr.write(`${printable(line)}\n`);
}

/** The result of a command, on standard output: one JSON document, or lines for people. */
export function printResult(json: boolean | undefined, document: unknown, lines: readonly string[]): void {
  if (json) process.stdout.write(`${printableJson(document)}\n`);
  else for (const line of lines) process.stdout.write(`${printable(line)}\n`);
}
