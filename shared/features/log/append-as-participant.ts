import type { TenantKeys } from '../../core/encryption/data-keys.ts';
import { type Connection, connectionsOf } from '../../core/delivery/connections.ts';
import { log } from '../../core/runtime/logger.ts';
import { count } from '../../core/runtime/metrics.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import { accessTo, type Reader } from './access.ts';
import { audienceOf } from './audience.ts';
import type { AppendCommand } from './append.ts';
import { type AppendOutcome, appendToLog, type NextSlot, type PreconditionResult } from './append-to-log.ts';
import { claimedTime } from './client-message-id.ts';
import { cacheConversation, observeWrite, tailToWrite } from './conversation-cache.ts';
import { canChange, type ConversationItem, isParticipant, participantIdsOf } from './conversation-item.ts';
import { readConversation } from './conversation-store.ts';
import type { EntryContent } from './entry-kinds.ts';
import type { WritableConversation } from './load-conversation.ts';
import { digestOf } from './log-content.ts';
import type { LogState } from './log-entry.ts';

export interface ParticipantsEntry<Reason> {
  readonly principal: Principal;
  readonly conversation: WritableConversation;
  readonly keys: TenantKeys;
  readonly command: Omit<AppendCommand, 'senderId' | 'claimedAt' | 'digest'>;
  readonly content: EntryContent;
  readonly origin?: string | undefined;
  /** The item has the same revision as the state. */
  readonly precondition?: (
    state: LogState,
    item: ConversationItem,
    next: NextSlot,
  ) => Promise<PreconditionResult<Reason>>;
}

export interface ParticipantsAppend<Reason> {
  readonly outcome: AppendOutcome<Reason | 'no-access'>;
  /** Before the entry. */
  readonly item: ConversationItem;
  readonly recipients: readonly Recipient[];
}

/** A live connection of another person who receives the entry. */
export interface Recipient extends Connection {
  readonly reader: Reader;
}

/**
 * If the conversation can change, checks access on the item of exactly the revision that the entry follows, so that a
 * removed user cannot write.
 */
export async function appendAsParticipant<Reason = never>(
  entry: ParticipantsEntry<Reason>,
): Promise<ParticipantsAppend<Reason>> {
  const { principal, conversation, keys, content } = entry;
  const { scope, conversationId } = conversation;
  const readCurrent = async (fallback: ConversationItem) => (await readConversation(scope, conversationId)) ?? fallback;
  const canWrite = (current: ConversationItem) => accessTo(current, conversation.reader)?.canWrite === true;
  let item = conversation.item;

  const precondition = async (state: LogState, next: NextSlot): Promise<PreconditionResult<Reason | 'no-access'>> => {
    if (item.revision !== state.revision) {
      item = await readCurrent(item);
      if (item.revision !== state.revision) return { kind: 'retry' };
    }
    if (!canWrite(item)) return { kind: 'stopped', reason: 'no-access' };
    return (await entry.precondition?.(state, item, next)) ?? { kind: 'granted' };
  };
  const command: AppendCommand = {
    ...entry.command,
    senderId: principal.userId,
    claimedAt: claimedTime(entry.command.clientMessageId),
    digest: digestOf(keys, content),
    ...(item.kind === 'support' ? { isOfSupport: true } : {}),
  };
  // The load has checked the access.
  const needsNoCheck = !canChange(item) && entry.precondition === undefined;
  const [{ outcome, tail }, recipients] = await settleAll([
    tailToWrite(conversation).then((start) =>
      appendToLog<Reason | 'no-access'>({ scope, conversationId, keys }, start, {
        command,
        content,
        origin: entry.origin,
        ...(needsNoCheck ? {} : { precondition }),
      }),
    ),
    recipientsOf(principal, conversation),
  ]);
  // The cached item may be older than the tail. The next load detects that.
  cacheConversation(conversation, { item, tail });
  if (outcome.kind === 'written') observeWrite(conversation, outcome.entry.seq);
  if (outcome.kind === 'duplicate' && canChange(item)) item = await readCurrent(item);
  if (!canWrite(item)) return { outcome: { kind: 'stopped', reason: 'no-access' }, item, recipients: [] };
  if (item === conversation.item) return { outcome, item, recipients };
  if (item.kind === 'support') {
    return { outcome, item, recipients: await recipientsOf(principal, { scope, conversationId, item }) };
  }

  const newcomers = participantIdsOf(item).filter((userId) => !isParticipant(conversation.item, userId));
  const further = await connectionsOfOthers(principal, newcomers);
  return {
    outcome,
    item,
    recipients: [
      ...recipients.filter(({ userId }) => isParticipant(item, userId)),
      ...further.map((connection) => ({ ...connection, reader: { userId: connection.userId } })),
    ],
  };
}

/** Returns the other people who receive events of the conversation. Returns none if a read fails. */
export async function recipientsOf(
  principal: Principal,
  conversation: Parameters<typeof audienceOf>[0],
): Promise<readonly Recipient[]> {
  let readers: ReadonlyMap<string, Reader>;
  try {
    readers = new Map((await audienceOf(conversation)).map((reader) => [reader.userId, reader]));
  } catch (error) {
    log('warn', 'audience.not-read', { tenantId: principal.tenantId }, error);
    count('DeliveryFailed');
    return [];
  }
  const connections = await connectionsOfOthers(principal, [...readers.keys()]);
  return connections.map((connection) => ({
    ...connection,
    reader: readers.get(connection.userId) ?? { userId: connection.userId },
  }));
}

/** Returns none if the read fails: the entry is in the log, and clients catch up. */
export async function connectionsOfOthers(
  principal: Principal,
  userIds: readonly string[],
): Promise<readonly Connection[]> {
  return reachableConnections(
    principal,
    userIds.filter((userId) => userId !== principal.userId),
  );
}

/** Returns none if the read fails. */
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
