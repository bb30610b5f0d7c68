import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { TypingSender } from './typing-sender.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('announces typing at most every two seconds, even when the clock changes', () => {
  const announced: boolean[] = [];
  const sender = new TypingSender((_conversationId, isTyping) => announced.push(isTyping));
  sender.typing('c');
  sender.typing('c');
  expect(announced).toEqual([true]);
  vi.setSystemTime(Date.now() - 3_600_000);
  sender.typing('c');
  sender.typing('c');
  expect(announced).toEqual([true, true]);
  vi.setSystemTime(Date.now() + 2_000);
  sender.typing('c');
  sender.stopped('c');
  expect(announced).toEqual([true, true, true, false]);
});
