import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { draftOf, type DraftAction, type DraftsState, reduceDrafts, type StoredDraft } from './draft-rules.ts';

const stored = (conversationId: string, draft: StoredDraft): DraftAction => ({
  type: 'draft-stored',
  conversationId,
  draft,
});
const listed = (drafts: Readonly<Record<string, StoredDraft>>, before: DraftsState): DraftAction => ({
  type: 'drafts-listed',
  drafts,
  before,
});
const withAll = (state: DraftsState, actions: readonly DraftAction[]) => actions.reduce(reduceDrafts, state);

const ranks = fc.array(fc.nat(), { minLength: 100, maxLength: 100 });
const change = fc.record({
  conversationId: fc.constantFrom('a', 'b', '__proto__'),
  content: fc.option(fc.record({ text: fc.string({ minLength: 1 }) }), { nil: undefined }),
});

describe('a client with a list of drafts and all later events, repeated and in any order', () => {
  it('shows the same texts as a later list', () => {
    fc.assert(
      fc.property(fc.array(change), fc.array(change), ranks, (before, after, order) => {
        const drafts = new Map<string, StoredDraft>();
        let revision = 0;
        const events: DraftAction[] = [];
        const perform = (changes: typeof before) => {
          for (const { conversationId, content } of changes) {
            revision += 1;
            const draft = { revision, ...(content === undefined ? {} : { content }) };
            if (content === undefined) drafts.delete(conversationId);
            else drafts.set(conversationId, draft);
            events.push(stored(conversationId, draft));
          }
        };
        perform(before);
        const state = reduceDrafts({}, listed(Object.fromEntries(drafts), {}));
        const known = events.length;
        perform(after);
        const late = events.slice(known);
        const arriving = [...late, ...late]
          .map((event, index) => ({ event, rank: order[index % order.length] ?? 0 }))
          .sort((first, second) => first.rank - second.rank)
          .map(({ event }) => event);
        const live = withAll(state, arriving);
        for (const id of ['a', 'b', '__proto__']) expect(draftOf(live, id)).toEqual(drafts.get(id)?.content);
      }),
    );
  });
});

describe('a draft that is not saved yet', () => {
  const mine = { text: 'mine' };

  it('takes precedence until it is saved, and then the higher revision', () => {
    const set = { type: 'draft-set', conversationId: 'c', content: mine } as const;
    const pending = withAll({}, [stored('c', { revision: 1, content: { text: 'old' } }), set]);
    const overtaken = reduceDrafts(pending, stored('c', { revision: 3, content: { text: 'theirs' } }));
    expect(draftOf(overtaken, 'c')).toEqual(mine);
    const draft = { revision: 2, content: mine };
    const saved = { type: 'draft-saved', conversationId: 'c', content: mine, draft } as const;
    expect(draftOf(reduceDrafts(overtaken, saved), 'c')).toEqual({ text: 'theirs' });
    expect(draftOf(reduceDrafts(pending, saved), 'c')).toEqual(mine);
  });

  it('stays pending if it changed while it was saved', () => {
    const newer = { text: 'mine, longer' };
    const state = withAll({}, [
      { type: 'draft-set', conversationId: 'c', content: mine },
      { type: 'draft-set', conversationId: 'c', content: newer },
      { type: 'draft-saved', conversationId: 'c', content: mine, draft: { revision: 1, content: mine } },
    ]);
    expect(state['c']).toEqual({ stored: { revision: 1, content: mine }, pending: newer });
  });

  it('shows nothing while its deletion is pending', () => {
    const state = withAll({}, [
      stored('c', { revision: 1, content: mine }),
      { type: 'draft-set', conversationId: 'c', content: null },
    ]);
    expect(draftOf(state, 'c')).toBeUndefined();
  });
});

it('removes drafts that a complete list lacks, unless they changed during the request', () => {
  const before = withAll({}, [
    stored('a', { revision: 1, content: { text: 'a' } }),
    stored('b', { revision: 1, content: { text: 'b' } }),
  ]);
  const during = reduceDrafts(before, stored('b', { revision: 2, content: { text: 'b, again' } }));
  const state = reduceDrafts(during, listed({}, before));
  expect([draftOf(state, 'a'), draftOf(state, 'b')]).toEqual([undefined, { text: 'b, again' }]);
});

it('forgets the draft of a conversation that the user has left', () => {
  const state = withAll({}, [
    stored('a', { revision: 1, content: { text: 'a' } }),
    stored('b', { revision: 1, content: { text: 'b' } }),
    { type: 'draft-forgotten', conversationId: 'a' },
  ]);
  expect([draftOf(state, 'a'), draftOf(state, 'b')]).toEqual([undefined, { text: 'b' }]);
});
