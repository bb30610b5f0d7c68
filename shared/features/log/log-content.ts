import type { TenantKeys } from '../../core/encryption/data-keys.ts';
import { contentDigest, decryptField, encryptField } from '../../core/encryption/field-cipher.ts';
import type { Message, MessageLocation, MessageType, SystemMessage } from '../../contract/schemas/message.ts';
import type { AttachmentView } from '../../contract/schemas/attachment.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import type { LogEntry } from './log-entry.ts';

/** What people wrote, as it is encrypted into an entry. */
export interface MessageContent {
  readonly type: Exclude<MessageType, 'system'>;
  readonly text?: string | undefined;
  readonly location?: MessageLocation | undefined;
  readonly attachments?: AttachmentView[] | undefined;
  readonly metadata?: Message['metadata'];
  readonly urgent?: boolean | undefined;
  readonly replyTo?: number | undefined;
  readonly mentions?: string[] | undefined;
}

/** What an edit replaces: the text, or of a location the place. */
export interface EditContent {
  readonly type: 'edit';
  readonly text?: string | undefined;
  readonly location?: MessageLocation | undefined;
}

/** What any entry says. */
export type EntryContent =
  | MessageContent
  | { readonly type: 'system'; readonly system: SystemMessage }
  | EditContent
  | { readonly type: 'reaction'; readonly emoji: string; readonly added: boolean }
  | { readonly type: 'deletion' };

/** One form for one content, so that equal contents have equal digests: members sorted, absent ones left out. */
export function canonical(content: unknown): string {
  return JSON.stringify(content, (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
      : value,
  );
}

export function digestOf(keys: TenantKeys, content: EntryContent): Uint8Array {
  return contentDigest(keys, canonical(content));
}

/** What a content belongs to: its entry's number, author and time. */
export type ContentOwner = Pick<LogEntry, 'seq' | 'senderId' | 'createdAt'>;

/**
 * Everything that a content is bound to by its encryption: one that is copied to another entry, or whose entry gets
 * another author or time, does not decrypt.
 */
function place(scope: TenantScope, conversationId: string, owner: ContentOwner): readonly string[] {
  return [scope.tenantId, conversationId, 'content', String(owner.seq), owner.senderId, String(owner.createdAt)];
}

export function sealContent(
  keys: TenantKeys,
  scope: TenantScope,
  conversationId: string,
  owner: ContentOwner,
  content: EntryContent,
): Uint8Array {
  return encryptField(keys, place(scope, conversationId, owner), canonical(content));
}

/** @throws Error if the content was changed, or belongs to another entry, author or time. */
export function openContent(
  keys: TenantKeys,
  scope: TenantScope,
  conversationId: string,
  entry: ContentOwner & Pick<LogEntry, 'content'>,
): EntryContent {
  return JSON.parse(decryptField(keys, place(scope, conversationId, entry), entry.content)) as EntryContent;
}
