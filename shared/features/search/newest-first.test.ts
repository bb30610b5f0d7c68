import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byPosition, lastSeq, latest, type Position, type Source, startOf } from './merge-rules.ts';
import { type Budget, findNewest, type SearchReads } from './newest-first.ts';

interface Entry extends Position {
  readonly isCandidate: boolean;
  readonly isFound: boolean;
}

interface Library {
  /** Each newest first. */
  readonly conversations: readonly (readonly Entry[])[];
  /** First visible number by conversation; Infinity for none. */
  readonly firstSeqs: readonly number[];
}

const wide: Budget = { pages: 60, entries: 3000, messages: 300, sideBySide: 10 };

const nameOf = (index: number) => String(index).padStart(26, '0');

const libraries: fc.Arbitrary<Library> = fc
  .array(
    fc.record({
      gaps: fc.array(fc.record({ gap: fc.integer({ min: 0, max: 3 }), kind: fc.nat({ max: 3 }) }), {
        maxLength: 90,
        size: 'max',
      }),
      start: fc.integer({ min: 0, max: 60 }),
      first: fc.oneof({ arbitrary: fc.constant(1), weight: 4 }, fc.integer({ min: 1, max: 40 }), fc.constant(Infinity)),
    }),
    { maxLength: 8 },
  )
  .map((parts) => ({
    firstSeqs: parts.map(({ first }) => first),
    conversations: parts.map(({ gaps, start }, index) => {
      let at = start;
      return gaps
        .map(({ gap, kind }, offset): Entry => {
          at += gap;
          const position = { at, conversationId: nameOf(index), seq: offset + 1 };
          return { ...position, isCandidate: kind > 0, isFound: kind > 1 };
        })
        .reverse();
    }),
  }));

function bruteForce({ conversations, firstSeqs }: Library): Position[] {
  return conversations
    .flatMap((entries, index) => entries.filter(({ seq, isFound }) => isFound && seq >= (firstSeqs[index] ?? 1)))
    .sort(byPosition)
    .map(({ at, conversationId, seq }) => ({ at, conversationId, seq }));
}

class Reader implements SearchReads<{ readonly position: Position }> {
  pages = 0;
  entries = 0;
  messages = 0;
  readonly #library: Library;

  constructor(library: Library) {
    this.#library = library;
  }

  readonly read = async ({ bound, pageSize }: Source) => {
    const rest = this.#of(bound.conversationId).filter((entry) => byPosition(bound, entry) < 0);
    const page = rest.slice(0, pageSize);
    this.pages += 1;
    this.entries += page.length;
    const isLast = rest.length < pageSize;
    return Promise.resolve({
      entries: page.length,
      candidates: page.filter(({ isCandidate }) => isCandidate).map(positionOf),
      end: isLast ? undefined : page.at(-1),
    });
  };

