/** Position of a message: newest first, then by conversation and number, descending. */
export interface Position {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly conversationId: string;
  readonly seq: number;
}

export interface Source {
  /** Every unread entry is after this position. */
  readonly bound: Position;
  readonly pageSize: number;
  /** Before the first read, the bound may be much newer than every entry. */
  readonly isRead: boolean;
}

/** Merges messages of several conversations into one order, and reads only as far as needed. */
export interface Merge {
  readonly sources: readonly Source[];
  readonly candidates: readonly Position[];
}

export const lastSeq = 999_999_999_999;
/** The latest time that a key can contain, in the year 2286. */
export const latest = 9_999_999_999_999;
/** A first page takes half a read unit or a whole one. */
const firstPage = { most: 25, least: 5, ofAll: 3000 } as const;
const longestPage = 400;

export function byPosition(first: Position, second: Position): number {
  if (first.at !== second.at) return second.at - first.at;
  if (first.conversationId !== second.conversationId) return first.conversationId < second.conversationId ? 1 : -1;
  return second.seq - first.seq;
}

/**
 * @param newestAt - no wanted entry is newer.
 * @param cursor - only entries after it are wanted.
 */
export function startOf(conversationId: string, newestAt: number, cursor: Position | undefined): Position {
  const newest = { at: newestAt, conversationId, seq: lastSeq };
  if (cursor === undefined) return newest;
  const { at } = cursor;
  const order = byPosition({ at, conversationId, seq: 0 }, { at, conversationId: cursor.conversationId, seq: 0 });
  const continued =
    order === 0
      ? cursor
      : order > 0
        ? { at, conversationId, seq: lastSeq }
        : { at: at - 1, conversationId, seq: lastSeq };
  return byPosition(newest, continued) > 0 ? newest : continued;
}

export function beginMerge(starts: readonly Position[]): Merge {
  const { most, least, ofAll } = firstPage;
  const pageSize = Math.max(least, Math.min(most, Math.floor(ofAll / starts.length)));
  return { sources: starts.map((bound) => ({ bound, pageSize, isRead: false })), candidates: [] };
}

/** No unread entry is before this position. Undefined when every entry is read. */
export function frontierOf({ sources }: Merge): Position | undefined {
  return sources.map(({ bound }) => bound).sort(byPosition)[0];
}

/** The candidates that no unread entry can precede. */
export function readyCandidates(merge: Merge): readonly Position[] {
  const frontier = frontierOf(merge);
  if (frontier === undefined) return merge.candidates;
  return merge.candidates.filter((candidate) => byPosition(candidate, frontier) <= 0);
}

/** The conversations that may have needed entries, the newest first. */
export function sourcesToRead({ sources, candidates }: Merge, needed: number): readonly Source[] {
  const last = candidates[needed - 1];
  return sources
    .filter(({ bound }) => last === undefined || byPosition(bound, last) < 0)
    .sort((first, second) => byPosition(first.bound, second.bound));
}

/** @param page - `end` is its last entry, or undefined if the conversation has no more. */
export function withPage(
  merge: Merge,
  read: Source,
  page: { readonly candidates: readonly Position[]; readonly end: Position | undefined },
): Merge {
  const others = merge.sources.filter((source) => source !== read);
  const pageSize = Math.min(2 * read.pageSize, longestPage);
  return {
    sources: page.end === undefined ? others : [...others, { bound: page.end, pageSize, isRead: true }],
    candidates: [...merge.candidates, ...page.candidates].sort(byPosition),
  };
}

export function withoutCandidatesThrough(merge: Merge, through: Position): Merge {
  return { ...merge, candidates: merge.candidates.filter((candidate) => byPosition(through, candidate) < 0) };
}

/** Removes entries before a number, which the reader may not see. */
export function limitedTo(merge: Merge, conversationId: string, firstSeq: number): Merge {
  return {
    sources: merge.sources.filter(({ bound }) => bound.conversationId !== conversationId || bound.seq > firstSeq),
    candidates: merge.candidates.filter(
      (candidate) => candidate.conversationId !== conversationId || candidate.seq >= firstSeq,
    ),
  };
}
