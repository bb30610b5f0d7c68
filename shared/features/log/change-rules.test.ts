import { describe, expect, it } from 'vitest';
import { mayChange, withChange } from './change-rules.ts';
import { deletionKind, editKind, reactionKind, systemKind } from './entry-kinds.ts';
import type { LogEntry } from './log-entry.ts';
import { entryOf } from './log-test-builders.ts';

const message = entryOf({ seq: 1, createdAt: 0 });
const minute = 60_000;
const right = { userId: 'alice', windowMinutes: 15 };
const deleted = withChange(message, entryOf({ seq: 2, kind: deletionKind, target: 1 }), { type: 'deletion' });

describe('whether a message may be changed', () => {
  it.each<[string, LogEntry, Parameters<typeof mayChange>[1], number, ReturnType<typeof mayChange>['kind']]>([
    ['its sender may, before its time is over', message, right, 15 * minute - 1, 'allowed'],
    ['its sender may not afterwards', message, right, 15 * minute, 'too-late'],
    [
      'no other user may, whatever the time',
      message,
      { ...right, userId: 'bob', windowMinutes: null },
      0,
      'not-sender',
    ],
    [
      'no other user may change a live location either',
      message,
      { ...right, userId: 'bob', liveUntil: 9 },
      0,
      'not-sender',
    ],
    ['always means always', message, { ...right, windowMinutes: null }, 1e15, 'allowed'],
    ['never means never', message, { ...right, windowMinutes: 0 }, 0, 'too-late'],
    [
      'a live location is moved as long as it lives',
      message,
      { ...right, windowMinutes: 0, liveUntil: 9 },
      8,
      'allowed',
    ],
    ['what is deleted stays deleted', deleted, right, 0, 'deleted'],
    ['a system message is none', entryOf({ seq: 1, kind: systemKind }), right, 0, 'no-message'],
  ])('%s', (_, entry, rights, now, kind) => {
    expect(mayChange(entry, rights, now).kind).toBe(kind);
  });
});

describe('a change that is folded into its message', () => {
  const edit = { type: 'edit', text: 'better' } as const;
  const reaction = { type: 'reaction', emoji: '👍', added: true } as const;

  it('is its newest content, or its end, and says which entry it was', () => {
    const content = new Uint8Array([9]);
    const edited = withChange(message, entryOf({ seq: 2, kind: editKind, target: 1, createdAt: 7, content }), edit);
    expect(edited.changes).toEqual({ updatedSeq: 2, edit: { seq: 2, at: 7, content }, edits: [2], reactions: {} });
    const reacted = withChange(edited, entryOf({ seq: 3, kind: reactionKind, target: 1, senderId: 'bob' }), reaction);
    expect(reacted.changes).toEqual({ ...edited.changes, updatedSeq: 3, reactions: { '👍': ['bob'] } });
    const deletion = entryOf({ seq: 4, kind: deletionKind, target: 1, createdAt: 8 });
    const ended = withChange(reacted, deletion, { type: 'deletion' });
    expect(ended.changes).toMatchObject({ updatedSeq: 4, deletion: { seq: 4, at: 8, by: 'alice' }, reactions: {} });
  });

  it('throws for an entry that changes no message', () => {
    expect(() => withChange(message, entryOf({ seq: 2 }), { type: 'text' })).toThrow();
  });
});
