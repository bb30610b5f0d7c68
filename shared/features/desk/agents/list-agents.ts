import type {
  listAgents as listAgentsRoute,
  listAvailableAgents as listAvailableRoute,
} from '../../../contract/desk/agents.ts';
import { now } from '../../../core/runtime/clock.ts';
import { settleAll } from '../../../core/runtime/settle-all.ts';
import type { UseCase } from '../../../core/use-case.ts';
import { readAgents } from '../../agents/agent-store.ts';
import { deskSettings } from '../../tenants/desk-settings.ts';
import { candidateOf } from '../assignment/candidates.ts';
import { chooseAgent } from '../assignment/choose-agent-rules.ts';
import { agentViewOf } from './agent-view.ts';

export const listAgents: UseCase<typeof listAgentsRoute> = async ({ scope }) => {
  const [agents, { awayGraceSeconds }] = await settleAll([readAgents(scope), deskSettings(scope)]);
  const at = now();
  return { items: agents.map((agent) => agentViewOf(agent, awayGraceSeconds * 1000, at)), nextCursor: null };
};

/** The first one is the agent whom the service would choose. */
export const listAvailableAgents: UseCase<typeof listAvailableRoute> = async ({ scope }, { teamId }) => {
  const [agents, { awayGraceSeconds }] = await settleAll([readAgents(scope), deskSettings(scope)]);
  const at = now();
  const graceMs = awayGraceSeconds * 1000;
  const byId = new Map(agents.map((agent) => [agent.userId, agent]));
  const free: (typeof agents)[number][] = [];
  for (;;) {
    const candidates = [...byId.values()].map((agent) => candidateOf(agent, graceMs, at));
    const { chosen } = chooseAgent(teamId === undefined ? {} : { teamId }, candidates);
    const agent = chosen === undefined ? undefined : byId.get(chosen);
    if (agent === undefined) break;
    free.push(agent);
    byId.delete(agent.userId);
  }
  return { items: free.map((agent) => agentViewOf(agent, graceMs, at)), nextCursor: null };
};
