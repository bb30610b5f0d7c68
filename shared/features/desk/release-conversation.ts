import type {
  transferConversation as transferRoute,
  unassignConversation as unassignRoute,
} from '../../contract/desk/assignment.ts';
import { agentNotFound, agentUnavailable, teamNotFound } from '../../contract/desk/problems.ts';
import { isRefusal, type Refusal, refuse } from '../../core/refusal.ts';
import { newId } from '../../core/runtime/ids.ts';
import type { UseCase } from '../../core/use-case.ts';
import { readAgents } from '../agents/agent-store.ts';
import { readTeam } from '../teams/team-store.ts';
import { tenantSettings } from '../tenants/tenant-settings.ts';
import { refusalOfText } from '../tenants/text-refusal.ts';
import { assignmentKind } from '../log/entry-kinds.ts';
import { getConversation } from '../conversations/get-conversation.ts';
import { loadToWrite } from '../log/load-conversation.ts';
import { answerOf } from './answer.ts';
import { obstacleOf } from './assignment/assignment-obstacle.ts';
import { candidateOf } from './assignment/candidates.ts';
import { tryToAssign } from './assignment/try-to-assign.ts';
import { changeSupport } from './change-support.ts';
import { writeNote } from './create-note.ts';
import { refusalOfStatus } from './refusals.ts';
import { assign, transferToTeam, unassign } from './support-rules.ts';

const byHand = { rule: 'by-hand', considered: [] } as const;

export const unassignConversation: UseCase<typeof unassignRoute> = async (principal, { conversationId }) => {
  const changed = await changeSupport<ReturnType<typeof refusalOfStatus>>(
    principal,
    conversationId,
    assignmentKind,
    async ({ item: { support }, now }) => {
      if (support.status === 'waiting') return 'same';
      const next = unassign(support, now);
      if (next === undefined) return refusalOfStatus(support.status, ['active']);
      return { support: next, kind: assignmentKind, system: { kind: 'unassigned' }, decision: byHand };
    },
  );
  return answerOf(principal, conversationId, changed);
};

type TransferRefusal = Refusal<
  typeof agentNotFound | typeof agentUnavailable | typeof teamNotFound | ReturnType<typeof refusalOfStatus>['refused']
>;

function fieldOf(member: string, what: string) {
  return { errors: [{ pointer: `/${member}`, code: 'custom', detail: `must be the id of an existing ${what}` }] };
}

export const transferConversation: UseCase<typeof transferRoute> = async (principal, input) => {
  const { scope } = principal;
  const { conversationId, agentId, teamId, note } = input;
  const { textLength } = await tenantSettings(scope);
  const tooLong = refusalOfText(note, principal.role, textLength, '/note');
  if (tooLong !== undefined) return tooLong;
  const before = note === undefined ? undefined : await loadToWrite(principal, conversationId);
  const changed = await changeSupport<TransferRefusal>(
    principal,
    conversationId,
    assignmentKind,
    async ({ item: { support }, settings, now }) => {
      if (teamId !== undefined) {
        if ((await readTeam(scope, teamId)) === undefined) return refuse(teamNotFound, fieldOf('teamId', 'team'));
        const next = transferToTeam(support, teamId, now);
        if (next === undefined) return refusalOfStatus(support.status, ['waiting', 'active']);
        return { support: next, kind: assignmentKind, system: { kind: 'transferred' }, decision: byHand };
      }
      const agent = (await readAgents(scope)).find(({ userId }) => userId === agentId);
      if (agent === undefined) return refuse(agentNotFound, fieldOf('agentId', 'agent'));
      if (support.assigneeId === agent.userId) return 'same';
      const candidate = candidateOf(agent, settings.awayGraceSeconds * 1000, now);
      const obstacle = obstacleOf(support, { ...candidate, role: agent.role }, false);
      if (obstacle !== undefined) return refuse(agentUnavailable, { detail: obstacle });
      const { load, maxConcurrent } = agent;
      const next = assign(support, agent, now);
      if (next === undefined) return refusalOfStatus(support.status, ['waiting', 'active']);
      return {
        support: next,
        kind: assignmentKind,
        system: { kind: 'transferred', userIds: [agent.userId] },
        decision: { rule: 'by-hand', considered: [{ userId: agent.userId, load, maxConcurrent, outcome: 'chosen' }] },
      };
    },
  );
  if (isRefusal(changed)) return changed;
  // The caller may lose access by the transfer, and still writes the note and sees the outcome.
  const { userId } = principal;
  if (note !== undefined && before !== undefined) {
    const conversation = { ...before, reader: { userId, role: 'admin' } } as const;
    await writeNote(principal, conversation, { text: note, clientMessageId: newId() });
  }
  if (teamId !== undefined) await tryToAssign(scope, conversationId);
  return getConversation({ ...principal, role: 'admin' }, { conversationId });
};
