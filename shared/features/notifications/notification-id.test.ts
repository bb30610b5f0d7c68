import { describe, expect, it } from 'vitest';
import { ulidPattern } from '../../contract/schemas/ids.ts';
import { createdAtOf, notificationIdOf } from './notification-id.ts';

const cause = {
  userId: '01KAJ70A5CE8G1H3J6K9M2P4QR',
  kind: 'mention',
  conversationId: '01KAJ72N4DF7H0J3M6P9R2T5VW',
  seq: 42,
  at: 1_795_249_800_123,
} as const;

describe('the id of a notification', () => {
  it('is a ULID with the time of its cause', () => {
    const id = notificationIdOf(cause);
    expect(id).toMatch(ulidPattern);
    expect(createdAtOf(id)).toBe(cause.at);
    expect(notificationIdOf({ ...cause, at: cause.at + 1 }) > id).toBe(true);
  });

  it('is the same for the same cause and differs for any other', () => {
    const id = notificationIdOf(cause);
    expect(notificationIdOf({ ...cause, actorId: 'x', data: { step: 1 } })).toBe(id);
    const { seq: _, ...withoutEntry } = cause;
    const others = [
      { ...cause, userId: '01KAJ70A5CE8G1H3J6K9M2P4QS' },
      { ...cause, kind: 'urgent' } as const,
      { ...cause, conversationId: '01KAJ72N4DF7H0J3M6P9R2T5VX' },
      { ...cause, seq: 43 },
      { ...cause, cause: 'resolution' },
      withoutEntry,
      { ...withoutEntry, cause: '42' },
    ];
    expect(new Set([id, ...others.map(notificationIdOf)]).size).toBe(others.length + 1);
  });
});
