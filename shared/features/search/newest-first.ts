import { settleAll } from '../../core/runtime/settle-all.ts';
import {
  beginMerge,
  byPosition,
  frontierOf,
  handedOut,
  limitedTo,
  type Position,
  ripeOf,
  type Source,
  sourcesToRead,
  withPage,
} from './merge-rules.ts';

/** What a page of a conversation's index brought. */
export interface SourcePage {
  /** How many entries were read. */
  readonly entries: number;
  /** Those that may be what is looked for, newest first. */
  readonly candidates: readonly Position[];
  /** The last entry that was read; absent when there is nothing before it. */
  readonly end: Position | undefined;
}

/** What became of candidates that were looked at. */
export interface Verdict<Found> {
  /** Those that are what is looked for. */
  readonly found: readonly (Found & { readonly position: Position })[];
  /** Of conversations: the number of the first message that may be seen. */
  readonly firstSeqs: ReadonlyMap<string, number>;
}

export interface Ways<Found> {
  readonly read: (source: Source) => Promise<SourcePage>;
  readonly verify: (candidates: readonly Position[]) => Promise<Verdict<Found>>;
}

/**
 * How much one request looks at, at most; what it has begun then is finished. A first page of each conversation is read
 * beyond it where it is needed: only then is known how old its messages are, and the next request gets on from there.
 */
export interface Budget {
  /** Pages of the index. */
  readonly pages: number;
  /** Entries of the index. */
  readonly entries: number;
  /** Messages that are read to see whether they are what is looked for. */
  readonly messages: number;
  /** Conversations that are read side by side. */
  readonly sideBySide: number;
}

const mostAtOnce = 100;

/**
 * What is looked for, newest first, from several conversations that are each read from their newest end.
 * @returns at most `limit`, and the position after which to go on; none when all has been looked at.
 */
export async function findNewest<Found>(
  starts: readonly Position[],
  limit: number,
  budget: Budget,
  { read, verify }: Ways<Found>,
): Promise<{ readonly found: readonly Found[]; readonly next: Position | undefined }> {
  let merge = beginMerge(starts);
  const found: (Found & { readonly position: Position })[] = [];
  const spent = { pages: 0, entries: 0, messages: 0 };
  let atOnce = limit;
  for (;;) {
    const needed = limit - found.length;
    const ripe = ripeOf(merge);
    const isSpent = spent.pages >= budget.pages || spent.entries >= budget.entries;
    const sources = sourcesToRead(merge, needed)
      .filter(({ isRead }) => !isRead || !isSpent)
      .slice(0, budget.sideBySide);
    if (ripe.length >= needed || (ripe.length > 0 && sources.length === 0)) {
      const looked = ripe.slice(0, atOnce);
      const through = looked.at(-1) as Position;
      const verdict = await verify(looked);
      spent.messages += looked.length;
      // Where most turn out to be something else, more are looked at together.
      atOnce = Math.min(2 * atOnce, mostAtOnce);
      merge = handedOut(merge, through);
      for (const [id, first] of verdict.firstSeqs) merge = limitedTo(merge, id, first);
      found.push(...[...verdict.found].sort((one, other) => byPosition(one.position, other.position)));
      const isAll = merge.sources.length + merge.candidates.length === 0;
      const page = found.slice(0, limit);
      if (found.length >= limit) {
        return { found: page, next: isAll && found.length === limit ? undefined : page.at(-1)?.position };
      }
      if (spent.messages >= budget.messages) return { found, next: isAll ? undefined : through };
    } else if (sources.length === 0) {
      return { found, next: frontierOf(merge) };
    } else {
      const pages = await settleAll(sources.map(read));
      pages.forEach((page, index) => {
        merge = withPage(merge, sources[index] as Source, page);
        spent.pages += 1;
        spent.entries += page.entries;
      });
    }
  }
}
