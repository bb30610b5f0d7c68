import { describe, expect, it } from 'vitest';
import { quotaOf } from './upload-limits.ts';

const mebibyte = 1024 * 1024;

describe('the quota of files', () => {
  it.each([
    ['member', 1024 * mebibyte, 1024 * mebibyte],
    ['agent', null, null],
    ['guest', 1024 * mebibyte, 50 * mebibyte],
    ['guest', null, 50 * mebibyte],
    ['guest', mebibyte, mebibyte],
  ] as const)('limits a %s in a tenant that allows %s to %s', (role, ofTenant, expected) => {
    expect(quotaOf(role, ofTenant)).toBe(expected);
  });
});
