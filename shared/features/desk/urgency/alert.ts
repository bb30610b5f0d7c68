import { urgentRaised } from '../../../contract/events/server-events.ts';
import type { AlertedGroup } from '../../../contract/schemas/support.ts';
import { connectionsOf } from '../../../core/delivery/connections.ts';
import { deliver } from '../../../core/delivery/delivery.ts';
import { passingFrame } from '../../../core/delivery/frames.ts';
import { toTimestamp } from '../../../core/runtime/clock.ts';
import { log } from '../../../core/runtime/logger.ts';
import { count } from '../../../core/runtime/metrics.ts';
import { settleAll } from '../../../core/runtime/settle-all.ts';
import type { TenantScope } from '../../../core/tenancy/tenant-scope.ts';
import type { AgentItem } from '../../agents/agent-item.ts';
import { readAgents } from '../../agents/agent-store.ts';
import type { SupportConversation } from '../../log/conversation-item.ts';
import { supportStateOf } from '../../log/support-state-view.ts';
import { deskSettings } from '../../tenants/desk-settings.ts';
import { isInGroups } from './alerted-rules.ts';

/**
 * Alerts every available agent at once, and the people on call if the first step names them. A failure is logged: the
 * escalation continues.
 */
export async function alertAvailable(
  scope: TenantScope,
  conversationId: string,
  item: SupportConversation,
): Promise<void> {
  const groups = (item.support.urgency?.alerted ?? []).filter((group) => group === 'on-call');
  const isAvailable = ({ availability }: AgentItem) => availability === 'online' || availability === 'busy';
  await alert(scope, conversationId, item, { groups, isAlerted: isAvailable });
}

/** Alerts the people of a step of the escalation who are connected. `notify` stores a notification for the others. */
export async function alertGroups(
  scope: TenantScope,
  conversationId: string,
  item: SupportConversation,
  groups: readonly AlertedGroup[],
): Promise<void> {
  await alert(scope, conversationId, item, { groups, isAlerted: () => false });
}

interface Alerted {
  readonly groups: readonly AlertedGroup[];
  /** Agents besides those in `groups`. */
  readonly isAlerted: (agent: AgentItem) => boolean;
}

async function alert(
  scope: TenantScope,
  conversationId: string,
  item: SupportConversation,
  { groups, isAlerted }: Alerted,
): Promise<void> {
  const { priority, urgency, teamId } = supportStateOf(item.support);
  if (urgency === undefined) return;
  try {
    const [stored, { onCall }] = await settleAll([readAgents(scope), deskSettings(scope)]);
    const context = { teamId, onCallIds: onCall.userIds };
    const agents = stored.filter((agent) => isAlerted(agent) || isInGroups(agent, context, groups));
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
