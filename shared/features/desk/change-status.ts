import type {
  acknowledgeConversation as acknowledgeRoute,
  closeConversation as closeRoute,
  reopenConversation as reopenRoute,
  resolveConversation as resolveRoute,
} from '../../contract/desk/status.ts';
import type { SupportStatus } from '../../contract/schemas/support.ts';
import { isRefusal } from '../../core/refusal.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import type { UseCase } from '../../core/use-case.ts';
import { acknowledgementKind, statusKind } from '../log/entry-kinds.ts';
import { getConversation } from '../conversations/get-conversation.ts';
import { answerOf } from './answer.ts';
import { assignAutomatically, tryToAssign } from './assignment/try-to-assign.ts';
import { changeSupport, type DeskContext } from './change-support.ts';
import { refusalOfStatus } from './refusals.ts';
import { acknowledgedBy, close, reopen, resolve, type Transition } from './support-rules.ts';

interface StatusChange {
  readonly to: SupportStatus;
  readonly from: readonly SupportStatus[];
  readonly name: 'resolved' | 'closed' | 'reopened';
  readonly apply: (context: DeskContext, by: string) => Transition;
}

function changeStatus(principal: Principal, conversationId: string, change: StatusChange) {
  return changeSupport<ReturnType<typeof refusalOfStatus>>(principal, conversationId, statusKind, async (context) => {
    const { status } = context.item.support;
    if (status === change.to) return 'same';
    const next = change.apply(context, principal.userId);
    if (next === undefined) return refusalOfStatus(status, change.from);
    return { support: next, kind: statusKind, system: { kind: change.name } };
  });
}

export const resolveConversation: UseCase<typeof resolveRoute> = async (principal, { conversationId }) => {
  const changed = await changeStatus(principal, conversationId, {
    to: 'resolved',
    from: ['active'],
    name: 'resolved',
    apply: ({ item, terms, now }, by) => resolve(item.support, by, terms, now),
  });
  return answerOf(principal, conversationId, changed);
};

export const closeConversation: UseCase<typeof closeRoute> = async (principal, { conversationId }) => {
  const changed = await changeStatus(principal, conversationId, {
    to: 'closed',
    from: ['waiting', 'active', 'resolved'],
    name: 'closed',
    apply: ({ item, terms, now }, by) => close(item.support, by, terms, now),
  });
  return answerOf(principal, conversationId, changed);
};

/** The former agent gets the conversation again if possible. Otherwise, it waits for any agent. */
export const reopenConversation: UseCase<typeof reopenRoute> = async (principal, { conversationId }) => {
  let former: string | undefined;
  const changed = await changeSupport<ReturnType<typeof refusalOfStatus>>(
    principal,
    conversationId,
    statusKind,
    async ({ item: { support }, terms, now }) => {
      if (support.status === 'waiting' || support.status === 'active') return 'same';
      former = support.assigneeId;
      const next = reopen(support, terms, now);
      if (next === undefined) return refusalOfStatus(support.status, ['resolved', 'closed']);
      return { support: next, kind: statusKind, system: { kind: 'reopened' } };
    },
  );
  if (isRefusal(changed)) return changed;
  if (former !== undefined) await assignAutomatically(principal.scope, conversationId, former);
  await tryToAssign(principal.scope, conversationId);
  return getConversation(principal, { conversationId });
};

/** Repeating it changes nothing: the first person counts. */
export const acknowledgeConversation: UseCase<typeof acknowledgeRoute> = async (principal, { conversationId }) => {
  const changed = await changeSupport<never>(
    principal,
    conversationId,
    acknowledgementKind,
    async ({ item: { support }, now }) => {
      const next = acknowledgedBy(support, principal.userId, now);
      if (next === support) return 'same';
      return { support: next, kind: acknowledgementKind, system: { kind: 'acknowledged' } };
    },
  );
  return answerOf(principal, conversationId, changed);
};
