import {
  emailVerificationRequestedEvent,
  passwordChangedEvent,
  passwordResetRequestedEvent,
} from '../shared/contract/events/events.ts';
import { consumeAll } from '../shared/transport/consumer.ts';
import { sendAccountMail } from '../shared/features/identity/send-account-mail.ts';

export const handler = consumeAll(
  [passwordResetRequestedEvent, emailVerificationRequestedEvent, passwordChangedEvent],
  sendAccountMail,
);
