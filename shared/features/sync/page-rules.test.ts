import { describe, expect, it } from 'vitest';
import type { Conversation } from '../../contract/schemas/conversation.ts';
import type { Message } from '../../contract/schemas/message.ts';
import { bytesOf, largestEventBytes, newestThatFit, pageBytes, PageFill, tellable } from './page-rules.ts';

const message = (seq: number, length: number) => ({ seq, text: 'x'.repeat(length) }) as Message;

describe('a page', () => {
  it('takes what fits into a frame, and one event whatever its size', () => {
    const fill = new PageFill();
    expect(fill.takes('x'.repeat(2 * pageBytes))).toBe(true);
    expect(fill.takes('x')).toBe(false);
    fill.beginWith('x'.repeat(pageBytes - 10));
    expect([fill.takes('x'.repeat(10)), fill.takes('x')]).toEqual([false, true]);
  });
});

describe('the messages of a snapshot', () => {
  it('are all of the page if they fit, with what it covers', () => {
    const page = { items: [message(3, 10), message(5, 10)], covers: { after: 2, through: 7 } };
    expect(newestThatFit(page, {})).toEqual({ messages: page.items, covers: page.covers });
  });

  it('are the newest that fit beside the conversation, and cover no more than they tell', () => {
    const items = [message(3, 9_000), message(5, 9_000), message(6, 9_000), message(9, 9_000)];
    const { messages, covers } = newestThatFit({ items, covers: { after: 2, through: 10 } }, 'x'.repeat(4_000));
    expect(messages.map(({ seq }) => seq)).toEqual([6, 9]);
    expect(covers).toEqual({ after: 5, through: 10 });
  });

  it('are one at least', () => {
    const items = [message(3, 10), message(5, 40_000)];
    expect(newestThatFit({ items, covers: { after: 2, through: 5 } }, {}).messages.map(({ seq }) => seq)).toEqual([5]);
  });

  it('are none if the conversation is so large that none fits into a message to a client', () => {
    const items = [message(3, 10), message(5, 70_000)];
    const { messages, covers } = newestThatFit({ items, covers: { after: 2, through: 6 } }, 'x'.repeat(60_000));
    expect(messages).toEqual([]);
    expect(covers).toEqual({ after: 6, through: 6 });
  });
});

describe('a conversation in an event', () => {
  const conversation = (length: number) => ({ id: 'one', lastMessage: message(5, length) }) as Conversation;

  it('has its newest message', () => {
    expect(tellable(conversation(100_000))).toEqual(conversation(100_000));
  });

  it('goes without it where it would not fit into a message to a client', () => {
    expect(bytesOf(conversation(largestEventBytes))).toBeGreaterThan(largestEventBytes);
    expect(tellable(conversation(largestEventBytes))).toEqual({ id: 'one' });
  });
});
