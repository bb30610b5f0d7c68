import { urgentRaised } from '../../../contract/events/server-events.ts';
import type { AlertedGroup } from '../../../contract/schemas/support.ts';
import { connectionsOf } from '../../../core/delivery/connections.ts';
import { deliver } from '../../../core/delivery/delivery.ts';
import { passingFrame } from '../../../core/delivery/frames.ts';
import { toTimestamp } from '../../../core/runtime/clock.ts';
import { log } from '../../../core/runtime/logger.ts';
import { count } from '../../../core/runtime/metrics.ts';
import type { TenantScope } from '../../../core/tenancy/tenant-scope.ts';
import type { AgentItem } from '../../agents/agent-item.ts';
import { readAgents } from '../../agents/agent-store.ts';
import type { SupportConversation } from '../../log/conversation-item.ts';
import { supportStateOf } from '../../log/support-state-view.ts';
import { isInGroups } from './alerted-rules.ts';

/** Alerts every available agent at once. A failure is logged: the escalation continues. */
export async function alertAvailable(
  scope: TenantScope,
  conversationId: string,
  item: SupportConversation,
): Promise<void> {
  await alert(scope, conversationId, item, ({ availability }) => availability === 'online' || availability === 'busy');
}

/** Alerts the people of a step of the escalation who are connected. `notify` stores a notification for the others. */
export async function alertGroups(
  scope: TenantScope,
  conversationId: string,
  item: SupportConversation,
  groups: readonly AlertedGroup[],
): Promise<void> {
  const { teamId } = item.support;
  await alert(scope, conversationId, item, (agent) => isInGroups(agent, teamId, groups));
}

async function alert(
  scope: TenantScope,
  conversationId: string,
  item: SupportConversation,
  isAlerted: (agent: AgentItem) => boolean,
): Promise<void> {
  const { priority, urgency, teamId } = supportStateOf(item.support);
  if (urgency === undefined) return;
  try {
    const agents = (await readAgents(scope)).filter((agent) => isAlerted(agent));
    // An alert of all agents also reaches those who cannot open the conversation of another team. It has no content.
    const connections = await connectionsOf(
      scope,
      agents.map(({ userId }) => userId),
    );
    const position = { conversationId, at: toTimestamp(item.revisedAt) };
    const frame = passingFrame(urgentRaised, position, {
      priority,
      urgency,
      ...(teamId === undefined ? {} : { teamId }),
    });
    await deliver(
      scope,
      connections.map(({ userId, connectionId }) => ({ userId, connectionId, frame })),
    );
  } catch (error) {
    log('warn', 'urgent.not-alerted', { conversationId }, error);
    count('DeliveryFailed');
  }
}
