import { sweepAttachments } from '../shared/features/attachments/sweep-attachments.ts';
import { attachmentDiscardedEvent } from '../shared/contract/events/events.ts';
import { consume } from '../shared/transport/consumer.ts';

export const handler = consume(attachmentDiscardedEvent, sweepAttachments);
