import type { Message } from '../../contract/schemas/message.ts';
import { decryptField, encryptField } from '../../core/encryption/field-cipher.ts';
import type { SealedTexts } from './conversation-item.ts';
import type { LogOwner } from './log-content.ts';

/** The texts of a support conversation that its customer or an agent wrote. */
export interface SupportTexts {
  readonly subject?: string | undefined;
  readonly description?: string | undefined;
  readonly metadata?: Message['metadata'];
}

/** Old texts cannot replace those of a newer revision. */
function boundTo({ scope, conversationId }: LogOwner, revision: number): readonly string[] {
  return [scope.tenantId, conversationId, 'texts', String(revision)];
}

export function sealTexts(owner: LogOwner, revision: number, texts: SupportTexts): SealedTexts {
  return { revision, value: encryptField(owner.keys, boundTo(owner, revision), JSON.stringify(texts)) };
}

export function openTexts(owner: LogOwner, { revision, value }: SealedTexts): SupportTexts {
  return JSON.parse(decryptField(owner.keys, boundTo(owner, revision), value)) as SupportTexts;
}
