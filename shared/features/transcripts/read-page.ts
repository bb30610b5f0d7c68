import { conversationNotFound } from '../../contract/problems.ts';
import { systemUserId } from '../../contract/schemas/ids.ts';
import { isRefusal, type Refusal, refuse } from '../../core/refusal.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import { readAgents } from '../agents/agent-store.ts';
import { type ConversationItem, isParticipant } from '../log/conversation-item.ts';
import { loadToRead } from '../log/load-conversation.ts';
import { listMessages } from '../messages/list-messages.ts';
import type { Line, Sender } from './transcript-rules.ts';

export interface TranscriptPage {
  readonly lines: readonly Line[];
  /** Number of the entry after which the next page begins; undefined at the end. */
  readonly next: number | undefined;
}

/** The messages after an entry that the caller may see, with the names of agents. */
export async function readPage(
  principal: Principal,
  { conversationId, after, limit }: { readonly conversationId: string; readonly after: number; readonly limit: number },
): Promise<TranscriptPage | Refusal<typeof conversationNotFound>> {
  const conversation = await loadToRead(principal, conversationId);
  if (conversation === undefined) return refuse(conversationNotFound);
  const page = await listMessages(principal, { conversationId, after, limit });
  if (isRefusal(page)) return page;
  const { item } = conversation;
  const names = await namesOf(principal, item);
  return {
    lines: page.items.map((message) => ({ message, sender: senderOf(item, message.senderId, names) })),
    next: page.nextCursor === null ? undefined : Number(page.nextCursor),
  };
}

/** The names that agents show to customers. */
async function namesOf({ scope }: Principal, { kind }: ConversationItem): Promise<ReadonlyMap<string, string>> {
  if (kind !== 'support') return new Map();
  return new Map((await readAgents(scope)).map(({ userId, displayName }) => [userId, displayName]));
}

function senderOf(item: ConversationItem, senderId: string, names: ReadonlyMap<string, string>): Sender {
  if (senderId === systemUserId) return { role: 'service' };
  if (item.kind !== 'support') return { role: 'participant' };
  return isParticipant(item, senderId) ? { role: 'customer' } : { role: 'agent', name: names.get(senderId) };
}
