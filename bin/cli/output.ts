import { printable, printableJson } from './terminal-text.ts';

/** Prints progress to standard error. Only results go to standard output. */
export function say(line: string): void {
  process.stderr.write(`${printable(line)}\n`);
}

/** Prints the result of a command to standard output, as JSON or as lines. */
export function printResult(json: boolean | undefined, document: unknown, lines: readonly string[]): void {
  if (json) process.stdout.write(`${printableJson(document)}\n`);
  else for (const line of lines) process.stdout.write(`${printable(line)}\n`);
}
