import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Reactions } from './log-entry.ts';
import { react } from './reaction-rules.ts';

describe('react', () => {
  it('keeps the last change of each user and emoji, and reports a repetition as no change', () => {
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
