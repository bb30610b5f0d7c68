import { now } from '../../core/runtime/clock.ts';
import { keys } from '../../core/table/keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { type ConversationItem, type Member, memberOf } from './conversation-item.ts';
import type { LogEntry } from './log-entry.ts';
import { LogReader } from './log-reader.ts';
import { LogStore } from './log-store.ts';
import { extend, type LogTail, newest, trim } from './log-tail.ts';
import { fullTrust, isTrustworthy, observed } from './memory-trust-rules.ts';

/** A conversation with the newest part of its log, as one of its participants opens it. */
export interface OpenConversation {
  readonly id: string;
  readonly item: ConversationItem;
  readonly member: Member;
  readonly store: LogStore;
  readonly tail: LogTail;
  /** Whether it comes from memory, and so may be stale. */
  readonly fromMemory: boolean;
}

/** A conversation as one of its participants reads it. */
export type ReadableConversation = Pick<OpenConversation, 'id' | 'item' | 'member'> & { readonly store: LogReader };

interface Remembered {
  readonly item: ConversationItem;
  readonly tail: LogTail;
}

/** Conversations that a warm environment remembers; at about 10 KB each. */
const remembered = new Map<string, Remembered>();
const rememberedSize = 1000;
const forwardPage = 100;

/** Whether memory is mostly current here; says nothing about any tenant. */
let trust = fullTrust;

/**
 * The conversation if the user takes part in it, to write to. From memory in a warm environment, else with one query.
 * Memory may be stale, which the log's slots make harmless: see {@link currentItem}. That somebody takes no part is
 * never decided from memory.
 */
export async function openConversation(
  scope: TenantScope,
  conversationId: string,
  userId: string,
): Promise<OpenConversation | undefined> {
  const store = new LogStore(scope, conversationId);
  const known = remembered.get(memoryKey(scope, conversationId));
  const knownMember = known && memberOf(known.item, userId);
  if (known !== undefined && knownMember !== undefined) {
    return { id: conversationId, store, ...known, member: knownMember, fromMemory: true };
  }
  if (known?.item.kind === 'direct') return undefined;
  const found = await load(scope, conversationId, userId, store, known !== undefined);
  const member = found && memberOf(found.item, userId);
  if (found === undefined || member === undefined) return undefined;
  return { id: conversationId, store, ...found, member, fromMemory: false };
}

/**
 * The conversation if the user takes part in it now, to read from. Who takes part in a direct conversation never
 * changes; of a group the item is read, consistently: whoever was removed reads nothing more.
 */
export async function readableConversation(
  scope: TenantScope,
  conversationId: string,
  userId: string,
): Promise<ReadableConversation | undefined> {
  const known = remembered.get(memoryKey(scope, conversationId))?.item;
  const item = known?.kind === 'direct' ? known : await currentItem(scope, conversationId);
  const member = item && memberOf(item, userId);
  if (item === undefined || member === undefined) return undefined;
  return { id: conversationId, item, member, store: new LogReader(scope, conversationId) };
}

/** A conversation as it is at this moment, with the newest entries of its log: ascending, without holes. */
export interface CurrentConversation extends ReadableConversation {
  readonly entries: readonly LogEntry[];
}

/** About one read unit. */
const newestEntries = 8;
/** Beyond every log. */
const pastTheEnd = 999_999_999_999;

/**
 * The conversation with the true end of its log, if the user takes part in it now. The newest entry tells whether the
 * item in memory is of this moment, so that mostly one small query is all.
 */
export async function currentConversation(
  scope: TenantScope,
  conversationId: string,
  userId: string,
): Promise<CurrentConversation | undefined> {
  const store = new LogReader(scope, conversationId);
  const known = remembered.get(memoryKey(scope, conversationId));
  const knownMember = known && memberOf(known.item, userId);
  if (known !== undefined && knownMember !== undefined) {
    const entries = withoutHoles(await store.readBackward(pastTheEnd, newestEntries));
    remember(scope, conversationId, { item: known.item, tail: extend(known.tail, entries) });
    if ((entries.at(-1)?.state.revision ?? 0) === known.item.revision) {
      return { id: conversationId, item: known.item, member: knownMember, store, entries };
    }
  }
  if (known?.item.kind === 'direct') return undefined;
  const { conversation, tail } = await store.readTail({ consistent: true });
  // A query is no snapshot: the item may be older than the entries that came with it.
  const isCurrent = conversation !== undefined && conversation.revision >= (newest(tail)?.state.revision ?? 0);
  const item = isCurrent ? conversation : await currentItem(scope, conversationId);
  const member = item && memberOf(item, userId);
  if (item === undefined || member === undefined) return undefined;
  remember(scope, conversationId, { item, tail });
  return { id: conversationId, item, member, store, entries: tail.entries };
}

function withoutHoles(entries: readonly LogEntry[]): readonly LogEntry[] {
  const top = entries.at(-1)?.seq ?? 0;
  return entries.filter((entry, index) => entry.seq === top - entries.length + 1 + index);
}

/** What a user may see of a conversation, if the user takes part in it now; nothing of its log. */
export async function participation(
  scope: TenantScope,
  conversationId: string,
  userId: string,
): Promise<Pick<ReadableConversation, 'item' | 'member'> | undefined> {
  const item = await currentItem(scope, conversationId);
  const member = item && memberOf(item, userId);
  return item === undefined || member === undefined ? undefined : { item, member };
}

/** The conversation's item as it is now. */
export function currentItem(scope: TenantScope, conversationId: string): Promise<ConversationItem | undefined> {
  return tenantTable(scope).get<ConversationItem>(keys.conversation(conversationId), { consistent: true });
}

/**
 * The conversation's tail to write with: as it is remembered, or brought up to date first where memory has proved
 * stale too often lately.
 */
export async function tailToWrite(conversation: OpenConversation): Promise<LogTail> {
  if (!conversation.fromMemory || isTrustworthy(trust)) return conversation.tail;
  const known = newest(conversation.tail)?.seq ?? 0;
  const following = await conversation.store.readForward(known, forwardPage, { consistent: false });
  return extend(conversation.tail, following);
}

/**
 * Remembers a conversation for the environment's next invocation.
 * @param written - number of the entry that was just written, which tells whether memory was current.
 */
export function rememberConversation(
  scope: TenantScope,
  conversation: Pick<OpenConversation, 'id' | 'item' | 'tail' | 'fromMemory'>,
  tail: LogTail,
  written: number | undefined,
): void {
  if (conversation.fromMemory && written !== undefined) {
    trust = observed(trust, written === (newest(conversation.tail)?.seq ?? 0) + 1);
  }
  remember(scope, conversation.id, { item: conversation.item, tail });
}

function remember(scope: TenantScope, conversationId: string, { item, tail }: Remembered): void {
  const key = memoryKey(scope, conversationId);
  remembered.delete(key);
  remembered.set(key, { item, tail: trim(tail, now()) });
  if (remembered.size > rememberedSize) remembered.delete(remembered.keys().next().value ?? '');
}

async function load(
  scope: TenantScope,
  conversationId: string,
  userId: string,
  store: LogStore,
  consistent: boolean,
): Promise<Remembered | undefined> {
  const { conversation, tail } = await store.readTail({ consistent });
  // An eventually consistent read may not know yet that a conversation was started, or that somebody came to it.
  const isCertain = conversation !== undefined && (consistent || memberOf(conversation, userId) !== undefined);
  const item = isCertain ? conversation : await currentItem(scope, conversationId);
  return item && { item, tail };
}

function memoryKey(scope: TenantScope, conversationId: string): string {
  return `${scope.tenantId}/${conversationId}`;
}
