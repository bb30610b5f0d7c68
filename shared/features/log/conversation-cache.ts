import { now } from '../../core/runtime/clock.ts';
import { BoundedMap } from '../../core/runtime/bounded-map.ts';
import type { ConversationItem } from './conversation-item.ts';
import { type LogAddress, readForward } from './log-store.ts';
import { extend, type LogTail, newest, trim } from './log-tail.ts';

/**
 * The conversations that a warm environment keeps between invocations. A cached conversation can be stale. For a writer
 * that is harmless: the slot that it tries to write is taken, and it reads on. For a reader, and before a refusal, the
 * item must be read again, unless it is one that never changes.
 */
export interface CachedConversation {
  readonly item: ConversationItem;
  readonly tail: LogTail;
}

/** At about 10 KB each. */
const conversations = new BoundedMap<CachedConversation>(1000);
/** Of this environment, over all tenants. */
let trust = { currentShare: 1 };
const forwardPage = 100;

export function cachedConversation(log: LogAddress): CachedConversation | undefined {
  return conversations.get(cacheKey(log));
}

export function cacheConversation(log: LogAddress, { item, tail }: CachedConversation): void {
  conversations.set(cacheKey(log), { item, tail: trim(tail, now()) });
}

/** A tail to write with, and whether it comes from the cache. */
export interface KnownTail extends LogAddress {
  readonly tail: LogTail;
  readonly fromCache: boolean;
}

/** The tail, brought up to date first if the cache has been stale too often lately. */
export async function tailToWrite(known: KnownTail): Promise<LogTail> {
  if (!known.fromCache || isTrustworthy(trust)) return known.tail;
  const following = await readForward(known, newest(known.tail)?.seq ?? 0, forwardPage, { consistent: false });
  return extend(known.tail, following);
}

/** Learns from a write whether the cache was current. */
export function observeWrite({ tail, fromCache }: KnownTail, writtenSeq: number): void {
  if (fromCache) trust = observed(trust, writtenSeq === (newest(tail)?.seq ?? 0) + 1);
}

/**
 * How far an environment relies on its cache. With few environments for a tenant, a cached conversation is mostly
 * current, and saves a read. With many, others have mostly written since: then a read of the newest entries (half a read
 * unit) is cheaper than a failed write (a write unit, and the same read afterwards).
 */
export interface CacheTrust {
  /** Share of the cached conversations that were current at their next write; recent ones weigh more. */
  readonly currentShare: number;
}

const weightOfOne = 0.1;
/** Below this share, reading first costs less: (1 − share) × (1 write + 1 read) > ½ read, at list prices. */
const leastShare = 0.92;

export function observed(before: CacheTrust, wasCurrent: boolean): CacheTrust {
  return { currentShare: before.currentShare * (1 - weightOfOne) + (wasCurrent ? weightOfOne : 0) };
}

export function isTrustworthy({ currentShare }: CacheTrust): boolean {
  return currentShare >= leastShare;
}

function cacheKey({ scope, conversationId }: LogAddress): string {
  return `${scope.tenantId}/${conversationId}`;
}
