import type { SupportState } from '../../log/support-state.ts';
import type { AgentItem } from '../../agents/agent-item.ts';
import type { Agent } from './choose-agent-rules.ts';

/** A person may take a conversation while busy. Others get only what they declared to be ready for. */
export function obstacleOf(
  { teamId }: Pick<SupportState, 'teamId'>,
  { availability, canAct, load, maxConcurrent, teams, role }: Agent & Pick<AgentItem, 'role'>,
  isOwn: boolean,
): string | undefined {
  if (!canAct) return 'The agent’s account is suspended.';
  if (!isOwn && availability !== 'online') return `The agent is ${availability}.`;
  if (!isOwn && teamId !== undefined && !teams.includes(teamId) && role !== 'admin') {
    return 'The agent is not in the team of the conversation.';
  }
  return load < maxConcurrent ? undefined : `The agent has ${load} of at most ${maxConcurrent} conversations.`;
}
