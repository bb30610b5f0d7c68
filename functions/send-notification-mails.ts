import { sendNotificationMailsConsumer } from '../shared/contract/events/consumers.ts';
import { sendNotificationMails } from '../shared/features/notification-mails/send-notification-mails.ts';
import { consume } from '../shared/transport/consumer.ts';

export const handler = consume(sendNotificationMailsConsumer, sendNotificationMails);
