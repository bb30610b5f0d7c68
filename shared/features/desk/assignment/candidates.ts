import type { TenantScope } from '../../../core/tenancy/tenant-scope.ts';
import type { AgentItem } from '../../agents/agent-item.ts';
import { readAgents } from '../../agents/agent-store.ts';
import { type AgentPresence, effectiveAvailability } from './availability-rules.ts';
import type { Agent } from './choose-agent-rules.ts';

/** An agent as the choice of an agent sees it. */
export function candidateOf(agent: AgentItem, graceMs: number, now: number): Agent {
  return { ...agent, availability: effectiveAvailability(presenceOfAgent(agent), graceMs, now) };
}

export function presenceOfAgent({ availability, availabilityAt, goneSince }: AgentItem): AgentPresence {
  return { declared: availability, declaredAt: availabilityAt, ...(goneSince === undefined ? {} : { goneSince }) };
}

export async function readCandidates(scope: TenantScope, graceMs: number, now: number): Promise<readonly Agent[]> {
  return (await readAgents(scope)).map((agent) => candidateOf(agent, graceMs, now));
}
