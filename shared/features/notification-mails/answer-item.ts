import { answerMailKey } from '../../core/table/keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';

/** The answers of which a customer may have to be told by mail. One item for each conversation, at its own key. */
export interface AnswerMailItem {
  /** Number of the latest answer. */
  readonly seq: number;
  /** Time of the first answer that the customer has not read. */
  readonly since: number;
  /** Number of the answer that the last mail announced. */
  readonly mailedSeq?: number;
  readonly wakeAt?: number;
}

/** A customer who is gone has this long to come back. */
export const unreadMs = 5 * 60 * 1000;
/** A customer who is connected is looked at again, because a device without a network stays connected for a while. */
export const lookAgainMs = 5 * 60 * 1000;
/** A customer who stays connected for longer sees the answer without a mail. */
export const longestWaitMs = 60 * 60 * 1000;

export function readAnswerItem(scope: TenantScope, conversationId: string): Promise<AnswerMailItem | undefined> {
  return tenantTable(scope).get<AnswerMailItem>(answerMailKey(conversationId), { consistent: true });
}

/** Part of wiping a conversation. */
export async function eraseAnswerItem(scope: TenantScope, conversationId: string): Promise<void> {
  await tenantTable(scope).delete(answerMailKey(conversationId));
}
