import type { assignConversation as assignRoute } from '../../contract/desk/assignment.ts';
import { agentNotFound, agentUnavailable, alreadyAssigned, noAgentAvailable } from '../../contract/desk/problems.ts';
import { forbidden } from '../../contract/problems.ts';
import { isRefusal, type Refusal, refuse } from '../../core/refusal.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import { allows } from '../../core/tenancy/permissions.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import type { InputOf, UseCase } from '../../core/use-case.ts';
import type { AgentItem } from '../agents/agent-item.ts';
import { readAgents } from '../agents/agent-store.ts';
import { ensureAgent } from './agents/ensure-agent.ts';
import { assignmentKind } from '../log/entry-kinds.ts';
import { changeAndAnswer } from './change-and-answer.ts';
import { obstacleOf } from './assignment/assignment-obstacle.ts';
import { candidateOf } from './assignment/candidates.ts';
import { type Agent, chooseAgent, type Considered } from './assignment/choose-agent-rules.ts';
import type { DecideDesk, DeskContext } from './change-support.ts';
import { refusalOfStatus } from './refusals.ts';
import { acknowledgedBy, assign } from './support-rules.ts';

type Input = InputOf<typeof assignRoute>;
type AssignRefusal = Refusal<
  | typeof agentNotFound
  | typeof agentUnavailable
  | typeof alreadyAssigned
  | typeof noAgentAvailable
  | typeof forbidden
  | ReturnType<typeof refusalOfStatus>['refused']
>;

/** Of two agents who take a conversation at once, the log lets one succeed. */
export const assignConversation: UseCase<typeof assignRoute> = async (principal, input) => {
  const { conversationId, force } = input;
  if (force === true && !allows(principal.role, 'desk:manage')) {
    return refuse(forbidden, { detail: 'Only admins may send `force`.' });
  }
  const ensured = input.agentId === 'me' ? ensureAgent(principal) : undefined;
  const decide = decision(principal, input, ensured);
  const [answer] = await settleAll([
    changeAndAnswer<AssignRefusal>(principal, conversationId, assignmentKind, decide),
    ensured,
  ]);
  return answer;
};

/** @param ensured - ends when the caller has a record as an agent. */
function decision(
  principal: Principal,
  { agentId, takeOver, force }: Input,
  ensured: Promise<unknown> | undefined,
): DecideDesk<AssignRefusal> {
  return async (context) => {
    const { support } = context.item;
    if (support.status !== 'waiting' && support.status !== 'active') {
      return refusalOfStatus(support.status, ['waiting', 'active']);
    }
    // A repeated request keeps the agent whom the service has chosen.
    if (agentId === 'auto' && support.assigneeId !== undefined && takeOver !== true && force !== true) return 'same';
    await ensured;
    const agents = await readAgents(principal.scope);
    const wanted =
      agentId === 'auto' ? choose(context, agents) : findAgent(agents, agentId === 'me' ? principal.userId : agentId);
    if (isRefusal(wanted)) return wanted;
    const { agent, rule, considered } = wanted;
    if (support.assigneeId === agent.userId) return 'same';
    const isTaken = support.assigneeId !== undefined && takeOver !== true && force !== true;
    if (isTaken) return refuse(alreadyAssigned, { assigneeId: support.assigneeId });
    const candidate = candidateOf(agent, context.settings.awayGraceSeconds * 1000, context.now);
    const isOwn = agent.userId === principal.userId;
    const obstacle = force === true ? undefined : obstacleOf(support, { ...candidate, role: agent.role }, isOwn);
    if (obstacle !== undefined) return refuse(agentUnavailable, { detail: obstacle });
    // A person who takes or gives the conversation knows about it.
    const known = agentId === 'auto' ? support : acknowledgedBy(support, principal.userId, context.now);
    const next = assign(known, agent, context.now);
    if (next === undefined) return refusalOfStatus(support.status, ['waiting', 'active']);
    return {
      support: next,
      system: { kind: support.assigneeId === undefined ? 'assigned' : 'transferred', userIds: [agent.userId] },
      decision: { rule, considered, ...(force === true ? { forced: true } : {}) },
      ...(force === true ? { force } : {}),
    };
  };
}

interface Wanted {
  readonly agent: AgentItem;
  readonly rule: string;
  readonly considered: readonly Considered[];
}

function findAgent(agents: readonly AgentItem[], userId: string): Wanted | Refusal<typeof agentNotFound> {
  const agent = agents.find((each) => each.userId === userId);
  if (agent === undefined) {
    return refuse(agentNotFound, {
      errors: [{ pointer: '/agentId', code: 'custom', detail: 'must be the id of an agent' }],
    });
  }
  const { load, maxConcurrent } = agent;
  return { agent, rule: 'by-hand', considered: [{ userId, load, maxConcurrent, outcome: 'chosen' }] };
}

function choose(
  { item, settings, now }: DeskContext,
  agents: readonly AgentItem[],
): Wanted | Refusal<typeof noAgentAvailable> {
  const candidates: readonly Agent[] = agents.map((agent) => candidateOf(agent, settings.awayGraceSeconds * 1000, now));
  const choice = chooseAgent(item.support, candidates);
  const agent = agents.find(({ userId }) => userId === choice.chosen);
  return agent === undefined ? refuse(noAgentAvailable) : { agent, rule: choice.rule, considered: choice.considered };
}
