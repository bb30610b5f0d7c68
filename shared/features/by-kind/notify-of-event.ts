import type { DeskEvent } from '../desk/notifications/desk-notifications.ts';
import { notifyOfDeskEvent } from '../desk/notifications/notify-of-desk-event.ts';
import { notifyOfMention } from '../notifications/notify-of-mention.ts';

/** Support conversations notify more people than those whom a message mentions. */
export async function notifyOfEvent(event: DeskEvent): Promise<void> {
  const isMention = event.type === 'message.created' && event.data.conversationKind === undefined;
  await (isMention ? notifyOfMention(event) : notifyOfDeskEvent(event));
}
