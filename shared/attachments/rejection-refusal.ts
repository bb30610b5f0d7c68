import { attachmentRejected } from '../contract/attachments/problems.ts';
import { type Refusal, refuse } from '../handler/refusal.ts';
import type { AttachmentItem } from './attachment-item.ts';
import type { Rejection } from './inspection-rules.ts';

const reasons: Readonly<Record<Rejection, string>> = {
  'wrong-size': 'It has another size than was announced.',
  'wrong-type': 'It is no whole file of the type that was announced.',
  'too-many-pixels': 'The picture has more than 50 million pixels, or a side of more than 16,384.',
  'hides-something': 'It holds something that does not belong into a file of this type.',
  'unsafe-archive':
    'The archive is not safe to unpack: too many or too large files, archives, links, programs or paths out of its folder.',
};

/** Says again why an attachment was not taken. */
export function refuseRejected({ rejection }: AttachmentItem): Refusal<typeof attachmentRejected> {
  return refuse(attachmentRejected, rejection === undefined ? {} : { detail: reasons[rejection] });
}
