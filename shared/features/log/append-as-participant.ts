import type { TenantKeys } from '../../core/encryption/data-keys.ts';
import { type Connection, connectionsOf } from '../../core/delivery/connections.ts';
import { log } from '../../core/runtime/logger.ts';
import { count } from '../../core/runtime/metrics.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import { type ConversationItem, memberOf, participantIdsOf } from './conversation-item.ts';
import type { AppendCommand } from './append.ts';
import { type AppendOutcome, appendToLog, type Permission } from './append-to-log.ts';
import { claimedTime } from './client-message-id.ts';
import type { EntryContent } from './entry-kinds.ts';
import { digestOf } from './log-content.ts';
import type { LogState } from './log-entry.ts';
import { currentItem, type OpenConversation, rememberConversation, tailToWrite } from './open-conversation.ts';

export interface ParticipantsEntry<Reason> {
  readonly principal: Principal;
  readonly conversation: OpenConversation;
  readonly keys: TenantKeys;
  readonly command: Omit<AppendCommand, 'senderId' | 'claimedAt' | 'digest'>;
  readonly content: EntryContent;
  readonly origin?: string | undefined;
  /** Decides on the state before the entry, with the conversation as it is in that state. */
  readonly precondition?: (state: LogState, item: ConversationItem) => Promise<Permission<Reason>>;
}

export interface ParticipantsAppend<Reason> {
  readonly outcome: AppendOutcome<Reason | 'no-participant'>;
  /** The conversation as it was before the entry. */
  readonly item: ConversationItem;
  /** Live connections of the other participants. */
  readonly connections: readonly Connection[];
}

/**
 * Appends an entry as one who takes part, and looks up the others' connections meanwhile: one call for 100 people. Of a
 * group the item has to be of the very state that the entry builds on, so nobody writes who has been removed.
 */
export async function appendAsParticipant<Reason = never>(
  entry: ParticipantsEntry<Reason>,
): Promise<ParticipantsAppend<Reason>> {
  const { principal, conversation, keys, content } = entry;
  const { scope, userId } = principal;
  const { id: conversationId, store } = conversation;
  let item = conversation.item;

  const precondition = async (state: LogState): Promise<Permission<Reason | 'no-participant'>> => {
    if (item.revision !== state.revision) {
      item = (await currentItem(scope, conversationId)) ?? item;
      if (item.revision !== state.revision) return { kind: 'read-on' };
    }
    if (memberOf(item, userId) === undefined) return { kind: 'stopped', reason: 'no-participant' };
    return (await entry.precondition?.(state, item)) ?? { kind: 'granted' };
  };
  const command: AppendCommand = {
    ...entry.command,
    senderId: userId,
    claimedAt: claimedTime(entry.command.clientMessageId),
    digest: digestOf(keys, content),
  };
  // Who takes part in a direct conversation never changes: without other conditions there is nothing to look at.
  const isFree = item.kind === 'direct' && entry.precondition === undefined;
  const [{ outcome, tail }, connections] = await settleAll([
    tailToWrite(conversation).then((known) =>
      appendToLog<Reason | 'no-participant'>({ scope, conversationId, store, keys }, known, {
        command,
        content,
        origin: entry.origin,
        ...(isFree ? {} : { precondition }),
      }),
    ),
    connectionsOfOthers(principal, participantIdsOf(conversation.item)),
  ]);
  // An entry that revises brings another item than the one at hand.
  const written = outcome.kind === 'written' ? outcome.entry.seq : undefined;
  rememberConversation(scope, { ...conversation, item }, tail, written);
  if (outcome.kind === 'duplicate' && item.kind === 'group') item = (await currentItem(scope, conversationId)) ?? item;
  if (memberOf(item, userId) === undefined) {
    return { outcome: { kind: 'stopped', reason: 'no-participant' }, item, connections: [] };
  }
  if (item === conversation.item) return { outcome, item, connections };

  const newcomers = participantIdsOf(item).filter((one) => memberOf(conversation.item, one) === undefined);
  const further = await connectionsOfOthers(principal, newcomers);
  return {
    outcome,
    item,
    connections: [...connections.filter((one) => memberOf(item, one.userId) !== undefined), ...further],
  };
}

/** A failed look-up must not fail the entry: it is in the log, and clients catch up. */
export async function connectionsOfOthers(
  principal: Principal,
  userIds: readonly string[],
): Promise<readonly Connection[]> {
  return reachableConnections(
    principal,
    userIds.filter((userId) => userId !== principal.userId),
  );
}

/** The same with the principal's own. */
export async function reachableConnections(
  principal: Principal,
  userIds: readonly string[],
): Promise<readonly Connection[]> {
  if (userIds.length === 0) return [];
  try {
    return await connectionsOf(principal.scope, userIds);
  } catch (error) {
    log('warn', 'connections.not-read', { tenantId: principal.tenantId }, error);
    count('DeliveryFailed');
    return [];
  }
}
