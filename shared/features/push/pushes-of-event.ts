import type { messageCreatedEvent } from '../../contract/events/events.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import type { ConsumedEvent } from '../../transport/consumer.ts';
import { type DeskEvent, notificationsOfDeskEvent } from '../desk/notifications/desk-notifications.ts';
import { openTenant } from '../identity/open-tenant.ts';
import { readUser } from '../identity/account-store.ts';
import { accessTo, isVisible } from '../log/access.ts';
import { isParticipant, participantIdsOf } from '../log/conversation-item.ts';
import { readConversation } from '../log/conversation-store.ts';
import type { MessageContent } from '../log/entry-kinds.ts';
import type { LogEntry } from '../log/log-entry.ts';
import { openContent } from '../log/log-content.ts';
import { readEntry } from '../log/log-store.ts';
import { tenantSettings } from '../tenants/tenant-settings.ts';
import { pushOfNotification } from './push-decision-rules.ts';
import { lives } from './push-message-rules.ts';
import type { Push, ShownContent } from './push.ts';

type MessageEvent = ConsumedEvent<typeof messageCreatedEvent>;

export interface EventPushes {
  readonly pushes: readonly Push[];
  /** The entry that caused them. */
  readonly entry: LogEntry;
}

/** Undefined if the entry is gone or was deleted. */
export function pushesOfEvent(event: DeskEvent): Promise<EventPushes | undefined> {
  const isOfUsers = event.type === 'message.created' && event.data.conversationKind === undefined;
  return isOfUsers ? pushesOfMessage(event) : pushesOfDesk(event);
}

/** To every other participant who can read it. */
async function pushesOfMessage({ scope, at, data }: MessageEvent): Promise<EventPushes | undefined> {
  const { conversationId, seq, senderId, mentionedIds = [] } = data;
  const [item, entry] = await settleAll([
    readConversation(scope, conversationId),
    readEntry({ scope, conversationId }, seq),
  ]);
  if (item === undefined || entry === undefined || entry.changes.deletion !== undefined) return undefined;
  const readers = participantIdsOf(item).filter((userId) => {
    const access = accessTo(item, { userId });
    return userId !== senderId && access !== undefined && isVisible(entry, access);
  });
  if (readers.length === 0) return undefined;
  const shown = await shownContent({ scope, data }, entry);
  return {
    entry,
    pushes: readers.map((userId): Push => {
      const kind = mentionedIds.includes(userId) ? 'mention' : 'message';
      return { userId, kind, conversationId, seq, shown, validUntil: Date.parse(at) + lives[kind] };
    }),
  };
}

/** An edited message shows no text, because the push may be late. */
async function shownContent(
  { scope, data }: Pick<MessageEvent, 'scope' | 'data'>,
  entry: LogEntry,
): Promise<ShownContent> {
  const { pushContent } = await tenantSettings(scope);
  if (pushContent === 'none') return {};
  const tenant = await openTenant(scope);
  const sender = await readUser(tenant, data.senderId);
  const name = sender === undefined ? {} : { sender: `${sender.firstName} ${sender.lastName}`.trim() };
  if (pushContent === 'sender' || entry.changes.edit !== undefined) return name;
  const { conversationId } = data;
  const { text } = openContent({ scope, conversationId, keys: tenant.keys }, entry) as MessageContent;
  return text === undefined ? name : { ...name, text };
}

/** To the agents and users who get a notification, and to guests whom an agent answers. */
async function pushesOfDesk(event: DeskEvent): Promise<EventPushes | undefined> {
  const found = await notificationsOfDeskEvent(event);
  if (found === undefined) return undefined;
  const { facts, notifications } = found;
  const { conversationId, seq, senderId } = event.data;
  const pushes = notifications.map(pushOfNotification).filter((push) => push !== undefined);
  const isAnswer = event.type === 'message.created' && !isParticipant(facts.item, senderId);
  const guests = isAnswer ? participantIdsOf(facts.item).filter((userId) => userId !== facts.customerId) : [];
  return {
    entry: facts.entry,
    pushes: [
      ...pushes,
      ...guests.map((userId): Push => {
        const validUntil = Date.parse(event.at) + lives.message;
        return { userId, kind: 'message', conversationId, seq, shown: {}, validUntil };
      }),
    ],
  };
}