  readonly verify = async (candidates: readonly Position[]) => {
    this.messages += candidates.length;
    const firstSeqs = new Map(
      candidates.map(({ conversationId }) => [conversationId, this.#library.firstSeqs[indexOf(conversationId)] ?? 1]),
    );
    const found = candidates.filter(({ conversationId, seq }) => {
      const entry = this.#of(conversationId).find((candidate) => candidate.seq === seq);
      return entry?.isFound === true && seq >= (firstSeqs.get(conversationId) ?? 1);
    });
    return Promise.resolve({ firstSeqs, found: found.map((position) => ({ position })) });
  };

  #of(conversationId: string): readonly Entry[] {
    return this.#library.conversations[indexOf(conversationId)] ?? [];
  }
}

function indexOf(conversationId: string): number {
  return Number(conversationId);
}

function positionOf({ at, conversationId, seq }: Position): Position {
  return { at, conversationId, seq };
}

async function allPages(library: Library, limit: number, budget: Budget) {
  const pages: Position[][] = [];
  const reader = new Reader(library);
  let cursor: Position | undefined;
  do {
    const starts = library.conversations.flatMap((entries, index) =>
      entries[0] === undefined ? [] : [startOf(nameOf(index), entries[0].at, cursor)],
    );
    const { found, next } = await findNewest(starts, limit, budget, reader);
    expect(found.length).toBeLessThanOrEqual(limit);
    if (cursor !== undefined && next !== undefined) expect(byPosition(cursor, next)).toBeLessThan(0);
    pages.push(found.map(({ position }) => positionOf(position)));
    cursor = next;
    if (pages.length > 500) throw new Error('More than 500 pages');
  } while (cursor !== undefined);
  return { pages, reader };
}

describe('findNewest', () => {
  it('returns every match once, newest first', async () => {
    await fc.assert(
      fc.asyncProperty(libraries, fc.integer({ min: 1, max: 30 }), async (library, limit) => {
        const { pages } = await allPages(library, limit, wide);
        expect(pages.flat()).toEqual(bruteForce(library));
      }),
      { numRuns: 300 },
    );
  });

  it('returns the same matches when each request has a small budget', async () => {
    const budgets = fc.record({
      pages: fc.integer({ min: 1, max: 4 }),
      entries: fc.integer({ min: 1, max: 60 }),
      messages: fc.integer({ min: 1, max: 10 }),
      sideBySide: fc.integer({ min: 1, max: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(libraries, fc.integer({ min: 1, max: 30 }), budgets, async (library, limit, budget) => {
        const { pages } = await allPages(library, limit, budget);
        expect(pages.flat()).toEqual(bruteForce(library));
      }),
      { numRuns: 300 },
    );
  });
});

function evenly(conversations: number, messages: number, isFound: (index: number, seq: number) => boolean): Library {
  return {
    firstSeqs: [],
    conversations: Array.from({ length: conversations }, (_, index) =>
      Array.from({ length: messages }, (__, offset) => {
        const seq = messages - offset;
        const found = isFound(index, seq);
        const at = seq * conversations + index;
        return { at, conversationId: nameOf(index), seq, isCandidate: found, isFound: found };
      }),
    ),
  };
}

describe('findNewest, reading as little as possible,', () => {
  it('skips conversations that are older than the whole page', async () => {
    const library: Library = {
      firstSeqs: [],
      conversations: Array.from({ length: 20 }, (_, index) =>
        Array.from({ length: 40 }, (__, offset) => {
          const position = { at: index * 1000 + 40 - offset, conversationId: nameOf(index), seq: 40 - offset };
          return { ...position, isCandidate: true, isFound: true };
        }),
      ),
    };
    const starts = library.conversations.map((entries) => ({ ...(entries[0] as Position), seq: lastSeq }));
    const reader = new Reader(library);
    const { found } = await findNewest(starts, 60, { ...wide, sideBySide: 2 }, reader);
    expect(found).toHaveLength(60);
    expect(reader.pages).toBeLessThanOrEqual(4);
    expect(reader.messages).toBe(60);
  });

  it('stops at the end of its budget when nothing matches', async () => {
    const library = evenly(20, 2000, () => false);
    const starts = library.conversations.map((entries) => ({ ...(entries[0] as Position), seq: lastSeq }));
    const reader = new Reader(library);
    const { found, next } = await findNewest(starts, 20, wide, reader);
    expect(found).toEqual([]);
    expect(next).toBeDefined();
    expect(reader.pages).toBeLessThan(wide.pages + wide.sideBySide);
    expect(reader.entries).toBeLessThan(wide.entries + wide.sideBySide * 400);
  });

  it('reads a few pages for any number of conversations when the newest ones have enough matches', async () => {
    const library = evenly(1000, 3, () => true);
    const starts = library.conversations.map((entries) => ({ ...(entries[0] as Position), seq: lastSeq }));
    const reader = new Reader(library);
    const { found } = await findNewest(starts, 10, wide, reader);
    expect(found).toHaveLength(10);
    expect(reader.pages).toBeLessThanOrEqual(20);
  });

  it('reads a page of each conversation before it continues when nothing matches for long', async () => {
    const library = evenly(200, 40, (_, seq) => seq === 1);
    const { pages } = await allPages(library, 20, wide);
    expect(pages.flat()).toHaveLength(200);
    expect(pages.length).toBeLessThan(30);
  });

  it('reads every message once when most candidates do not match', async () => {
    const library = evenly(3, 40, (_, seq) => seq === 1);
    const candidates: Library = {
      ...library,
      conversations: library.conversations.map((entries) => entries.map((entry) => ({ ...entry, isCandidate: true }))),
    };
    const { pages, reader } = await allPages(candidates, 5, wide);
    expect(pages.flat()).toHaveLength(3);
    expect(reader.messages).toBe(120);
  });
});

describe('startOf', () => {
  it('returns the newest position after the cursor', () => {
    const cursor = { at: 50, conversationId: 'M', seq: 7 };
    expect(startOf('M', latest, cursor)).toEqual(cursor);
    expect(startOf('A', latest, cursor)).toEqual({ at: 50, conversationId: 'A', seq: lastSeq });
    expect(startOf('Z', latest, cursor)).toEqual({ at: 49, conversationId: 'Z', seq: lastSeq });
    expect(startOf('M', 20, cursor)).toEqual({ at: 20, conversationId: 'M', seq: lastSeq });
    expect(startOf('M', 20, undefined)).toEqual({ at: 20, conversationId: 'M', seq: lastSeq });
  });
});
