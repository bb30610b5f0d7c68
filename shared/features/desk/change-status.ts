import type {
  acknowledgeConversation as acknowledgeRoute,
  closeConversation as closeRoute,
  reopenConversation as reopenRoute,
  resolveConversation as resolveRoute,
} from '../../contract/desk/status.ts';
import { isRefusal } from '../../core/refusal.ts';
import type { UseCase } from '../../core/use-case.ts';
import { acknowledgementKind, statusKind } from '../log/entry-kinds.ts';
import { getConversation } from '../conversations/get-conversation.ts';
import { changeAndAnswer } from './change-and-answer.ts';
import { assignAutomatically, tryToAssign } from './assignment/try-to-assign.ts';
import { changeSupport } from './change-support.ts';
import { checkTeam, withExistingTeam } from './existing-team.ts';
import { refusalOfStatus } from './refusals.ts';
import { acknowledgedBy, close, reopen, resolve } from './support-rules.ts';

export const resolveConversation: UseCase<typeof resolveRoute> = async (principal, { conversationId }) => {
  return changeAndAnswer<ReturnType<typeof refusalOfStatus>>(
    principal,
    conversationId,
    statusKind,
    async ({ item: { support }, terms, now }) => {
      if (support.status === 'resolved') return 'same';
      const next = resolve(support, principal.userId, terms, now);
      if (next === undefined) return refusalOfStatus(support.status, ['active']);
      return { support: next, system: { kind: 'resolved' } };
    },
  );
};

export const closeConversation: UseCase<typeof closeRoute> = async (principal, { conversationId }) => {
  return changeAndAnswer<never>(principal, conversationId, statusKind, async ({ item: { support }, terms, now }) => {
    const next = close(support, principal.userId, terms, now);
    return next === undefined ? 'same' : { support: next, system: { kind: 'closed' } };
  });
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
      const next = reopen(await withExistingTeam(principal.scope, support), terms, now);
      if (next === undefined) return refusalOfStatus(support.status, ['resolved', 'closed']);
      return { support: next, system: { kind: 'reopened' }, extraWrites: (work) => checkTeam(work, next, now) };
    },
  );
  if (isRefusal(changed)) return changed;
  if (former !== undefined) await assignAutomatically(principal.scope, conversationId, former);
  await tryToAssign(principal.scope, conversationId);
  return getConversation(principal, { conversationId });
};

/** Repeating it changes nothing: the first person counts. */
export const acknowledgeConversation: UseCase<typeof acknowledgeRoute> = async (principal, { conversationId }) => {
  return changeAndAnswer<never>(principal, conversationId, acknowledgementKind, async ({ item: { support }, now }) => {
    const next = acknowledgedBy(support, principal.userId, now);
    if (next === support) return 'same';
    return { support: next, system: { kind: 'acknowledged' } };
  });
};
