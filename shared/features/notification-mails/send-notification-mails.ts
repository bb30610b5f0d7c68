import type { sendNotificationMailsConsumer } from '../../contract/events/consumers.ts';
import type { ConsumedEvent } from '../../transport/consumer.ts';
import { mailOnCall } from './mail-on-call.ts';

export type NotificationMailEvent = ConsumedEvent<(typeof sendNotificationMailsConsumer.events)[number]>;

export async function sendNotificationMails(event: NotificationMailEvent): Promise<void> {
  switch (event.type) {
    case 'urgent.raised':
      return mailOnCall(event);
  }
}
