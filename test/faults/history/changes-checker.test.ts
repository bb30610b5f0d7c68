import { describe, expect, it } from 'vitest';
import { violationsOf } from './checker.ts';
import type { ConversationHistory, LoggedChange, LoggedEntry, SeenMessage, SentChange } from './history.ts';
import type { ViolationKind } from './violations.ts';

const thumb = { kind: 'reaction', senderId: 'bob', target: 2, emoji: '👍' } as const;
const edit = { kind: 'edit', senderId: 'alice', target: 1, text: 'better' } as const;
const deletion = { kind: 'deletion', senderId: 'bob', target: 3 } as const;

const written: readonly (readonly [number, Omit<LoggedChange, 'at'>])[] = [
  [4, edit],
  [5, { ...thumb, added: true }],
  [6, { ...thumb, added: false }],
  [7, { ...thumb, added: true }],
  [8, { ...thumb, target: 3, added: true }],
  [9, deletion],
];
const at = (seq: number) => new Date(seq * 1000).toISOString();

const now: readonly Readonly<Record<string, unknown>>[] = [
  { seq: 1, senderId: 'alice', text: 'better', updatedSeq: 4, editedAt: at(4) },
  { seq: 2, senderId: 'alice', text: 'text 2', updatedSeq: 7, reactions: [{ emoji: '👍', userIds: ['bob'] }] },
  { seq: 3, senderId: 'bob', updatedSeq: 9, deletedAt: at(9) },
];

function seenOf(message: Readonly<Record<string, unknown>>): SeenMessage {
  const { seq, senderId } = message as { seq: number; senderId: string };
  return { seq, senderId, clientMessageId: `id-${seq}`, shown: JSON.stringify(message) };
}

const messages = now.map(seenOf);
const log: readonly LoggedEntry[] = [
  ...messages.map((message) => ({ seq: message.seq, message, original: `text ${message.seq}` })),
  ...written.map(([seq, change]) => ({ seq, message: undefined, change: { ...change, at: at(seq) } })),
];
const changes: readonly SentChange[] = written.map(([seq, change]) => ({
  ...change,
  writer: change.senderId,
  acks: [seq],
  confirmed: true,
  refused: false,
}));
const history: ConversationHistory = {
  conversationId: 'c',
  sent: messages.map(({ seq, senderId, clientMessageId }) => ({
    ...{ senderId, clientMessageId, writer: senderId, text: `text ${seq}`, acks: [seq], refused: false },
  })),
  changes,
  log,
  received: [{ observer: 'carol', way: 'live', after: 0, messages, held: messages }],
};

type Change = Partial<SentChange>;
const withSent = (index: number, more: Change): ConversationHistory => ({
  ...history,
  changes: changes.map((change, at) => (at === index ? { ...change, ...more } : change)),
});
const withLogged = (seq: number, to: (entry: LoggedEntry) => LoggedEntry): ConversationHistory => ({
  ...history,
  log: log.map((entry) => (entry.seq === seq ? to(entry) : entry)),
});
const withChange = (seq: number, more: Partial<LoggedChange>): ConversationHistory =>
  withLogged(seq, (entry) => ({ ...entry, change: entry.change && { ...entry.change, ...more } }));
const withNow = (seq: number, more: object): ConversationHistory => {
  const message = seenOf({ ...now[seq - 1], ...more });
  const changed = withLogged(seq, (entry) => ({ ...entry, message }));
  const held = messages.map((original) => (original.seq === seq ? message : original));
  return { ...changed, received: history.received.map((seen) => ({ ...seen, held })) };
};
const withFurther = (change: Omit<LoggedChange, 'at'>): ConversationHistory => ({
  ...history,
  log: [...log, { seq: 10, message: undefined, change: { ...change, at: at(10) } }],
});
const withHeld = (held: readonly SeenMessage[]): ConversationHistory => ({
  ...history,
  received: history.received.map((seen) => ({ ...seen, held })),
});
const older = seenOf({ ...now[0], text: 'text 1', updatedSeq: 1, editedAt: undefined });

