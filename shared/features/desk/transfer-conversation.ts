import type { transferConversation as transferRoute } from '../../contract/desk/assignment.ts';
import { agentNotFound, agentUnavailable, teamNotFound } from '../../contract/desk/problems.ts';
import { clockSkew, conversationBusy, idempotencyConflict } from '../../contract/problems.ts';
import { isRefusal, type Refusal, refuse } from '../../core/refusal.ts';
import { now, toTimestamp } from '../../core/runtime/clock.ts';
import { derivedId, newId } from '../../core/runtime/ids.ts';
import type { UnitOfWork } from '../../core/table/unit-of-work.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import type { InputOf, UseCase } from '../../core/use-case.ts';
import { readAgents } from '../agents/agent-store.ts';
import { getConversation } from '../conversations/get-conversation.ts';
import { refusalOfBusy } from '../log/append-refusal.ts';
import { isSkewed } from '../log/append.ts';
import { claimedTime } from '../log/client-message-id.ts';
import { assignmentKind } from '../log/entry-kinds.ts';
import { loadToWrite, type WritableConversation } from '../log/load-conversation.ts';
import type { LogEntry } from '../log/log-entry.ts';
import { readEntry } from '../log/log-store.ts';
import { readTakingTeam } from '../teams/team-store.ts';
import { tenantSettings } from '../tenants/tenant-settings.ts';
import { refusalOfText } from '../tenants/text-refusal.ts';
import { obstacleOf } from './assignment/assignment-obstacle.ts';
import { candidateOf } from './assignment/candidates.ts';
import { tryToAssign } from './assignment/try-to-assign.ts';
import { changeSupport, type DecideDesk } from './change-support.ts';
import { writeNote } from './create-note.ts';
import { checkTeam } from './existing-team.ts';
import { refusalOfStatus } from './refusals.ts';
import { assign, transferToTeam } from './support-rules.ts';

type Input = InputOf<typeof transferRoute>;
type TransferRefusal = Refusal<
  typeof agentNotFound | typeof agentUnavailable | typeof teamNotFound | ReturnType<typeof refusalOfStatus>['refused']
>;

function fieldOf(member: string, what: string) {
  return { errors: [{ pointer: `/${member}`, code: 'custom', detail: `must be the id of an existing ${what}` }] };
}

/** A repeated request neither moves the conversation nor writes the note again. */
export const transferConversation: UseCase<typeof transferRoute> = async (principal, input) => {
  const { scope } = principal;
  const { conversationId, note, clientMessageId } = input;
  const { textLength } = await tenantSettings(scope);
  const tooLong = refusalOfText(note, principal.role, textLength, '/note');
  if (tooLong !== undefined) return tooLong;
  if (clientMessageId !== undefined && isSkewed(claimedTime(clientMessageId), now())) {
    return refuse(clockSkew, { serverTime: toTimestamp(now()) });
  }
  const before = note === undefined ? undefined : await loadToWrite(principal, conversationId);
  const decide = decision(principal, input);
  const changed = await changeSupport(principal, conversationId, assignmentKind, decide, clientMessageId);
  if (isRefusal(changed)) return changed;
  if (changed.repeats !== undefined && !isTransferTo(changed.repeats, input)) return refuse(idempotencyConflict);
  if (note !== undefined && before !== undefined) {
    const latest =
      changed.entry ?? changed.repeats ?? (await latestAssignment(before, changed.item.assignments.at(-1)));
    const written = await writeTransferNote(principal, before, note, latest, clientMessageId);
    if (written === 'busy') return refusalOfBusy();
  }
  if (input.teamId !== undefined) await tryToAssign(scope, conversationId);
  // The caller may lose access by the transfer, and still sees the outcome.
  return getConversation({ ...principal, role: 'admin' }, { conversationId });
};

function decision({ scope }: Principal, { agentId, teamId }: Input): DecideDesk<TransferRefusal> {
  return async ({ item: { support }, settings, now }) => {
    if (teamId !== undefined) {
      if ((await readTakingTeam(scope, teamId)) === undefined) return refuse(teamNotFound, fieldOf('teamId', 'team'));
      if (support.status === 'waiting' && support.teamId === teamId) return 'same';
      const next = transferToTeam(support, teamId, now);
      if (next === undefined) return refusalOfStatus(support.status, ['waiting', 'active']);
      const byHand = { rule: 'by-hand', considered: [] };
      const extraWrites = (work: UnitOfWork) => checkTeam(work, next, now);
      return { support: next, system: { kind: 'transferred' }, decision: byHand, extraWrites };
    }
    const agent = (await readAgents(scope)).find(({ userId }) => userId === agentId);
    if (agent === undefined) return refuse(agentNotFound, fieldOf('agentId', 'agent'));
    if (support.status === 'active' && support.assigneeId === agent.userId) return 'same';
    const candidate = candidateOf(agent, settings.awayGraceSeconds * 1000, now);
    const obstacle = obstacleOf(support, { ...candidate, role: agent.role }, false);
    if (obstacle !== undefined) return refuse(agentUnavailable, { detail: obstacle });
    const { load, maxConcurrent } = agent;
    const next = assign(support, agent, now);
    if (next === undefined) return refusalOfStatus(support.status, ['waiting', 'active']);
    return {
      support: next,
      system: { kind: 'transferred', userIds: [agent.userId] },
      decision: { rule: 'by-hand', considered: [{ userId: agent.userId, load, maxConcurrent, outcome: 'chosen' }] },
    };
  };
}

function isTransferTo({ kind, support }: LogEntry, { agentId, teamId }: Input): boolean {
  if (kind !== assignmentKind) return false;
  return teamId === undefined ? support?.assigneeId === agentId : support?.teamId === teamId;
}

function latestAssignment(conversation: WritableConversation, seq: number | undefined): Promise<LogEntry | undefined> {
  return seq === undefined ? Promise.resolve(undefined) : readEntry(conversation, seq);
}

/** The note's id follows from the transfer. Without an id of the transfer, another text is another note. */
async function writeTransferNote(
  principal: Principal,
  conversation: WritableConversation,
  text: string,
  transfer: LogEntry | undefined,
  clientMessageId: string | undefined,
): Promise<'busy' | 'done'> {
  const id =
    transfer === undefined ? newId() : derivedId(transfer.createdAt, clientMessageId ?? `${transfer.seq} ${text}`);
  // The caller may have lost access by the transfer.
  const reader = { userId: principal.userId, role: 'admin' } as const;
  const written = await writeNote(principal, { ...conversation, reader }, { text, clientMessageId: id });
  return isRefusal(written) && written.refused.name === conversationBusy.name ? 'busy' : 'done';
}
