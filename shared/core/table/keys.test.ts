import { describe, expect, it } from 'vitest';
import {
  attachmentIdOf,
  conversationIdOf,
  draftConversationOf,
  draftKey,
  isConversation,
  isLogEntry,
  keys,
  notificationIdOf,
  notificationKeys,
  searchPositionOf,
  userIdOf,
} from './keys.ts';

describe('parsing a key', () => {
  it('returns the ids and positions that a key was made of', () => {
    expect(userIdOf(keys.userAccess('u'))).toBe('u');
    expect(userIdOf(keys.membership('u', 'c'))).toBe('u');
    expect(conversationIdOf(keys.progress('c', 'u'))).toBe('c');
    expect(attachmentIdOf(keys.attachmentDue('a'))).toBe('a');
    expect(notificationIdOf(notificationKeys.notification('u', 'n'))).toBe('n');
    expect(draftConversationOf(draftKey('u', 'c'))).toBe('c');
    expect(searchPositionOf(keys.searchEntry('c', 5, 7))).toEqual({ createdAt: 5, seq: 7 });
  });

  it('throws for a key of another kind', () => {
    expect(() => conversationIdOf(keys.user('u'))).toThrow();
    expect(() => userIdOf(keys.conversation('c'))).toThrow();
  });

  it('distinguishes log entries and conversations', () => {
    const all = [keys.logEntry('c', 7), keys.conversation('c'), keys.progress('c', 'u'), keys.membership('u', 'c')];
    expect(all.map(isLogEntry)).toEqual([true, false, false, false]);
    expect(all.map(isConversation)).toEqual([false, true, false, false]);
  });
});
