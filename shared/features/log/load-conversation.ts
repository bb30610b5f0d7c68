import type { Principal } from '../../core/tenancy/principal.ts';
import { type Access, accessTo, type Reader } from './access.ts';
import { readerOf } from './reader.ts';
import { cacheConversation, cachedConversation, type KnownTail } from './conversation-cache.ts';
import { canChange, type ConversationItem } from './conversation-item.ts';
import { readConversation } from './conversation-store.ts';
import { type LogEntry, revisionOf } from './log-entry.ts';
import { type LogAddress, readNewest, readTail } from './log-store.ts';
import { extend, type LogTail, newest } from './log-tail.ts';

export interface ReadableConversation extends LogAddress {
  readonly item: ConversationItem;
  readonly access: Access;
  readonly reader: Reader;
}

export interface WritableConversation extends ReadableConversation, KnownTail {}

export interface ConversationWithNewest extends ReadableConversation {
  readonly entries: readonly LogEntry[];
}

/** Does not read the log. */
export async function loadAccess(principal: Principal, conversationId: string): Promise<Access | undefined> {
  const item = await readConversation(principal.scope, conversationId);
  return item && accessTo(item, await readerOf(principal, item));
}

/**
 * Undefined without access. Reads an item that can change consistently, so that a removed user can read nothing more.
 */
export async function loadToRead(
  principal: Principal,
  conversationId: string,
): Promise<ReadableConversation | undefined> {
  const log = { scope: principal.scope, conversationId };
  const cached = cachedConversation(log)?.item;
  const item = cached !== undefined && !canChange(cached) ? cached : await readConversation(log.scope, conversationId);
  return withAccess(principal, log, item);
}

/**
 * Checks access to entries that were read after the conversation. If they show a later revision, reads the item again.
 * Undefined if the principal has lost access.
 */
export async function loadForEntries(
  principal: Principal,
  conversation: ReadableConversation,
  entries: Iterable<LogEntry>,
): Promise<ReadableConversation | undefined> {
  const revision = Math.max(0, ...Array.from(entries, revisionOf));
  return revision <= conversation.item.revision ? conversation : loadToRead(principal, conversation.conversationId);
}

/**
 * Undefined without access. Never denies access based on the cache. Access that the cache grants must be checked again
 * when the entry is written.
 */
export async function loadToWrite(
  principal: Principal,
  conversationId: string,
): Promise<WritableConversation | undefined> {
  const log = { scope: principal.scope, conversationId };
  const cached = cachedConversation(log);
  const granted = cached && (await withAccess(principal, log, cached.item));
  if (cached !== undefined && granted !== undefined) return { ...granted, tail: cached.tail, fromCache: true };
  if (cached !== undefined && !canChange(cached.item)) return undefined;
  const { item, tail } = await readItemAndTail(log, principal, cached !== undefined);
  const read = await withAccess(principal, log, item);
  return read && { ...read, tail, fromCache: false };
}

async function readItemAndTail(
  log: LogAddress,
  principal: Principal,
  consistent: boolean,
): Promise<{ readonly item: ConversationItem | undefined; readonly tail: LogTail }> {
  const { conversation, tail } = await readTail(log, { consistent });
  // An eventually consistent read can miss a new conversation or participant.
  const isCertain =
    conversation !== undefined && (consistent || (await withAccess(principal, log, conversation)) !== undefined);
  return { item: isCertain ? conversation : await readConversation(log.scope, log.conversationId), tail };
}

/** About one read unit. */
const newestEntries = 8;

/** Undefined without access. The newest entry shows whether the cached item is current. */
export async function loadWithNewest(
  principal: Principal,
  conversationId: string,
): Promise<ConversationWithNewest | undefined> {
  const log = { scope: principal.scope, conversationId };
  const cached = cachedConversation(log);
  const granted = cached && (await withAccess(principal, log, cached.item));
  if (cached !== undefined && granted !== undefined) {
    const entries = withoutGaps(await readNewest(log, newestEntries));
    cacheConversation(log, { item: granted.item, tail: extend(cached.tail, entries) });
    if ((entries.at(-1)?.state.revision ?? 0) === granted.item.revision) return { ...granted, entries };
  }
  if (cached !== undefined && !canChange(cached.item)) return undefined;
  const { conversation, tail } = await readTail(log, { consistent: true });
  // A query is not a snapshot: the item may be older than the entries.
  const isCurrent = conversation !== undefined && conversation.revision >= (newest(tail)?.state.revision ?? 0);
  const item = isCurrent ? conversation : await readConversation(log.scope, conversationId);
  const read = await withAccess(principal, log, item);
  if (read === undefined) return undefined;
  cacheConversation(log, { item: read.item, tail });
  return { ...read, entries: tail.entries };
}

async function withAccess(
  principal: Principal,
  log: LogAddress,
  item: ConversationItem | undefined,
): Promise<ReadableConversation | undefined> {
  if (item === undefined) return undefined;
  const reader = await readerOf(principal, item);
  const access = accessTo(item, reader);
  return access && { ...log, item, access, reader };
}

function withoutGaps(entries: readonly LogEntry[]): readonly LogEntry[] {
  const top = entries.at(-1)?.seq ?? 0;
  return entries.filter((entry, index) => entry.seq === top - entries.length + 1 + index);
}
