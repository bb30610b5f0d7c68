import type { unassignConversation as unassignRoute } from '../../contract/desk/assignment.ts';
import type { UseCase } from '../../core/use-case.ts';
import { assignmentKind } from '../log/entry-kinds.ts';
import { changeAndAnswer } from './change-and-answer.ts';
import { refusalOfStatus } from './refusals.ts';
import { unassign } from './support-rules.ts';

export const unassignConversation: UseCase<typeof unassignRoute> = async (principal, { conversationId }) => {
  return changeAndAnswer<ReturnType<typeof refusalOfStatus>>(
    principal,
    conversationId,
    assignmentKind,
    async ({ item: { support }, now }) => {
      if (support.status === 'waiting') return 'same';
      const next = unassign(support, now);
      if (next === undefined) return refusalOfStatus(support.status, ['active']);
      return {
        support: next,
        system: { kind: 'unassigned' },
        decision: { rule: 'by-hand', considered: [] },
      };
    },
  );
};
