import { describe, expect, it } from 'vitest';
import type { Message } from '../../contract/schemas/message.ts';
import { newestThatFit, pageBytes, PageFill } from './page-rules.ts';

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
});
