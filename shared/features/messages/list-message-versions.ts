import type { listMessageVersions as listMessageVersionsRoute } from '../../contract/messages/list-message-versions.ts';
import { conversationNotFound, messageDeleted, messageNotFound } from '../../contract/problems.ts';
import type * as z from 'zod/mini';
import type { messageVersion } from '../../contract/schemas/message.ts';
import { tenantKeys } from '../../core/encryption/data-keys.ts';
import { type Refusal, refuse } from '../../core/refusal.ts';
import { toTimestamp } from '../../core/runtime/clock.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import type { InputOf } from '../../core/use-case.ts';
import type { EditContent, MessageContent } from '../log/entry-kinds.ts';
import { readEntries } from '../log/log-store.ts';
import { ownerOf } from '../log/log-owner.ts';
import { openContent } from '../log/log-content.ts';
import type { LogEntry } from '../log/log-entry.ts';
import { loadToRead } from '../log/load-conversation.ts';
import { readVisibleEntry } from '../log/visible-entry.ts';

type MessageVersion = z.infer<typeof messageVersion>;

/** Oldest first. */
export async function listMessageVersions(
  principal: Principal,
  { conversationId, seq }: InputOf<typeof listMessageVersionsRoute>,
): Promise<
  | { items: MessageVersion[]; nextCursor: null }
  | Refusal<typeof conversationNotFound | typeof messageNotFound | typeof messageDeleted>
> {
  const { scope } = principal;
  const [conversation] = await settleAll([loadToRead(principal, conversationId), tenantKeys(scope)]);
  if (conversation === undefined) return refuse(conversationNotFound);
  const message = await readVisibleEntry(principal, conversation, seq);
  if (message?.kind.isMessage !== true) return refuse(messageNotFound);
  const owner = await ownerOf(conversation);
  if (message.changes.deletion !== undefined || owner.isErased === true) return refuse(messageDeleted);
  const edits = await readEntries(conversation, message.changes.edits ?? []);
  const version = (entry: LogEntry): MessageVersion => {
    const { text, location } = openContent(owner, entry) as MessageContent | EditContent;
    return {
      seq: entry.seq,
      ...(text === undefined ? {} : { text }),
      ...(location === undefined ? {} : { location }),
      at: toTimestamp(entry.createdAt),
    };
  };
  return { items: [message, ...edits].sort((first, second) => first.seq - second.seq).map(version), nextCursor: null };
}