const unanswered = { writer: 'bob', acks: [], confirmed: false, refused: false } as const;
function confirmed(emoji: string, added: boolean): SentChange {
  return { ...thumb, ...unanswered, emoji, added, confirmed: true };
}

describe('violationsOf a history with changes', () => {
  it('reports nothing for a correct history', () => {
    expect(violationsOf(history)).toEqual([]);
  });

  it('accepts missing entries of changes that were never acknowledged or changed nothing', () => {
    expect(violationsOf({ ...history, changes: [...changes, { ...edit, text: 'x', ...unanswered }] })).toEqual([]);
    const again = { ...thumb, added: true, ...unanswered, confirmed: true };
    expect(violationsOf({ ...history, changes: [...changes, again] })).toEqual([]);
  });

  it.each<[string, ViolationKind, ConversationHistory]>([
    ['an acknowledged change that is not in the log', 'lost', withSent(0, { acks: [12] })],
    ['a confirmed deletion that is not in the log', 'lost', withSent(5, { acks: [], target: 2 })],
    ['a confirmed reaction that is missing', 'lost', { ...history, changes: [...changes, confirmed('🎉', true)] }],
    ['a removed reaction that is still there', 'lost', { ...history, changes: [...changes, confirmed('👍', false)] }],
    ['an edit that is in the log twice', 'repeated', withFurther(edit)],
    ['a deletion that is in the log twice', 'repeated', withFurther(deletion)],
    ['a reaction that was added twice', 'repeated', withChange(6, { added: true })],
    ['two answers with different numbers', 'repeated', withSent(0, { acks: [4, 5] })],
    ['an answer with the number of another change', 'misplaced', withSent(0, { acks: [5] })],
    ['changes of a writer in another order', 'inversion', { ...history, changes: changes.toReversed() }],
    [
      'a rejected change that is stored',
      'refused-but-stored',
      withSent(0, { acks: [], confirmed: false, refused: true }),
    ],
    ['a change that no user requested', 'invented', { ...history, changes: changes.slice(1) }],
    ['an edit with another text', 'invented', withChange(4, { text: 'worse' })],
    ['a text that is not the newest', 'unfolded', withNow(1, { text: 'text 1' })],
    ['an edited message without editedAt', 'unfolded', withNow(1, { editedAt: undefined })],
    ['a message with the number of an earlier change', 'unfolded', withNow(2, { updatedSeq: 5 })],
    ['a reaction that is not in its message', 'unfolded', withNow(2, { reactions: undefined })],
    ['a deleted message with its text', 'unfolded', withNow(3, { text: 'text 3' })],
    ['a deleted message with reactions', 'unfolded', withNow(3, { reactions: [{ emoji: '👍', userIds: ['bob'] }] })],
    ['a message whose deletion was not applied', 'unfolded', withNow(3, { text: 'text 3', deletedAt: undefined })],
    ['a change of an entry that is not a message', 'unfolded', withChange(4, { target: 4 })],
    ['a change of a later message', 'unfolded', withChange(4, { target: 11 })],
    ['a change after the deletion', 'changed-after-deletion', withFurther({ ...thumb, target: 3, added: false })],
    ['another text than was sent', 'invented', withLogged(2, (entry) => ({ ...entry, original: 'something else' }))],
    ['a client that has an older version in the end', 'divergence', withHeld([older, ...messages.slice(1)])],
    [
      'a client that has an additional message in the end',
      'divergence',
      withHeld([...messages, seenOf({ ...now[0], seq: 12 })]),
    ],
    ['a client that lacks a message in the end', 'gap', withHeld(messages.slice(1))],
  ])('reports %s: %s', (_name, kind, wrong) => {
    expect(violationsOf(wrong).map((violation) => violation.kind)).toContain(kind);
  });
});
