import { log } from '../../core/runtime/logger.ts';
import type { FileProperties, AttachmentItem } from './attachment-item.ts';
import { shownSize } from './formats/image-rules.ts';
import { inspect, type Rejected } from './inspection-rules.ts';
import { thumbnailOf } from './thumbnail.ts';

type FoundProperties = Omit<FileProperties, 'digest' | 'size' | 'hasThumbnail'>;

export interface Accepted {
  readonly kind: 'accepted';
  readonly bytes: Uint8Array;
  readonly properties: FoundProperties;
  readonly thumbnail: Uint8Array | undefined;
}

/** Checks an upload against its announcement and creates its thumbnail. */
export async function examine(item: AttachmentItem, uploaded: Uint8Array): Promise<Accepted | Rejected> {
  const { announcedSize, contentType: announced } = item;
  if (uploaded.length !== announcedSize) {
    const detail = `It was announced with ${announcedSize} bytes, but has ${uploaded.length}. Upload it again.`;
    return { kind: 'rejected', rejection: 'wrong-size', detail };
  }
  const inspection = await inspect(announced, uploaded);
  if (inspection.kind === 'rejected') return inspection;
  const { bytes, type } = inspection;
  const typeProperty = type === announced ? {} : { contentType: type };
  switch (inspection.kind) {
    case 'sound':
      return accepted(bytes, { ...typeProperty, durationMs: inspection.durationMs });
    case 'document': {
      const { charset } = inspection;
      return accepted(bytes, charset === undefined ? typeProperty : { ...typeProperty, charset });
    }
    case 'image': {
      const properties = { ...typeProperty, ...shownSize(inspection.image) };
      if (!inspection.image.decodable) return accepted(bytes, properties);
      try {
        return accepted(bytes, properties, await thumbnailOf(type, inspection.image));
      } catch (error) {
        // The parts are valid, but no viewer can decode the picture.
        log('info', 'attachment.not-decoded', { conversationId: item.conversationId }, error);
        const detail = `Its picture of type ${type} cannot be decoded. Send the original, or save it again.`;
        return { kind: 'rejected', rejection: 'damaged', detail };
      }
    }
  }
}

function accepted(bytes: Uint8Array, properties: FoundProperties, thumbnail?: Uint8Array): Accepted {
  return { kind: 'accepted', bytes, properties, thumbnail };
}
