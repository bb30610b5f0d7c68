import type { createNote as createNoteRoute } from '../../contract/desk/notes.ts';
import { notASupportConversation } from '../../contract/desk/problems.ts';
import { conversationNotFound, type messageTooLong, referenceNotFound } from '../../contract/problems.ts';
import type { Message } from '../../contract/schemas/message.ts';
import { deliver } from '../../core/delivery/delivery.ts';
import { type Refusal, refuse } from '../../core/refusal.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import type { InputOf } from '../../core/use-case.ts';
import { readAgents } from '../agents/agent-store.ts';
import { accessTo } from '../log/access.ts';
import { appendAsParticipant } from '../log/append-as-participant.ts';
import { refusalOfUnlimited } from '../log/append-refusal.ts';
import type { ConversationItem } from '../log/conversation-item.ts';
import { noteKind } from '../log/entry-kinds.ts';
import { loadToWrite, type WritableConversation } from '../log/load-conversation.ts';
import { ownerOf } from '../log/log-owner.ts';
import { readEntry } from '../log/log-store.ts';
import { tenantSettings } from '../tenants/tenant-settings.ts';
import { refusalOfText } from '../tenants/text-refusal.ts';
import { postsOf } from '../timeline/entry-posts.ts';
import { messageOf } from '../timeline/message-view.ts';

type NoteOutcome =
  | { readonly kind: 'written' | 'duplicate'; readonly message: Message }
  | Refusal<
      | typeof conversationNotFound
      | typeof notASupportConversation
      | typeof messageTooLong
      | typeof referenceNotFound
      | ReturnType<typeof refusalOfUnlimited>['refused']
    >;

/** Notes can be written in every status. A repeated request returns the note. */
export async function createNote(
  principal: Principal,
  { conversationId, ...note }: InputOf<typeof createNoteRoute>,
): Promise<NoteOutcome> {
  const conversation = await loadToWrite(principal, conversationId);
  return conversation === undefined ? refuse(conversationNotFound) : writeNote(principal, conversation, note);
}

/** Checks access for the reader of the conversation. */
export async function writeNote(
  principal: Principal,
  conversation: WritableConversation,
  { text, mentions, clientMessageId }: Omit<InputOf<typeof createNoteRoute>, 'conversationId'>,
): Promise<NoteOutcome> {
  const { scope } = principal;
  const { item, access } = conversation;
  if (item.kind !== 'support') return refuse(notASupportConversation);
  if (!access.audiences.includes('agents')) return refuse(conversationNotFound);
  const invalid = refusalOfWiped(item) ?? refusalOfText(text, principal.role, (await tenantSettings(scope)).textLength);
  if (invalid !== undefined) return invalid;
  if (mentions !== undefined && mentions.length > 0) {
    const agents = new Map((await readAgents(scope)).map((agent) => [agent.userId, agent]));
    const strangers = mentions.findIndex((userId) => {
      const agent = agents.get(userId);
      return agent === undefined || accessTo(item, agent) === undefined;
    });
    if (strangers !== -1) {
      const detail = 'must be the id of an agent with access to the conversation';
      return refuse(referenceNotFound, { errors: [{ pointer: `/mentions/${strangers}`, code: 'custom', detail }] });
    }
  }
  const owner = await ownerOf(conversation);
  const {
    outcome,
    item: current,
    recipients,
  } = await appendAsParticipant({
    principal,
    conversation,
    keys: owner.keys,
    command: { kind: noteKind, clientMessageId, perMinute: null },
    content: { type: 'note', text, ...(mentions === undefined ? {} : { mentions: [...mentions] }) },
    precondition: async (_state, currentItem) => {
      const wiped = refusalOfWiped(currentItem);
      return wiped === undefined ? { kind: 'granted' } : { kind: 'stopped', reason: wiped };
    },
  });
  switch (outcome.kind) {
    case 'written':
    case 'duplicate': {
      const entry =
        (outcome.kind === 'duplicate' ? await readEntry(conversation, outcome.entry.seq) : undefined) ?? outcome.entry;
      await deliver(scope, postsOf(owner, current, entry, recipients));
      return { kind: outcome.kind, message: messageOf(owner, entry, 'sent', access) };
    }
    case 'stopped':
      return outcome.reason === 'no-access' ? refuse(conversationNotFound) : outcome.reason;
    default:
      return refusalOfUnlimited(outcome);
  }
}

function refusalOfWiped(item: ConversationItem): Refusal<typeof conversationNotFound> | undefined {
  const isWiped = item.kind === 'support' && item.support.wipedAt !== undefined;
  return isWiped ? refuse(conversationNotFound, { detail: 'Its content was deleted.' }) : undefined;
}
