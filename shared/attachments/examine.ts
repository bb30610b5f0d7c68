import { attachmentTypes } from '../contract/schemas/attachment.ts';
import { log } from '../runtime/logger.ts';
import type { AttachmentFacts, AttachmentItem } from './attachment-item.ts';
import { shownSize } from './formats/image-rules.ts';
import { inspect, type Rejection } from './inspection-rules.ts';
import { thumbnailOf } from './thumbnail.ts';

export type Examined =
  | {
      readonly kind: 'accepted';
      readonly bytes: Uint8Array;
      readonly facts: Pick<AttachmentFacts, 'width' | 'height' | 'durationMs'>;
      readonly thumbnail: Uint8Array | undefined;
    }
  | { readonly kind: 'rejected'; readonly rejection: Rejection };

/** Looks into an upload: is it what was announced, what is there to say about it, and how does it look in small. */
export async function examine(item: AttachmentItem, uploaded: Uint8Array): Promise<Examined> {
  if (uploaded.length !== item.announcedSize) return { kind: 'rejected', rejection: 'wrong-size' };
  const type = attachmentTypes.find((known) => known === item.contentType);
  if (type === undefined) return { kind: 'rejected', rejection: 'wrong-type' };
  const inspection = inspect(type, uploaded);
  switch (inspection.kind) {
    case 'rejected':
      return inspection;
    case 'sound':
      return accepted(inspection.bytes, { durationMs: inspection.durationMs });
    case 'document':
      return accepted(inspection.bytes, {});
    case 'image': {
      const { bytes, image } = inspection;
      if (!image.decodable) return accepted(bytes, shownSize(image));
      try {
        return accepted(bytes, shownSize(image), await thumbnailOf(type, image));
      } catch (error) {
        // The parts were in order, the picture in them is not: no viewer would show it either.
        log('info', 'attachment.not-decoded', { conversationId: item.conversationId }, error);
        return { kind: 'rejected', rejection: 'wrong-type' };
      }
    }
  }
}

function accepted(
  bytes: Uint8Array,
  facts: Pick<AttachmentFacts, 'width' | 'height' | 'durationMs'>,
  thumbnail?: Uint8Array,
): Examined {
  return { kind: 'accepted', bytes, facts, thumbnail };
}
