import { describe, expect, it } from 'vitest';
import { settleAll } from './settle-all.ts';

describe('work side by side', () => {
  it('gives its results in its order', async () => {
    const later = new Promise<string>((resolve) => setImmediate(() => resolve('later')));
    expect(await settleAll([later, Promise.resolve(2), 'at once'])).toEqual(['later', 2, 'at once']);
  });

  it('is waited for to its end when some of it fails, and fails as that did', async () => {
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
