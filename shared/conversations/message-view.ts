import type { Message } from '../contract/schemas/message.ts';
import { messageCreated, type EventEnvelope } from '../contract/socket/pushes.ts';
import type { TenantKeys } from '../encryption/data-keys.ts';
import { eventFrame } from '../realtime/frames.ts';
import { toTimestamp } from '../runtime/clock.ts';
import type { TenantScope } from '../tenancy/tenant-scope.ts';
import { openContent } from './log/log-content.ts';
import type { LogEntry } from './log/log-entry.ts';

/** A log entry as clients see it. */
export function messageOf(keys: TenantKeys, scope: TenantScope, conversationId: string, entry: LogEntry): Message {
  const content = openContent(keys, scope, conversationId, entry);
  return {
    conversationId,
    seq: entry.seq,
    senderId: entry.senderId,
    type: content.type,
    text: content.text,
    clientMessageId: entry.clientMessageId,
    status: 'sent',
    createdAt: toTimestamp(entry.createdAt),
  };
}

/** The event of a message: the same live, in `sync.page` and whenever it is sent again. */
export function messageCreatedFrame(message: Message): EventEnvelope {
  return eventFrame(
    messageCreated,
    { conversationId: message.conversationId, seq: message.seq, at: message.createdAt },
    message,
  );
}
