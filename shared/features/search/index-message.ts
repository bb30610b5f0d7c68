import type { messageCreatedEvent, messageDeletedEvent, messageUpdatedEvent } from '../../contract/events/events.ts';
import type { MessageContent } from '../log/entry-kinds.ts';
import { fromStoredEntry, type StoredEntry } from '../log/log-codec.ts';
import { contentOf } from '../timeline/message-view.ts';
import { tenantKeys } from '../../core/encryption/data-keys.ts';
import type { ConsumedEvent } from '../../transport/consumer.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import { keys } from '../../core/table/keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import { tenantSettings } from '../tenants/tenant-settings.ts';
import { termHashesOf } from './term-hashes.ts';
import { putInIndex, removeFromIndex } from './search-index.ts';
import { prefixesOf, wordsOf } from './word-rules.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { readConversation } from '../log/conversation-store.ts';
import type { LogOwner } from '../log/log-content.ts';
import { ownerOf } from '../log/log-owner.ts';

type MessageEvent = typeof messageCreatedEvent | typeof messageUpdatedEvent | typeof messageDeletedEvent;

/**
 * Indexes the current version of a message, because events may arrive late, twice and in any order. If search is off,
 * skips new messages and removes changed ones.
 */
export async function indexMessage(event: ConsumedEvent<MessageEvent>): Promise<void> {
  const { scope } = event;
  const { conversationId } = event.data;
  const seq = event.type === 'message.created' ? event.data.seq : event.data.messageSeq;
  const { search } = await tenantSettings(scope);
  if (search === 'off' && event.type === 'message.created') return;
  const [stored, tenant] = await settleAll([
    tenantTable(scope).get<StoredEntry>(keys.logEntry(conversationId, seq), { consistent: true }),
    tenantKeys(scope),
  ]);
  if (stored === undefined) throw new Error('The message of the event does not exist');
  const entry = fromStoredEntry(stored);
  const owner =
    entry.isOfSupport === true ? await ownerOfStored(scope, conversationId) : { keys: tenant, scope, conversationId };
  const content = search === 'off' || owner === undefined ? undefined : contentOf(owner, entry);
  if (content === undefined) return putInIndex(scope, conversationId, entry, {});
  const terms = [{ type: content.type }, ...prefixesOf(wordsOf(searchedTexts(content))).map((prefix) => ({ prefix }))];
  const hashes = termHashesOf(tenant, conversationId, seq, terms);
  await putInIndex(scope, conversationId, entry, { s: entry.senderId, w: hashes });
  // The customer may have wiped the conversation since it was read, and the index may have been erased already.
  const current = entry.isOfSupport === true ? await ownerOfStored(scope, conversationId) : undefined;
  if (current?.isErased === true) await removeFromIndex(scope, conversationId, entry);
}

async function ownerOfStored(scope: TenantScope, conversationId: string): Promise<LogOwner | undefined> {
  const item = await readConversation(scope, conversationId);
  return item && ownerOf({ scope, conversationId, item });
}

export function searchedTexts({ text, attachments = [] }: Pick<MessageContent, 'text' | 'attachments'>): string[] {
  return [...(text === undefined ? [] : [text]), ...attachments.map(({ name }) => name)];
}
