import type { TenantKeys } from '../../encryption/data-keys.ts';
import { contentDigest, decryptField, encryptField } from '../../encryption/field-cipher.ts';
import type { Message, MessageLocation, MessageType, Notice } from '../../contract/schemas/message.ts';
import type { AttachmentView } from '../../contract/schemas/attachment.ts';
import type { TenantScope } from '../../tenancy/tenant-scope.ts';

/** What people wrote, as it is encrypted into an entry. */
export interface MessageContent {
  readonly type: Exclude<MessageType, 'notice'>;
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
  | { readonly type: 'notice'; readonly notice: Notice }
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

/** Where a content belongs. It takes part in the encryption: an entry copied to another place does not decrypt. */
function place(scope: TenantScope, conversationId: string, seq: number): readonly string[] {
  return [scope.tenantId, conversationId, 'content', String(seq)];
}

export function sealContent(
  keys: TenantKeys,
  scope: TenantScope,
  conversationId: string,
  seq: number,
  content: EntryContent,
): Uint8Array {
  return encryptField(keys, place(scope, conversationId, seq), canonical(content));
}

export function openContent(
  keys: TenantKeys,
  scope: TenantScope,
  conversationId: string,
  entry: { readonly seq: number; readonly content: Uint8Array },
): EntryContent {
  return JSON.parse(decryptField(keys, place(scope, conversationId, entry.seq), entry.content)) as EntryContent;
}
