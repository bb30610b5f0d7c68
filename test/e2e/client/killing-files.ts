import * as files from 'node:fs/promises';

/**
 * Replaces `node:fs/promises`. At the step `KILL_AT`, counted from 1, the process ends as with `kill -9`. Each call has
 * a step before and after it; writing has a third, with half of the text written.
 */
const killAt = Number(process.env['KILL_AT'] ?? 0);
let steps = 0;

function step(): void {
  steps += 1;
  if (steps === killAt) process.kill(process.pid, 'SIGKILL');
}

async function between<Result>(action: () => Promise<Result>): Promise<Result> {
  step();
  const result = await action();
  step();
  return result;
}

export const mkdir: typeof files.mkdir = ((...input: Parameters<typeof files.mkdir>) =>
  between(() => files.mkdir(...input))) as typeof files.mkdir;
export const rename: typeof files.rename = (...input) => between(() => files.rename(...input));
export const rm: typeof files.rm = (...input) => between(() => files.rm(...input));
export const { readdir, readFile, realpath } = files;

export async function open(...input: Parameters<typeof files.open>) {
  const file = await between(() => files.open(...input));
  return {
    writeFile: async (text: string): Promise<void> => {
      step();
      const half = Math.floor(text.length / 2);
      await file.write(text.slice(0, half));
      step();
      await file.write(text.slice(half));
      step();
    },
    sync: () => between(() => file.sync()),
    close: () => between(() => file.close()),
  };
}
