import type { NotificationCountItem } from './notification-item.ts';

const dayMs = 24 * 60 * 60 * 1000;
/** A notification lives for at least this long, until the end of a day in UTC. */
const lifeDays = 90;
const dayAttribute = /^d([0-9]+)$/;

/**
 * The table removes expired notifications one by one and at an unknown time. So unread ones are counted by day, and all
 * notifications of a day expire at the same time, together with their count.
 */
export function dayOf(createdAt: number): number {
  return Math.floor(createdAt / dayMs);
}

export function attributeOf(day: number): `d${number}` {
  return `d${day}`;
}

/** Seconds since the epoch. */
export function expiryOfDay(day: number): number {
  return ((day + lifeDays + 1) * dayMs) / 1000;
}

export function isExpired({ expiresAt }: { readonly expiresAt: number }, now: number): boolean {
  return expiresAt * 1000 <= now;
}

export function unreadCountOf(item: NotificationCountItem | undefined, now: number): number {
  return daysOf(item)
    .filter(([day]) => expiryOfDay(day) * 1000 > now)
    .reduce((sum, [, count]) => sum + count, 0);
}

export function expiredAttributes(item: NotificationCountItem | undefined, now: number): readonly string[] {
  return daysOf(item)
    .filter(([day]) => expiryOfDay(day) * 1000 <= now)
    .map(([day]) => attributeOf(day));
}

function daysOf(item: NotificationCountItem | undefined): readonly (readonly [day: number, count: number])[] {
  return Object.entries(item ?? {}).flatMap(([name, count]) => {
    const day = dayAttribute.exec(name)?.[1];
    return day === undefined ? [] : [[Number(day), Number(count)] as const];
  });
}
