import { now } from '../../core/runtime/clock.ts';
import { BoundedMap } from '../../core/runtime/bounded-map.ts';
import type { ConversationItem } from './conversation-item.ts';
import { type LogAddress, readForward } from './log-store.ts';
import { extend, type LogTail, newest, trim } from './log-tail.ts';

/**
 * A conversation that an execution environment keeps between invocations. It may be stale. This is harmless for a
 * writer: the slot that it tries is taken, and it reads the newer entries. Before you show messages or deny access,
 * read the item again, unless it never changes.
 */
export interface CachedConversation {
  readonly item: ConversationItem;
  readonly tail: LogTail;
}

/** Each takes about 10 KB. */
const conversations = new BoundedMap<CachedConversation>(1000);
/** Shared by all tenants in this environment. */
let trust = { currentShare: 1 };
const forwardPage = 100;

export function cachedConversation(log: LogAddress): CachedConversation | undefined {
  return conversations.get(cacheKey(log));
}

export function cacheConversation(log: LogAddress, { item, tail }: CachedConversation): void {
  conversations.set(cacheKey(log), { item, tail: trim(tail, now()) });
}

/** The tail that a write starts from, and whether it comes from the cache. */
export interface KnownTail extends LogAddress {
  readonly tail: LogTail;
  readonly fromCache: boolean;
}

/**
 * Returns the tail that a write starts from. If the cache was stale too often recently, reads the newer entries first.
 */
export async function tailToWrite(start: KnownTail): Promise<LogTail> {
  if (!start.fromCache || isTrustworthy(trust)) return start.tail;
  const following = await readForward(start, newest(start.tail)?.seq ?? 0, forwardPage, { consistent: false });
  return extend(start.tail, following);
}

/** Updates the trust in the cache after a write. */
export function observeWrite({ tail, fromCache }: KnownTail, writtenSeq: number): void {
  if (fromCache) trust = observed(trust, writtenSeq === (newest(tail)?.seq ?? 0) + 1);
}

/**
 * Decides whether an environment writes from its cache. If few environments serve a tenant, a cached conversation is
 * usually current and saves a read. If many do, others have usually written since. Then it is cheaper to read the
 * newest entries first (half a read unit) than to fail a write (a write unit, and the same read afterwards).
 */
export interface CacheTrust {
  /** The share of cached conversations that were current at their next write, with more weight on recent writes. */
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
