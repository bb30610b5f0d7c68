import { sweepAttachmentsConsumer } from '../shared/contract/events/consumers.ts';
import { consume } from '../shared/transport/consumer.ts';
import { sweepAttachments } from '../shared/features/attachments/sweep-attachments.ts';

export const handler = consume(sweepAttachmentsConsumer, sweepAttachments);
