import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesOfOtherDays, slowFiles } from './slow-files.ts';

const root = join(import.meta.dirname, '../..');

it.each(slowFiles)('names a file that exists: %s', (file) => {
  expect(existsSync(join(root, file))).toBe(true);
});

describe('filesOfOtherDays', () => {
  it('leaves nothing out without a share', () => {
    expect(filesOfOtherDays(undefined)).toEqual([]);
  });

  it('runs each file on one of as many days as the share', () => {
    const days = [20261130, 20261131, 20261132];
    const runs = days.flatMap((day) => slowFiles.filter((file) => !filesOfOtherDays('3', day).includes(file)));
    expect(runs.toSorted()).toEqual(slowFiles.toSorted());
  });

  it('rejects a share that is no whole number', () => {
    expect(() => filesOfOtherDays('half')).toThrow('SHARE_OF_SLOW_FILES must be a whole number, not "half"');
  });
});
