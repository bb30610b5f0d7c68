import { describe, expect, it } from 'vitest';
import { attributeOf, dayOf, expiredAttributes, expiryOfDay, isExpired, unreadCountOf } from './unread-days-rules.ts';

const dayMs = 24 * 60 * 60 * 1000;
const today = 20_000;
const noon = today * dayMs + dayMs / 2;
const item = {
  revision: 9,
  expiresAt: 0,
  [attributeOf(today - 91)]: 5,
  [attributeOf(today - 90)]: 3,
  [attributeOf(today)]: 2,
};

describe('a day', () => {
  it('expires with its count, at least 90 days after each of its notifications', () => {
    const expiresAt = expiryOfDay(dayOf(noon));
    expect(expiresAt * 1000 - noon).toBeGreaterThanOrEqual(90 * dayMs);
    expect(isExpired({ expiresAt }, expiresAt * 1000 - 1)).toBe(false);
    expect(isExpired({ expiresAt }, expiresAt * 1000)).toBe(true);
    const counted = { revision: 1, expiresAt, [attributeOf(dayOf(noon))]: 4 };
    expect(unreadCountOf(counted, expiresAt * 1000 - 1)).toBe(4);
    expect(unreadCountOf(counted, expiresAt * 1000)).toBe(0);
  });

  it('counts until it expires, and is removed from the count afterwards', () => {
    expect(unreadCountOf(item, noon)).toBe(5);
    expect(expiredAttributes(item, noon)).toEqual([attributeOf(today - 91)]);
    expect(unreadCountOf(undefined, noon)).toBe(0);
    expect(expiredAttributes(undefined, noon)).toEqual([]);
  });
});
