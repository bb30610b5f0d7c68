import { sendMailConsumer } from '../shared/contract/events/consumers.ts';
import { consume } from '../shared/transport/consumer.ts';
import { sendAccountMail } from '../shared/features/identity/send-account-mail.ts';

export const handler = consume(sendMailConsumer, sendAccountMail);
