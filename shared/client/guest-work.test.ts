import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { leadingZeroBits, workText } from '../contract/guests/work.ts';
import { solveWork } from './guest-work.ts';

const challenge = '18.1795000000000.mZ3vQk7rTz0xWc5nYp8sLg.mZ3vQk7rTz0xWc5nYp8sLgmZ3vQk7rTz0xWc5nYp8sL';

it('finds a nonce with which the hash begins with enough zero bits', async () => {
  for (const difficulty of [0, 1, 7, 8, 12, 16]) {
    const nonce = await solveWork({ challenge, difficulty });
    const hash = createHash('sha256').update(workText(challenge, nonce)).digest();
    expect(leadingZeroBits(hash)).toBeGreaterThanOrEqual(difficulty);
    expect(nonce).toMatch(/^[A-Za-z0-9_-]{1,32}$/);
  }
});

it('lets other work run meanwhile', async () => {
  let turns = 0;
  const counting = setInterval(() => (turns += 1), 1);
  await solveWork({ challenge, difficulty: 17 });
  clearInterval(counting);
  expect(turns).toBeGreaterThan(2);
});

it('stops when it is aborted', async () => {
  const controller = new AbortController();
  const solving = solveWork({ challenge, difficulty: 60 }, controller.signal);
  controller.abort(new Error('closed'));
  await expect(solving).rejects.toThrow();
});
