import { printable, printableJson } from './terminal-text.ts';

/** Writes to standard error. Only results go to standard output. */
export function say(line: string): void {
  process.stderr.write(`${printable(line)}\n`);
}

export function printResult(json: boolean | undefined, document: unknown, lines: readonly string[]): void {
  if (json) process.stdout.write(`${printableJson(document)}\n`);
  else for (const line of lines) process.stdout.write(`${printable(line)}\n`);
}
