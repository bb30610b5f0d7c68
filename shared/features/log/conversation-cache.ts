import { now } from '../../core/runtime/clock.ts';
import { BoundedMap } from '../../core/runtime/bounded-map.ts';
import type { ConversationItem } from './conversation-item.ts';
import { type LogAddress, readForward } from './log-store.ts';
import { extend, type LogTail, newest, trim } from './log-tail.ts';

/**
 * May be stale. This is harmless for a writer: its slot is taken, and it reads the newer entries. Before you show
 * messages or deny access, read the item again, unless it never changes.
 */
export interface CachedConversation {
  readonly item: ConversationItem;
  readonly tail: LogTail;
}

/** Each takes about 10 KB. */
const conversations = new BoundedMap<CachedConversation>(1000);
let trust = { currentShare: 1 };
const forwardPage = 100;

export function cachedConversation(log: LogAddress): CachedConversation | undefined {
  return conversations.get(cacheKey(log));
}

export function cacheConversation(log: LogAddress, { item, tail }: CachedConversation): void {
  conversations.set(cacheKey(log), { item, tail: trim(tail, now()) });
}

export interface KnownTail extends LogAddress {
  readonly tail: LogTail;
  readonly fromCache: boolean;
}

/** Reads the newer entries first if the cache was stale too often recently. */
export async function tailToWrite(start: KnownTail): Promise<LogTail> {
  if (!start.fromCache || isTrustworthy(trust)) return start.tail;
  const following = await readForward(start, newest(start.tail)?.seq ?? 0, forwardPage, { consistent: false });
  return extend(start.tail, following);
}

export function observeWrite({ tail, fromCache }: KnownTail, writtenSeq: number): void {
  if (fromCache) trust = observed(trust, writtenSeq === (newest(tail)?.seq ?? 0) + 1);
}

/**
 * Decides whether an environment writes from its cache. With many environments, reading first (half a read unit) is
 * cheaper than a failed write (a write unit and the same read).
 */
export interface CacheTrust {
  /** Recent writes have more weight. */
  readonly currentShare: number;
}

const newestWeight = 0.1;
/** Below this share, reading first costs less: (1 − share) × (1 write + 1 read) > ½ read, at list prices. */
const minimalShare = 0.92;

export function observed(before: CacheTrust, wasCurrent: boolean): CacheTrust {
  return { currentShare: before.currentShare * (1 - newestWeight) + (wasCurrent ? newestWeight : 0) };
}

export function isTrustworthy({ currentShare }: CacheTrust): boolean {
  return currentShare >= minimalShare;
}

function cacheKey({ scope, conversationId }: LogAddress): string {
  return `${scope.tenantId}/${conversationId}`;
}
