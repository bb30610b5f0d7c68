import {
  emailVerificationRequestedEvent,
  passwordChangedEvent,
  passwordResetRequestedEvent,
} from '../shared/contract/events/events.ts';
import { consumeAll } from '../shared/handler/consumer.ts';
import { sendAccountMail } from '../shared/identity/send-account-mail.ts';

export const handler = consumeAll(
  [passwordResetRequestedEvent, emailVerificationRequestedEvent, passwordChangedEvent],
  sendAccountMail,
);
