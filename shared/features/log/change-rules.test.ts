import { describe, expect, it } from 'vitest';
import { logSortKey } from '../../core/table/keys.ts';
import { mayChange, withChange } from './change-rules.ts';
import { deletionKind, editKind, reactionKind, systemKind } from './entry-kinds.ts';
import { fromStoredEntry, toStoredEntry } from './log-codec.ts';
import { type LogEntry, revisionOf } from './log-entry.ts';
import { entryOf } from './log-test-builders.ts';

const message = entryOf({ seq: 1, createdAt: 0 });
const minute = 60_000;
const right = { userId: 'alice', windowMinutes: 15 };
const deleted = withChange(message, entryOf({ seq: 2, kind: deletionKind, target: 1 }), { type: 'deletion' });

describe('mayChange', () => {
  it.each<[string, LogEntry, Parameters<typeof mayChange>[1], number, ReturnType<typeof mayChange>['kind']]>([
    ['allows the sender before the end of the edit window', message, right, 15 * minute - 1, 'allowed'],
    ['rejects the sender from the end of the edit window', message, right, 15 * minute, 'too-late'],
    ['rejects other users at any time', message, { ...right, userId: 'bob', windowMinutes: null }, 0, 'not-sender'],
    ['rejects other users for a live location', message, { ...right, userId: 'bob', liveUntil: 9 }, 0, 'not-sender'],
    [
      'allows the sender at any time when the window is unlimited',
      message,
      { ...right, windowMinutes: null },
      1e15,
      'allowed',
    ],
    ['rejects the sender at any time when the window is 0', message, { ...right, windowMinutes: 0 }, 0, 'too-late'],
    [
      'allows the sender to move a location while it is live',
      message,
      { ...right, windowMinutes: 0, liveUntil: 9 },
      8,
      'allowed',
    ],
    ['rejects a change of a deleted message', deleted, right, 0, 'deleted'],
    ['rejects a change of a system message', entryOf({ seq: 1, kind: systemKind }), right, 0, 'no-message'],
  ])('%s', (_, entry, rights, now, kind) => {
    expect(mayChange(entry, rights, now).kind).toBe(kind);
  });
});

describe('withChange', () => {
  const edit = { type: 'edit', text: 'better' } as const;
  const reaction = { type: 'reaction', emoji: '👍', added: true } as const;

  it('adds an edit, a reaction or a deletion to the message, with the number of its entry', () => {
    const content = new Uint8Array([9]);
    const edited = withChange(message, entryOf({ seq: 2, kind: editKind, target: 1, createdAt: 7, content }), edit);
    expect(edited.changes).toEqual({ updatedSeq: 2, edit: { seq: 2, at: 7, content }, edits: [2], reactions: {} });
    const reacted = withChange(edited, entryOf({ seq: 3, kind: reactionKind, target: 1, senderId: 'bob' }), reaction);
    expect(reacted.changes).toEqual({ ...edited.changes, updatedSeq: 3, reactions: { '👍': ['bob'] } });
    const deletion = entryOf({ seq: 4, kind: deletionKind, target: 1, createdAt: 8 });
    const ended = withChange(reacted, deletion, { type: 'deletion' });
    expect(ended.changes).toMatchObject({ updatedSeq: 4, deletion: { seq: 4, at: 8, by: 'alice' }, reactions: {} });
  });

  it('has the revision of the conversation at the last change, also once it is stored', () => {
    const change = entryOf({ seq: 3, kind: editKind, target: 1, state: { count: 1, revision: 4 } });
    const edited = withChange(message, change, edit);
    expect(revisionOf(edited)).toBe(4);
    expect(revisionOf(fromStoredEntry({ ...toStoredEntry(edited), sk: logSortKey(1) }))).toBe(4);
    expect(revisionOf(message)).toBe(0);
  });

  it('throws for an entry that changes no message', () => {
    expect(() => withChange(message, entryOf({ seq: 2 }), { type: 'text' })).toThrow();
  });
});
