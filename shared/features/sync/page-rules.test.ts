import { describe, expect, it } from 'vitest';
import type { Conversation } from '../../contract/schemas/conversation.ts';
import type { Message } from '../../contract/schemas/message.ts';
import { bytesOf, largestEventBytes, newestThatFit, pageBytes, PageFill, fittingConversation } from './page-rules.ts';

const message = (seq: number, length: number) => ({ seq, text: 'x'.repeat(length) }) as Message;

describe('PageFill', () => {
  it('accepts events that fit into a frame, and one event of any size', () => {
    const fill = new PageFill();
    expect(fill.add('x'.repeat(2 * pageBytes))).toBe(true);
    expect(fill.add('x')).toBe(false);
    fill.beginWith('x'.repeat(pageBytes - 10));
    expect([fill.add('x'.repeat(10)), fill.add('x')]).toEqual([false, true]);
  });
});

describe('newestThatFit', () => {
  it('returns the whole page when it fits', () => {
    const page = { items: [message(3, 10), message(5, 10)], covers: { after: 2, through: 7 } };
    expect(newestThatFit(page, {})).toEqual({ messages: page.items, covers: page.covers });
  });

  it('returns the newest messages that fit beside the conversation, and covers only them', () => {
    const items = [message(3, 9_000), message(5, 9_000), message(6, 9_000), message(9, 9_000)];
    const { messages, covers } = newestThatFit({ items, covers: { after: 2, through: 10 } }, 'x'.repeat(4_000));
    expect(messages.map(({ seq }) => seq)).toEqual([6, 9]);
    expect(covers).toEqual({ after: 5, through: 10 });
  });

  it('returns at least one message', () => {
    const items = [message(3, 10), message(5, 40_000)];
    expect(newestThatFit({ items, covers: { after: 2, through: 5 } }, {}).messages.map(({ seq }) => seq)).toEqual([5]);
  });

  it('returns no message when the conversation leaves no room for one', () => {
    const items = [message(3, 10), message(5, 70_000)];
    const { messages, covers } = newestThatFit({ items, covers: { after: 2, through: 6 } }, 'x'.repeat(60_000));
    expect(messages).toEqual([]);
    expect(covers).toEqual({ after: 6, through: 6 });
  });
});

describe('fittingConversation', () => {
  const conversation = (length: number) => ({ id: 'one', lastMessage: message(5, length) }) as Conversation;

  it('keeps the newest message', () => {
    expect(fittingConversation(conversation(100_000))).toEqual(conversation(100_000));
  });

  it('removes the newest message when the event would be too large', () => {
    expect(bytesOf(conversation(largestEventBytes))).toBeGreaterThan(largestEventBytes);
    expect(fittingConversation(conversation(largestEventBytes))).toEqual({ id: 'one' });
  });
});
