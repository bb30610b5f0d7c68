import { writeSync } from 'node:fs';

/** Vitest hides the output of passing tests. */
export function report(line: string): void {
  writeSync(2, `${line}\n`);
}

const everyMs = 5000;

/** Reports `cuts: 1200 of 10000 in 31 s`. Call it after each step. Most calls print nothing. */
export function progressOf(work: string, total: number): (done: number) => void {
  const startedAt = performance.now();
  let toldAt = startedAt;
  return (done) => {
    const now = performance.now();
    if (now - toldAt < everyMs) return;
    toldAt = now;
    report(`  ${work}: ${done} of ${total} in ${((now - startedAt) / 1000).toFixed(0)} s`);
  };
}
