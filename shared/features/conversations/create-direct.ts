import type { ConversationStart } from '../../contract/conversations/create-conversation.ts';
import type { rateLimited } from '../../contract/conversations/problems.ts';
import { conversationCreatedEvent } from '../../contract/events/events.ts';
import { conversationWithSelf, userNotFound } from '../../contract/problems.ts';
import type { Conversation } from '../../contract/schemas/conversation.ts';
import { tenantKeys } from '../../core/encryption/data-keys.ts';
import { isRefusal, type Refusal, refuse } from '../../core/refusal.ts';
import { useLimits } from '../identity/attempt-limits.ts';
import { countUses } from '../identity/user-limit.ts';
import { now } from '../../core/runtime/clock.ts';
import { newId } from '../../core/runtime/ids.ts';
import { absent } from '../../core/table/expression.ts';
import { keys } from '../../core/table/keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import { unitOfWork } from '../../core/table/unit-of-work.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import { announceConversation } from './announce-conversation.ts';
import { newSummary } from '../log/conversation-summary.ts';
import { toStoredConversation } from '../log/conversation-codec.ts';
import { type DirectConversation, directConversation, type MembershipItem } from '../log/conversation-item.ts';
import type { ReadingProgress } from '../log/progress-store.ts';
import { conversationOf } from './conversation-view.ts';
import { getConversation } from './get-conversation.ts';

export type DirectOutcome =
  | { readonly created: boolean; readonly conversation: Conversation }
  | Refusal<typeof conversationWithSelf | typeof userNotFound | typeof rateLimited>;

interface PairItem {
  readonly conversationId: string;
}

/**
 * Creates or returns the conversation of two people. If both start at once, one creates it and the other receives it.
 */
export async function createDirect(
  principal: Principal,
  { userId: otherId }: Pick<Extract<ConversationStart, { kind: 'direct' }>, 'userId'>,
): Promise<DirectOutcome> {
  const { scope, userId } = principal;
  if (otherId === userId) {
    return refuse(conversationWithSelf, {
      errors: [{ pointer: '/userId', code: 'custom', detail: 'must be the id of another user' }],
    });
  }
  const pair = keys.directPair(userId, otherId);
  const pairItem = await tenantTable(scope).get<PairItem>(pair, { consistent: true });
  if (pairItem !== undefined) return existing(principal, pairItem.conversationId);

  const limited = await countUses(principal, [{ limit: useLimits.conversations }]);
  if (limited !== undefined) return limited;

  const tenant = await tenantKeys(scope);
  const id = newId();
  const createdAt = now();
  const people = [userId, otherId] as const;
  const participantIds = [...people];
  const item: DirectConversation = { ...directConversation(people, createdAt), createdBy: userId };
  const progress = participantIds.map((participantId): ReadingProgress => ({
    userId: participantId,
    deliveredSeq: 0,
    readSeq: 0,
    readCount: 0,
  }));

  const work = unitOfWork(scope)
    .check('other', keys.userAccess(otherId), { expression: '#status = :active', values: { active: 'active' } })
    .put('pair', pair, { conversationId: id } satisfies PairItem, absent)
    .put('conversation', keys.conversation(id), toStoredConversation(item))
    .put('summary', keys.conversationSummary(id), newSummary(id, createdAt))
    .emit(conversationCreatedEvent, { conversationId: id, kind: 'direct', participantIds });
  for (const own of progress) {
    work.put(`progress ${own.userId}`, keys.progress(id, own.userId), own);
    const membership: MembershipItem = {
      conversationId: id,
      joinedAt: createdAt,
      otherId: own.userId === userId ? otherId : userId,
    };
    work.put(`membership ${own.userId}`, keys.membership(own.userId, id), membership);
  }
  const outcome = await work.commit();
  if (!outcome.committed) {
    if (outcome.failed === 'other') return refuse(userNotFound);
    return existing(principal, (outcome.existing as unknown as PairItem).conversationId);
  }
  const owner = { keys: tenant, scope, conversationId: id };
  const parts = { id, item, summary: newSummary(id, createdAt), progress };
  await announceConversation(principal, participantIds, conversationOf(owner, { userId: otherId }, parts));
  return { created: true, conversation: conversationOf(owner, { userId }, parts) };
}

async function existing(principal: Principal, conversationId: string): Promise<DirectOutcome> {
  const conversation = await getConversation(principal, { conversationId });
  if (isRefusal(conversation)) throw new Error('A pair refers to a conversation that does not exist');
  return { created: false, conversation };
}
