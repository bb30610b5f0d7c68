import { recordFeedback } from '../shared/features/mail/record-feedback.ts';
import { consumeQueue } from '../shared/transport/consumer.ts';

export const handler = consumeQueue('mail feedback', ({ body }) => recordFeedback(JSON.parse(body)));
