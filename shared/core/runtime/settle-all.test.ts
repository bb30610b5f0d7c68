import { describe, expect, it } from 'vitest';
import { settleAll } from './settle-all.ts';

describe('settleAll', () => {
  it('returns the results in the order of the list', async () => {
    const later = new Promise<string>((resolve) => setImmediate(() => resolve('later')));
    expect(await settleAll([later, Promise.resolve(2), 'at once'])).toEqual(['later', 2, 'at once']);
  });

  it('waits for all promises before it throws the first failure of the list', async () => {
    let done = false;
    const slow = new Promise<void>((resolve) =>
      setImmediate(() => {
        done = true;
        resolve();
      }),
    );
    const first = new Error('first in the list');
    const work = settleAll([slow, Promise.reject(first), Promise.reject(new Error('second'))]);
    await expect(work).rejects.toBe(first);
    expect(done).toBe(true);
  });
});
