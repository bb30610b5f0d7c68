import { settleAll } from '../../core/runtime/settle-all.ts';
import {
  beginMerge,
  byPosition,
  frontierOf,
  withoutCandidatesThrough,
  limitedTo,
  type Position,
  readyCandidates,
  type Source,
  sourcesToRead,
  withPage,
} from './merge-rules.ts';

export interface SourcePage {
  readonly entries: number;
  readonly candidates: readonly Position[];
  /** Undefined if there is no older entry. */
  readonly end: Position | undefined;
}

export interface Verdict<Found> {
  readonly found: readonly (Found & { readonly position: Position })[];
  readonly firstSeqs: ReadonlyMap<string, number>;
}

export interface SearchReads<Found> {
  readonly read: (source: Source) => Promise<SourcePage>;
  readonly verify: (candidates: readonly Position[]) => Promise<Verdict<Found>>;
}

/**
 * Limits of one request. The first page of each conversation may exceed them: only this page shows how old the messages
 * are.
 */
export interface Budget {
  readonly pages: number;
  readonly entries: number;
  readonly messages: number;
  readonly sideBySide: number;
}

const mostAtOnce = 100;

/**
 * Finds matching messages of several conversations, newest first.
 * @returns at most `limit` messages, and the position to continue after; undefined if every entry was read.
 */
export async function findNewest<Found>(
  starts: readonly Position[],
  limit: number,
  budget: Budget,
  { read, verify }: SearchReads<Found>,
): Promise<{ readonly found: readonly Found[]; readonly next: Position | undefined }> {
  let merge = beginMerge(starts);
  const found: (Found & { readonly position: Position })[] = [];
  const spent = { pages: 0, entries: 0, messages: 0 };
  let atOnce = limit;
  for (;;) {
    const needed = limit - found.length;
    const ready = readyCandidates(merge);
    const isSpent = spent.pages >= budget.pages || spent.entries >= budget.entries;
    const sources = sourcesToRead(merge, needed)
      .filter(({ isRead }) => !isRead || !isSpent)
      .slice(0, budget.sideBySide);
    if (ready.length >= needed || (ready.length > 0 && sources.length === 0)) {
      const checked = ready.slice(0, atOnce);
      const through = checked.at(-1) as Position;
      const verdict = await verify(checked);
      spent.messages += checked.length;
      atOnce = Math.min(2 * atOnce, mostAtOnce);
      merge = withoutCandidatesThrough(merge, through);
      for (const [id, first] of verdict.firstSeqs) merge = limitedTo(merge, id, first);
      found.push(...[...verdict.found].sort((first, second) => byPosition(first.position, second.position)));
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
