import { contentDigest, decryptField, encryptField } from '../../encryption/field-cipher.ts';
import type { TenantKeys } from '../../encryption/data-keys.ts';
import type { TenantScope } from '../../tenancy/tenant-scope.ts';

/** What people wrote, as it is encrypted into an entry. */
export interface MessageContent {
  readonly type: 'text';
  readonly text: string;
}

/** One form for one content, so that equal contents have equal digests. */
function canonical(content: MessageContent): string {
  return JSON.stringify({ type: content.type, text: content.text });
}

export function digestOf(keys: TenantKeys, content: MessageContent): Uint8Array {
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
  content: MessageContent,
): Uint8Array {
  return encryptField(keys, place(scope, conversationId, seq), canonical(content));
}

export function openContent(
  keys: TenantKeys,
  scope: TenantScope,
  conversationId: string,
  entry: { readonly seq: number; readonly content: Uint8Array },
): MessageContent {
  return JSON.parse(decryptField(keys, place(scope, conversationId, entry.seq), entry.content)) as MessageContent;
}
