import { attachmentRejected } from '../../contract/attachments/problems.ts';
import { type Refusal, refuse } from '../../core/refusal.ts';
import type { AttachmentItem } from './attachment-item.ts';

export function refuseRejected({ rejectionDetail }: AttachmentItem): Refusal<typeof attachmentRejected> {
  return refuse(attachmentRejected, rejectionDetail === undefined ? {} : { detail: rejectionDetail });
}
