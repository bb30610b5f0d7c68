import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { violationsOf } from './checker.ts';
import type { ConversationHistory, SeenMessage, SentMessage } from './history.ts';
import type { ViolationKind } from './violations.ts';

function sentOf(senderId: string, number: number, acks: readonly number[]): SentMessage {
  return {
    senderId,
    writer: senderId,
    clientMessageId: `${senderId}-${number}`,
    text: `${senderId} says ${number}`,
    acks,
    refused: false,
  };
}

function seenOf({ senderId, clientMessageId, text }: SentMessage, seq: number): SeenMessage {
  return { seq, senderId, clientMessageId, shown: JSON.stringify({ seq, senderId, clientMessageId, text }) };
}

function rightHistory(senders: readonly string[]): ConversationHistory {
  const sent = senders.map((senderId, index) => sentOf(senderId, index, [index + 1]));
  const messages = sent.map((message, index) => seenOf(message, index + 1));
  return {
    conversationId: 'c',
    sent,
    log: [
      ...messages.map((message) => ({ seq: message.seq, message })),
      { seq: messages.length + 1, message: undefined },
    ],
    received: [
      { observer: 'alice', way: 'live', after: 0, messages },
      { observer: 'bob', way: 'resume', after: 2, messages: messages.slice(2) },
      { observer: 'bob', way: 'history', after: 0, messages },
    ],
  };
}

const history = rightHistory(['alice', 'bob', 'alice', 'alice', 'bob', 'bob']);

function change<Item>(items: readonly Item[], index: number, to: (item: Item) => readonly Item[]): readonly Item[] {
  return items.flatMap((item, at) => (at === index ? to(item) : [item]));
}

function swapped<Item>(items: readonly Item[], first: number, second: number): readonly Item[] {
  const result = [...items];
  [result[first], result[second]] = [items[second] as Item, items[first] as Item];
  return result;
}

const withLog = (log: ConversationHistory['log']): ConversationHistory => ({ ...history, log, received: [] });
const withSent = (index: number, more: Partial<SentMessage>): ConversationHistory => ({
  ...history,
  sent: change(history.sent, index, (message) => [{ ...message, ...more }]),
});
const withReceived = (to: (messages: readonly SeenMessage[]) => readonly SeenMessage[]): ConversationHistory => ({
  ...history,
  received: history.received.map((seen) => (seen.way === 'live' ? { ...seen, messages: to(seen.messages) } : seen)),
});
const renumbered = (messages: readonly (SeenMessage | undefined)[]): ConversationHistory['log'] =>
  messages.map((message, index) => ({ seq: index + 1, message: message && { ...message, seq: index + 1 } }));
const messages = history.log.map(({ message }) => message);
const unanswered = { ...history, sent: history.sent.map((message) => ({ ...message, acks: [] })) };

describe('violationsOf', () => {
  it('reports nothing for a correct history, for any order of senders', () => {
    const sender = fc.constantFrom('alice', 'bob', 'carol');
    fc.assert(
      fc.property(fc.array(sender, { minLength: 3, maxLength: 40 }), (senders) => {
        expect(violationsOf(rightHistory(senders))).toEqual([]);
      }),
    );
  });

  it('accepts missing messages that were never acknowledged', () => {
    const log = renumbered(messages.slice(0, 5));
    expect(violationsOf({ ...unanswered, log, received: [] })).toEqual([]);
  });

  it('accepts repeated answers with the same number', () => {
    expect(violationsOf(withSent(2, { acks: [3, 3, 3] }))).toEqual([]);
  });

  it.each<[string, ViolationKind, ConversationHistory]>([
    ['an acknowledged message that is not in the log', 'lost', withLog(renumbered(messages.slice(0, 5)))],
    [
      'a message that is in the log twice',
      'repeated',
      { ...unanswered, log: renumbered([...messages, messages[2]]), received: [] },
    ],
    ['a number that is in the log twice', 'repeated', withLog(change(history.log, 2, (entry) => [entry, entry]))],
    ['two answers with different numbers', 'repeated', withSent(2, { acks: [3, 4] })],
    ['a gap in the log', 'gap', withLog(change(history.log, 2, () => []))],
    ['a log in the wrong order', 'inversion', withLog(swapped(history.log, 2, 3))],
    [
      'two messages of a sender that changed places',
      'inversion',
      { ...unanswered, log: renumbered(swapped(messages, 2, 3)), received: [] },
    ],
    ['an answer with another number', 'misplaced', withSent(2, { acks: [2] })],
    ['a rejected message that is stored', 'refused-but-stored', withSent(2, { acks: [], refused: true })],
    ['a message that no user sent', 'invented', { ...history, sent: history.sent.slice(0, 5) }],
    ['another text than was sent', 'invented', withSent(2, { text: 'something else' })],
    ['a client that did not receive a message', 'gap', withReceived((messages) => change(messages, 2, () => []))],
    ['a client that did not receive the newest message', 'gap', withReceived((messages) => messages.slice(0, -1))],
    [
      'a client that received a message twice',
      'repeated',
      withReceived((messages) => change(messages, 2, (message) => [message, message])),
    ],
    [
      'a client that received messages in another order',
      'inversion',
      withReceived((messages) => swapped(messages, 2, 3)),
    ],
    [
      'a client that received another content',
      'divergence',
      withReceived((messages) => change(messages, 2, (message) => [{ ...message, shown: 'something else' }])),
    ],
    [
      'a client that received a message that is not in the log',
      'divergence',
      withReceived((messages) => [...messages, seenOf(sentOf('alice', 9, []), 9)]),
    ],
  ])('reports %s: %s', (_name, kind, wrong) => {
    const kinds = violationsOf(wrong).map((violation) => violation.kind);
    expect(kinds).toContain(kind);
  });
});
