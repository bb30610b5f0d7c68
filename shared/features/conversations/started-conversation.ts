import { clockSkew, type conversationNotFound, idempotencyConflict } from '../../contract/problems.ts';
import type { Conversation } from '../../contract/schemas/conversation.ts';
import { isRefusal, type Refusal, refuse } from '../../core/refusal.ts';
import { now, toTimestamp } from '../../core/runtime/clock.ts';
import { absent } from '../../core/table/expression.ts';
import { keys } from '../../core/table/keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import type { UnitOfWork } from '../../core/table/unit-of-work.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import { getConversation } from './get-conversation.ts';
import { clockLeadMs, oldestRetryMs } from '../log/append.ts';
import { claimedTime } from '../log/client-message-id.ts';

interface StartedConversation {
  readonly conversationId: string;
  /** Keyed. */
  readonly digest: Uint8Array;
  /** Seconds since the epoch. */
  readonly expiresAt: number;
}

export interface ConversationAttempt {
  readonly principal: Principal;
  readonly clientConversationId: string | undefined;
  readonly digest: Uint8Array;
}

const dayMs = 24 * 60 * 60 * 1000;

/**
 * Returns the result of an earlier attempt; undefined if there is none. Refuses an id older than thirty days, because
 * its record may have expired.
 */
export async function startedBefore({
  principal,
  clientConversationId,
  digest,
}: ConversationAttempt): Promise<
  | { readonly created: false; readonly conversation: Conversation }
  | Refusal<typeof clockSkew | typeof idempotencyConflict | typeof conversationNotFound>
  | undefined
> {
  if (clientConversationId === undefined) return undefined;
  const claimedAt = claimedTime(clientConversationId);
  if (claimedAt > now() + clockLeadMs || claimedAt < now() - oldestRetryMs) {
    return refuse(clockSkew, { serverTime: toTimestamp(now()) });
  }
  const key = keys.startedConversation(principal.userId, clientConversationId);
  const started = await tenantTable(principal.scope).get<StartedConversation>(key, { consistent: true });
  if (started === undefined) return undefined;
  if (!Buffer.from(started.digest).equals(digest)) return refuse(idempotencyConflict);
  const conversation = await getConversation(principal, { conversationId: started.conversationId });
  return isRefusal(conversation) ? conversation : { created: false, conversation };
}

/** Of two simultaneous requests, the second one fails. */
export function rememberStart(
  work: UnitOfWork,
  { principal, clientConversationId, digest }: ConversationAttempt,
  conversationId: string,
): void {
  if (clientConversationId === undefined) return;
  const expiresAt = Math.ceil((claimedTime(clientConversationId) + oldestRetryMs + dayMs) / 1000);
  const item: StartedConversation = { conversationId, digest, expiresAt };
  work.put('started', keys.startedConversation(principal.userId, clientConversationId), item, absent);
}
