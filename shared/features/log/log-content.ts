import type { TenantKeys } from '../../core/encryption/data-keys.ts';
import { contentDigest, decryptField, encryptField } from '../../core/encryption/field-cipher.ts';
import { canonical } from './canonical-json-rules.ts';
import type { EntryContent } from './entry-kinds.ts';
import type { LogEntry } from './log-entry.ts';
import type { LogAddress } from './log-store.ts';

export function digestOf(keys: TenantKeys, content: EntryContent): Uint8Array {
  return contentDigest(keys, canonical(content));
}

export interface LogOwner extends LogAddress {
  readonly keys: TenantKeys;
  /** The keys of the content were destroyed. */
  readonly isErased?: boolean;
}

/** The encrypted content is bound to these attributes. */
export type ContentOwner = Pick<LogEntry, 'seq' | 'senderId' | 'createdAt'>;

/** A content cannot be decrypted in another entry, or with another author or time. */
function boundTo({ scope, conversationId }: LogOwner, entry: ContentOwner): readonly string[] {
  return [scope.tenantId, conversationId, 'content', String(entry.seq), entry.senderId, String(entry.createdAt)];
}

export function sealContent(owner: LogOwner, entry: ContentOwner, content: EntryContent): Uint8Array {
  return encryptField(owner.keys, boundTo(owner, entry), canonical(content));
}

/** @throws Error if the content was changed, or belongs to another entry, author or time. */
export function openContent(owner: LogOwner, entry: ContentOwner & Pick<LogEntry, 'content'>): EntryContent {
  return JSON.parse(decryptField(owner.keys, boundTo(owner, entry), entry.content)) as EntryContent;
}
