import { describe, expect, it } from 'vitest';
import { mapConcurrent } from './map-concurrent.ts';

function heldWork() {
  const begun: number[] = [];
  const ends = new Map<number, (failure?: Error) => void>();
  const work = (item: number) =>
    new Promise<number>((resolve, reject) => {
      begun.push(item);
      ends.set(item, (failure) => (failure === undefined ? resolve(item * 10) : reject(failure)));
    });
  return { begun, work, end: (item: number, failure?: Error) => ends.get(item)?.(failure) };
}

describe('mapConcurrent', () => {
  it('yields results in the order of the items with at most the bound of calls pending', async () => {
    const { begun, work, end } = heldWork();
    const results = mapConcurrent([1, 2, 3, 4], 2, work);
    const first = results.next();
    expect(begun).toEqual([1, 2]);
    end(2);
    end(1);
    expect(await first).toEqual({ done: false, value: 10 });
    expect(begun).toEqual([1, 2, 3]);
    expect(await results.next()).toEqual({ done: false, value: 20 });
    end(3);
    expect(await results.next()).toEqual({ done: false, value: 30 });
    end(4);
    expect(await results.next()).toEqual({ done: false, value: 40 });
    expect((await results.next()).done).toBe(true);
  });

  it('waits for pending calls when the consumer stops', async () => {
    const { work, end } = heldWork();
    const results = mapConcurrent([1, 2], 2, work);
    const first = results.next();
    end(1);
    await first;
    let stopped = false;
    const stop = results.return(undefined).then(() => (stopped = true));
    await Promise.resolve();
    expect(stopped).toBe(false);
    end(2, new Error('ignored'));
    await stop;
  });

  it('throws the error of an item after the results of earlier items', async () => {
    const { work, end } = heldWork();
    const results = mapConcurrent([1, 2], 2, work);
    const first = results.next();
    end(2, new Error('late'));
    end(1);
    expect((await first).value).toBe(10);
    await expect(results.next()).rejects.toThrow('late');
  });
});
