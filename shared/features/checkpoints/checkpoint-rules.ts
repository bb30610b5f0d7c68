import * as z from 'zod/mini';

/** At the time of signing; `hash` is the chain's. */
export interface LogEnd {
  readonly conversationId: string;
  readonly seq: number;
  /** base64url */
  readonly hash: string;
}

export const checkpointSchema = z.object({
  v: z.literal(1),
  tenantId: z.string(),
  /** ISO 8601. */
  at: z.string(),
  ends: z.array(z.object({ conversationId: z.string(), seq: z.number(), hash: z.string() })),
});
export type Checkpoint = z.output<typeof checkpointSchema>;

/** One per conversation, in the order of their ids. */
export function newestEnds(ends: readonly LogEnd[]): LogEnd[] {
  const newest = new Map<string, LogEnd>();
  for (const end of ends) {
    if (end.seq > (newest.get(end.conversationId)?.seq ?? 0)) newest.set(end.conversationId, end);
  }
  return [...newest.values()].sort((first, second) => (first.conversationId < second.conversationId ? -1 : 1));
}

export interface AnchorVerdict {
  /** The newest end that the log confirms. */
  readonly anchored: { readonly seq: number; readonly at: string } | undefined;
  /** The first entry that differs or that the log lacks. */
  readonly brokenAt: number | undefined;
}

/** @param hashAfter the chain's hash after an entry, base64url; undefined if the log has no such entry. */
export function compareWithLog(
  conversationId: string,
  checkpoints: Iterable<Checkpoint>,
  hashAfter: (seq: number) => string | undefined,
): AnchorVerdict {
  let anchored: AnchorVerdict['anchored'];
  let brokenAt: number | undefined;
  for (const { at, ends } of checkpoints) {
    for (const end of ends.filter((each) => each.conversationId === conversationId)) {
      const isConfirmed = hashAfter(end.seq) === end.hash;
      if (!isConfirmed) brokenAt = Math.min(brokenAt ?? end.seq, end.seq);
      else if (end.seq >= (anchored?.seq ?? 0)) anchored = { seq: end.seq, at };
    }
  }
  return { anchored, brokenAt };
}
