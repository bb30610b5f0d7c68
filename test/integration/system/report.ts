/** A line about what a test covered: its count, its seed. */
export function report(line: string): void {
  process.stdout.write(`${line}\n`);
}
