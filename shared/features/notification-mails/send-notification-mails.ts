import type { sendNotificationMailsConsumer } from '../../contract/events/consumers.ts';
import type { ConsumedEvent } from '../../transport/consumer.ts';
import { mailAnswer } from './mail-answer.ts';
import { mailDigest } from './mail-digest.ts';
import { mailOnCall } from './mail-on-call.ts';
import { noteAnswer } from './note-answer.ts';

export type NotificationMailEvent = ConsumedEvent<(typeof sendNotificationMailsConsumer.events)[number]>;

export async function sendNotificationMails(event: NotificationMailEvent): Promise<void> {
  switch (event.type) {
    case 'urgent.raised':
      return mailOnCall(event);
    case 'message.created':
      return noteAnswer(event);
    case 'answer.unread':
      return mailAnswer(event);
    case 'user.notifications-unread':
      return mailDigest(event);
  }
}
