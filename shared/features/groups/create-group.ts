import type { ConversationStart } from '../../contract/conversations/create-conversation.ts';
import type { rateLimited } from '../../contract/conversations/problems.ts';
import { conversationCreatedEvent } from '../../contract/events/events.ts';
import {
  type clockSkew,
  type conversationNotFound,
  groupFull,
  type idempotencyConflict,
  type userNotFound,
} from '../../contract/problems.ts';
import type { Conversation } from '../../contract/schemas/conversation.ts';
import { tenantKeys } from '../../core/encryption/data-keys.ts';
import { contentDigest } from '../../core/encryption/field-cipher.ts';
import { isRefusal, type Refusal, refuse } from '../../core/refusal.ts';
import { useLimits } from '../identity/attempt-limits.ts';
import { countUses } from '../identity/user-limit.ts';
import { now } from '../../core/runtime/clock.ts';
import { newId } from '../../core/runtime/ids.ts';
import { log } from '../../core/runtime/logger.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import { absent } from '../../core/table/expression.ts';
import { keys } from '../../core/table/keys.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import { tenantSettings } from '../tenants/tenant-settings.ts';
import { announceConversation } from '../conversations/announce-conversation.ts';
import { toStoredConversation } from '../log/conversation-codec.ts';
import type { GroupConversation } from '../log/conversation-item.ts';
import { appendToLog, type PreconditionResult } from '../log/append-to-log.ts';
import { systemKind } from '../log/entry-kinds.ts';
import { digestOf, type LogOwner } from '../log/log-content.ts';
import { canonical } from '../log/canonical-json-rules.ts';
import type { LogEntry } from '../log/log-entry.ts';
import { conversationAt, summaryAt } from './conversation-at.ts';
import { sealName } from '../conversations/group-name.ts';
import { foundingMessage, newGroup } from './group-rules.ts';
import { namePeople } from './name-people.ts';
import { projectMembers } from './project-members.ts';
import { type ConversationAttempt, rememberStart, startedBefore } from '../conversations/started-conversation.ts';

export type GroupOutcome =
  | { readonly created: boolean; readonly conversation: Conversation }
  | Refusal<
      | typeof userNotFound
      | typeof groupFull
      | typeof clockSkew
      | typeof idempotencyConflict
      | typeof conversationNotFound
      | typeof rateLimited
    >;

/** User ids in an event or a system message. */
const namedAtMost = 100;

/**
 * One transaction writes the item, the first log entry, the summary and the record that recognises a repeated request.
 * The stream projector also writes the memberships.
 */
export async function createGroup(
  principal: Principal,
  { clientConversationId, ...wanted }: Extract<ConversationStart, { kind: 'group' }>,
): Promise<GroupOutcome> {
  const { scope, userId } = principal;
  const [tenant, settings] = await settleAll([tenantKeys(scope), tenantSettings(scope)]);
  const start: ConversationAttempt = {
    principal,
    clientConversationId,
    digest: contentDigest(tenant, canonical(wanted)),
  };
  const before = await startedBefore(start);
  if (before !== undefined) return before;
  const named = await namePeople({ scope, keys: tenant }, wanted.participants);
  if (isRefusal(named)) return named;
  const userIds = [...new Set([userId, ...named.userIds])];
  if (userIds.length > settings.groupSize) {
    return refuse(groupFull, { detail: `A group of this tenant has at most ${settings.groupSize} people.` });
  }
  const limited = await countUses(principal, [
    { limit: useLimits.conversations },
    { limit: useLimits.invitations, weight: userIds.length },
  ]);
  if (limited !== undefined) return limited;

  const conversationId = newId();
  const owner: LogOwner = { keys: tenant, scope, conversationId };
  let item: GroupConversation | undefined;
  const extraWrites = (work: Parameters<typeof rememberStart>[0], entry: LogEntry): void => {
    const name = sealName(tenant, scope, conversationId, entry.state.revision, wanted.name);
    item = { ...newGroup(userIds, wanted.history ?? 'full', entry), name };
    work
      .put('conversation', keys.conversation(conversationId), toStoredConversation(item), absent)
      .put('summary', keys.conversationSummary(conversationId), summaryAt(conversationId, entry), absent)
      .emit(conversationCreatedEvent, {
        conversationId,
        kind: 'group',
        participantIds: userIds.slice(0, namedAtMost),
      });
    rememberStart(work, start, conversationId);
  };
  let repeated: Exclude<Awaited<ReturnType<typeof startedBefore>>, undefined> | undefined;
  let attempts = 0;
  const precondition = async (): Promise<PreconditionResult<'started'>> => {
    // No other request uses this log, so the same request ran twice.
    if ((attempts += 1) > 1) repeated = await startedBefore(start);
    return repeated === undefined ? { kind: 'granted', extraWrites } : { kind: 'stopped', reason: 'started' };
  };
  const content = {
    type: 'system',
    system: foundingMessage(userIds, wanted.name, wanted.history ?? 'full', namedAtMost),
  } as const;
  const { outcome } = await appendToLog(
    owner,
    { entries: [], fromStart: true },
    {
      command: {
        kind: systemKind,
        senderId: userId,
        clientMessageId: newId(),
        claimedAt: now(),
        digest: digestOf(tenant, content),
        revises: true,
        perMinute: null,
      },
      content,
      origin: undefined,
      precondition,
    },
  );
  if (repeated !== undefined) return repeated;
  if (outcome.kind !== 'written' || item === undefined)
    throw new Error(`The first entry of a group was not written: ${outcome.kind}`);
  await projectMembers(scope, conversationId, item).catch((error: unknown) => {
    log('warn', 'members.not-projected', { conversationId }, error);
  });
  const conversation = await conversationAt(owner, userId, item, outcome.entry);
  await announceConversation(principal, userIds, conversation);
  return { created: true, conversation };
}
