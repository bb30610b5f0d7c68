import { conversationNotFound, notAGroup, notGroupAdmin } from '../../contract/problems.ts';
import type { Conversation } from '../../contract/schemas/conversation.ts';
import { isRefusal, type Refusal, refuse } from '../../core/refusal.ts';
import { newId } from '../../core/runtime/ids.ts';
import { log } from '../../core/runtime/logger.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import { keys } from '../../core/table/keys.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import { appendAsParticipant } from '../log/append-as-participant.ts';
import { toStoredConversation } from '../log/conversation-codec.ts';
import type { ConversationItem, GroupConversation } from '../log/conversation-item.ts';
import { getConversation } from '../conversations/get-conversation.ts';
import type { PreconditionResult } from '../log/append-to-log.ts';
import { systemKind } from '../log/entry-kinds.ts';
import { openForChange } from '../messages/open-for-change.ts';
import { refusalOfOwn } from '../log/append-refusal.ts';
import { announceToNewcomers, announceToParticipants } from './announce-change.ts';
import { sealName } from '../conversations/group-name.ts';
import { type Decide, type GroupChange, type GroupDecision, withGroupChange } from './group-rules.ts';
import { conversationAt } from './conversation-at.ts';
import { projectMembers } from './project-members.ts';
import { decideWithSuccession } from './succession.ts';

type GroupRefusal =
  Refusal<typeof conversationNotFound | typeof notAGroup | typeof notGroupAdmin> | ReturnType<typeof refusalOfOwn>;
type Stopped = Exclude<GroupDecision['kind'], 'change'> | 'not-a-group';

/** Per user, for the group and its messages, if the tenant limits messages. */
const changesPerMinute = 60;

/**
 * Appends an entry to the log and replaces the group's item, in one transaction. Of two simultaneous changes, decides
 * the second on the result of the first. If this function fails before the announcement, the stream projector announces
 * the change.
 * @returns the group after the change. Do not return it to a caller who has left.
 */
export async function changeGroup<Problem extends Refusal = never>(
  principal: Principal,
  conversationId: string,
  decide: Decide<Problem>,
): Promise<Conversation | Problem | GroupRefusal> {
  const context = await openForChange(principal, conversationId);
  if (isRefusal(context)) return context;
  const { conversation, settings, scope } = context;
  let next: GroupConversation | undefined;
  let change: GroupChange | undefined;
  const precondition = async (
    _state: unknown,
    item: ConversationItem,
  ): Promise<PreconditionResult<Problem | Stopped>> => {
    if (item.kind !== 'group') return { kind: 'stopped', reason: 'not-a-group' };
    const decision = await decideWithSuccession(decide, item, context, principal.userId);
    if ('refused' in decision) return { kind: 'stopped', reason: decision };
    if (decision.kind !== 'change') return { kind: 'stopped', reason: decision.kind };
    const decided = (change = decision.change);
    return {
      kind: 'granted',
      content: { type: 'system', system: decided.system },
      extraWrites: (work, entry) => {
        const { revision } = entry.state;
        const named =
          decided.name === undefined
            ? {}
            : { name: sealName(context.keys, scope, conversationId, revision, decided.name) };
        next = { ...withGroupChange(item, decided, entry), ...named };
        work.put('conversation', keys.conversation(conversationId), toStoredConversation(next), {
          expression: '#revision = :before',
          values: { before: item.revision },
        });
      },
    };
  };
  const { outcome, recipients: connections } = await appendAsParticipant<Problem | Stopped>({
    principal,
    conversation,
    keys: context.keys,
    command: {
      kind: systemKind,
      clientMessageId: newId(),
      revises: true,
      deliversAgain: true,
      perMinute: settings.messagesPerMinute === null ? null : changesPerMinute,
    },
    content: { type: 'system', system: { kind: 'changed' } },
    precondition,
  });
  if (outcome.kind === 'stopped') return stopped(principal, conversationId, outcome.reason);
  if (outcome.kind !== 'written') {
    if (outcome.kind === 'duplicate') throw new Error('The log already has an id that the server created');
    return refusalOfOwn(outcome);
  }

  const { entry } = outcome;
  if (next === undefined) throw new Error('An entry was written without a change');
  const newcomers = change?.added?.userIds ?? [];
  const announced = { principal, owner: context, entry, next, newcomers, connections };
  const [view] = await settleAll([
    conversationAt(context, principal.userId, next, entry),
    projectMembers(scope, conversationId, next).catch((error: unknown) => {
      log('warn', 'members.not-projected', { conversationId }, error);
    }),
    announceToParticipants(announced),
  ]);
  if (newcomers.length > 0) await announceToNewcomers(announced, view);
  return view;
}

async function stopped<Problem extends Refusal>(
  principal: Principal,
  conversationId: string,
  reason: Problem | Stopped | 'no-access',
): Promise<Conversation | Problem | GroupRefusal> {
  switch (reason) {
    case 'same':
      return getConversation(principal, { conversationId });
    case 'no-access':
      return refuse(conversationNotFound);
    case 'not-a-group':
      return refuse(notAGroup);
    case 'not-admin':
      return refuse(notGroupAdmin);
    default:
      return reason;
  }
}
