import type {
  conversationAssignedEvent,
  conversationStatusChangedEvent,
  messageCreatedEvent,
  noteCreatedEvent,
  slaChangedEvent,
  urgentRaisedEvent,
} from '../../../contract/events/events.ts';
import { now } from '../../../core/runtime/clock.ts';
import { settleAll } from '../../../core/runtime/settle-all.ts';
import { keys } from '../../../core/table/keys.ts';
import { tenantTable } from '../../../core/table/scoped-table.ts';
import type { TenantScope } from '../../../core/tenancy/tenant-scope.ts';
import type { ConsumedEvent } from '../../../transport/consumer.ts';
import { readAgents } from '../../agents/agent-store.ts';
import type { AccessRecord } from '../../identity/session-access.ts';
import { accessTo, isVisible } from '../../log/access.ts';
import { isParticipant, type SupportConversation } from '../../log/conversation-item.ts';
import { readConversation } from '../../log/conversation-store.ts';
import { openContent } from '../../log/log-content.ts';
import { ownerOf } from '../../log/log-owner.ts';
import { readEntry } from '../../log/log-store.ts';
import type { NewNotification } from '../../notifications/notification-item.ts';
import { recipientsOf } from '../../notifications/recipients-rules.ts';
import { deskSettings } from '../../tenants/desk-settings.ts';
import { candidateOf } from '../assignment/candidates.ts';
import { chooseAgent } from '../assignment/choose-agent-rules.ts';
import {
  causesOfAssignment,
  causesOfMessage,
  causesOfSla,
  causesOfStatus,
  causesOfUrgency,
  type DeskCause,
  type DeskFacts,
  type ReachableAgent,
} from './desk-causes.ts';

export type DeskEvent = ConsumedEvent<
  | typeof messageCreatedEvent
  | typeof noteCreatedEvent
  | typeof conversationStatusChangedEvent
  | typeof conversationAssignedEvent
  | typeof urgentRaisedEvent
  | typeof slaChangedEvent
>;

export interface DeskNotifications {
  readonly facts: DeskFacts;
  /** Each user at most once. */
  readonly notifications: readonly NewNotification[];
}

/** For agents and customers, except guests. Undefined if the entry is gone or was deleted. */
export async function notificationsOfDeskEvent(event: DeskEvent): Promise<DeskNotifications | undefined> {
  const { scope, at } = event;
  const { conversationId, seq, senderId } = event.data;
  const facts = await factsOf(scope, conversationId, seq);
  if (facts === undefined) return undefined;
  const readers = new Map(facts.agents.map((agent) => [agent.userId, agent]));
  const canSee = (userId: string): boolean => {
    if (isParticipant(facts.item, userId) && userId !== facts.customerId) return false;
    const access = accessTo(facts.item, readers.get(userId) ?? { userId });
    return access !== undefined && isVisible(facts.entry, access);
  };
  const byUser = new Map<string, NewNotification>();
  for (const { cause, data } of causesOf(event, facts)) {
    for (const recipient of recipientsOf(cause)) {
      if (byUser.has(recipient.userId) || !canSee(recipient.userId)) continue;
      byUser.set(recipient.userId, {
        ...recipient,
        conversationId,
        seq,
        ...('actorId' in cause || 'senderId' in cause || 'authorId' in cause ? { actorId: senderId } : {}),
        ...(data === undefined || Object.keys(data).length === 0 ? {} : { data }),
        at: Date.parse(at),
      });
    }
  }
  return { facts, notifications: [...byUser.values()] };
}

function causesOf(event: DeskEvent, facts: DeskFacts): readonly DeskCause[] {
  switch (event.type) {
    case 'message.created':
    case 'note.created':
      return causesOfMessage(facts);
    case 'conversation.status-changed':
      return causesOfStatus(facts);
    case 'conversation.assigned':
      return causesOfAssignment(facts);
    case 'urgent.raised':
      return causesOfUrgency(facts, event.data);
    case 'sla.changed':
      return causesOfSla(facts);
  }
}

/** Undefined if the entry is gone or was deleted. */
async function factsOf(scope: TenantScope, conversationId: string, seq: number): Promise<DeskFacts | undefined> {
  const [item, entry] = await settleAll([
    readConversation(scope, conversationId),
    readEntry({ scope, conversationId }, seq),
  ]);
  if (item?.kind !== 'support' || entry === undefined || entry.changes.deletion !== undefined) return undefined;
  const [owner, desk, customerId] = await settleAll([
    ownerOf({ scope, conversationId, item }),
    readDesk(scope, item),
    customerWithAccount(scope, item),
  ]);
  const content = owner.isErased === true ? undefined : (openContent(owner, entry) as DeskFacts['content']);
  return { entry, content, item, ...desk, customerId };
}

async function readDesk(
  scope: TenantScope,
  item: SupportConversation,
): Promise<Pick<DeskFacts, 'agents' | 'onCallIds' | 'hasAgentToAssign'>> {
  const [stored, { awayGraceSeconds, autoAssign, onCall }] = await settleAll([readAgents(scope), deskSettings(scope)]);
  const at = now();
  const candidates = stored.map((agent) => candidateOf(agent, awayGraceSeconds * 1000, at));
  const agents = stored.flatMap((agent, index): readonly ReachableAgent[] => {
    if (!agent.canAct || accessTo(item, agent) === undefined) return [];
    const { userId, role, teams } = agent;
    const availability = candidates[index]?.availability;
    return [{ userId, role, teams, isAvailable: availability === 'online' || availability === 'busy' }];
  });
  const hasAgentToAssign = autoAssign === 'on' && chooseAgent(item.support, candidates).chosen !== undefined;
  return { agents, onCallIds: onCall.userIds, hasAgentToAssign };
}

async function customerWithAccount(
  scope: TenantScope,
  { support: { customerId } }: SupportConversation,
): Promise<string | undefined> {
  const access = await tenantTable(scope).get<AccessRecord>(keys.userAccess(customerId));
  return access === undefined || access.role === 'guest' ? undefined : customerId;
}
