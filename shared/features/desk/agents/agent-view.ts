import type * as z from 'zod/mini';
import type { agent } from '../../../contract/desk/agents.ts';
import { toTimestamp } from '../../../core/runtime/clock.ts';
import type { AgentItem } from '../../agents/agent-item.ts';
import { candidateOf } from '../assignment/candidates.ts';

export type AgentView = z.infer<typeof agent>;

export function agentViewOf(item: AgentItem, graceMs: number, now: number): AgentView {
  const { userId, displayName, availability, reason, availabilityAt, maxConcurrent, load } = item;
  return {
    id: userId,
    displayName,
    availability,
    effectiveAvailability: candidateOf(item, graceMs, now).availability,
    ...(reason === undefined ? {} : { reason }),
    availabilityAt: toTimestamp(availabilityAt),
    maxConcurrent,
    load,
    teams: [...item.teams],
    skills: [...item.skills],
    languages: [...item.languages],
  };
}
