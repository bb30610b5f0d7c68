import { passwordResetRequestedEvent } from '../shared/contract/events/events.ts';
import { consume } from '../shared/handler/consumer.ts';
import { sendPasswordReset } from '../shared/identity/send-password-reset.ts';

export const handler = consume(passwordResetRequestedEvent, sendPasswordReset);
