import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mayChange, react, withChange } from './change-rules.ts';
import type { LogEntry, Reactions } from './log-entry.ts';
import { entryOf } from './log-test-builders.ts';

const message = entryOf({ seq: 1, createdAt: 0 });
const minute = 60_000;
const right = { userId: 'alice', windowMinutes: 15 };
const deleted = withChange(message, entryOf({ seq: 2, kind: 'deletion', target: 1 }));

describe('whether a message may be changed', () => {
  it.each<[string, LogEntry, Parameters<typeof mayChange>[1], number, ReturnType<typeof mayChange>['kind']]>([
    ['its sender may, before its time is over', message, right, 15 * minute - 1, 'allowed'],
    ['its sender may not afterwards', message, right, 15 * minute, 'too-late'],
    ['nobody else may, whatever the time', message, { ...right, userId: 'bob', windowMinutes: null }, 0, 'not-sender'],
    [
      'nobody else may, of a live location neither',
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
    ['a system message is none', entryOf({ seq: 1, kind: 'system' }), right, 0, 'no-message'],
  ])('%s', (_, entry, rights, now, kind) => {
    expect(mayChange(entry, rights, now).kind).toBe(kind);
  });
});

describe('a change that is folded into its message', () => {
  it('is its newest content, or its end, and says which entry it was', () => {
    const content = new Uint8Array([9]);
    const edited = withChange(message, entryOf({ seq: 2, kind: 'edit', target: 1, createdAt: 7, content }));
    expect(edited.changes).toEqual({ updatedSeq: 2, edit: { seq: 2, at: 7, content }, edits: [2], reactions: {} });
    const reacted = withChange(edited, entryOf({ seq: 3, kind: 'reaction', target: 1 }), { '👍': ['bob'] });
    expect(reacted.changes).toEqual({ ...edited.changes, updatedSeq: 3, reactions: { '👍': ['bob'] } });
    const ended = withChange(reacted, entryOf({ seq: 4, kind: 'deletion', target: 1, createdAt: 8 }));
    expect(ended.changes).toMatchObject({ updatedSeq: 4, deletion: { seq: 4, at: 8, by: 'alice' }, reactions: {} });
  });
});

describe('reactions', () => {
  it('are, of each user and emoji, what came last, once; what is so already is no change', () => {
    const step = fc.record({
      userId: fc.constantFrom('alice', 'bob', 'carol'),
      emoji: fc.constantFrom('👍', '🎉'),
      added: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        let reactions: Reactions = {};
        const expected = new Set<string>();
        for (const { userId, emoji, added } of steps) {
          const name = `${emoji} ${userId}`;
          const decision = react(reactions, userId, emoji, added);
          expect(decision.kind).toBe(expected.has(name) === added ? 'same' : 'change');
          if (decision.kind === 'change') reactions = decision.reactions;
          if (added) expected.add(name);
          else expected.delete(name);
        }
        const all = Object.entries(reactions).flatMap(([emoji, users]) => users.map((user) => `${emoji} ${user}`));
        expect(all.sort()).toEqual([...expected].sort());
      }),
    );
  });
});
