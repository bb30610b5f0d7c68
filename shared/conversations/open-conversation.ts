import { now } from '../runtime/clock.ts';
import { keys } from '../table/keys.ts';
import { tenantTable } from '../table/realm-table.ts';
import type { TenantScope } from '../tenancy/tenant-scope.ts';
import type { ConversationItem } from './conversation-item.ts';
import { LogStore } from './log/log-store.ts';
import { extend, type LogWindow, newest, trim } from './log/log-window.ts';
import { fullTrust, isTrustworthy, observed } from './memory-trust-rules.ts';

/** A conversation with the newest part of its log. */
export interface OpenConversation {
  readonly id: string;
  readonly item: ConversationItem;
  readonly store: LogStore;
  readonly window: LogWindow;
  /** Whether it comes from memory, and so may be stale. */
  readonly fromMemory: boolean;
}

interface Remembered {
  readonly item: ConversationItem;
  readonly window: LogWindow;
}

/** Conversations that a warm environment remembers; at about 10 KB each. */
const remembered = new Map<string, Remembered>();
const rememberedSize = 1000;
const forwardPage = 100;

/** Whether memory is mostly current here; says nothing about any tenant. */
let trust = fullTrust;

/**
 * The conversation if the user takes part in it. From memory in a warm environment, else with one query. Memory may be
 * stale, which the log's slots make harmless; participants of a direct conversation never change.
 */
export async function openConversation(
  scope: TenantScope,
  conversationId: string,
  userId: string,
): Promise<OpenConversation | undefined> {
  const store = new LogStore(scope, conversationId);
  const known = remembered.get(memoryKey(scope, conversationId));
  const found = known ?? (await load(scope, conversationId, store));
  if (found === undefined || !found.item.participantIds.includes(userId)) return undefined;
  const { item, window } = found;
  return { id: conversationId, store, item, window, fromMemory: known !== undefined };
}

/**
 * The conversation's window to write with: as it is remembered, or brought up to date first where memory has proved
 * stale too often lately.
 */
export async function windowToWrite(conversation: OpenConversation): Promise<LogWindow> {
  if (!conversation.fromMemory || isTrustworthy(trust)) return conversation.window;
  const known = newest(conversation.window)?.seq ?? 0;
  const following = await conversation.store.readForward(known, forwardPage, { consistent: false });
  return extend(conversation.window, following);
}

/**
 * Remembers a conversation's window for the environment's next invocation.
 * @param written - number of the entry that was just written, which tells whether memory was current.
 */
export function rememberConversation(
  scope: TenantScope,
  conversation: OpenConversation,
  window: LogWindow,
  written: number | undefined,
): void {
  if (conversation.fromMemory && written !== undefined) {
    trust = observed(trust, written === (newest(conversation.window)?.seq ?? 0) + 1);
  }
  const key = memoryKey(scope, conversation.id);
  remembered.delete(key);
  remembered.set(key, { item: conversation.item, window: trim(window, now()) });
  if (remembered.size > rememberedSize) remembered.delete(remembered.keys().next().value ?? '');
}

async function load(scope: TenantScope, conversationId: string, store: LogStore): Promise<Remembered | undefined> {
  const { conversation, window } = await store.readTail();
  // An eventually consistent read may not know a conversation yet that was just started.
  const item =
    conversation ??
    (await tenantTable(scope).get<ConversationItem>(keys.conversation(conversationId), { consistent: true }));
  return item && { item, window };
}

function memoryKey(scope: TenantScope, conversationId: string): string {
  return `${scope.tenantId}/${conversationId}`;
}
