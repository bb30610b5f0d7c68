import { afterEach, expect, it, vi } from 'vitest';
import { decodeCursor, encodeCursor } from './cursor.ts';

afterEach(() => {
  vi.useRealTimers();
});

it('decodes a cursor to its position, for its own list only', () => {
  const cursor = encodeCursor('conversations/alice', { at: '17' });
  expect(decodeCursor('conversations/alice', cursor)).toEqual({ at: '17' });
  expect(decodeCursor('conversations/bob', cursor)).toBeUndefined();
});

it('rejects a cursor after a day', () => {
  vi.useFakeTimers({ now: 0 });
  const cursor = encodeCursor('list', { at: '17' });
  vi.setSystemTime(24 * 60 * 60 * 1000);
  expect(decodeCursor('list', cursor)).toEqual({ at: '17' });
  vi.setSystemTime(24 * 60 * 60 * 1000 + 1);
  expect(decodeCursor('list', cursor)).toBeUndefined();
});

it('rejects forged cursors', () => {
  const forge = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const later = Date.now() + 1000;
  const forged = ['', 'x', '%%%', forge(null), forge({}), forge(['list']), forge(['list', null, later])];
  forged.push(
    forge(['list', { at: 1 }, later]),
    forge(['list', { at: 'x'.repeat(201) }, later]),
    forge(['list', [], later]),
  );
  for (const cursor of forged) expect(decodeCursor('list', cursor)).toBeUndefined();
});

it('does not contain the tenant', () => {
  const text = Buffer.from(encodeCursor('list', { at: '17' }), 'base64url').toString();
  expect(text).not.toContain('T#');
});
