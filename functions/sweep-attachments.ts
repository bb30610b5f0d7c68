import { sweepAttachments } from '../shared/attachments/sweep-attachments.ts';
import { attachmentDiscardedEvent } from '../shared/contract/events/events.ts';
import { consume } from '../shared/handler/consumer.ts';

export const handler = consume(attachmentDiscardedEvent, sweepAttachments);
