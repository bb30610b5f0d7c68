import type { AttachmentType } from '../../contract/schemas/attachment-types.ts';
import { bytesOf, DamagedFile, TooComplexFile } from './formats/byte-rules.ts';
import { type Charset, charsetOf, officeTypeOf, officeTypes, readPdf } from './formats/document-rules.ts';
import { foundType } from './formats/found-type-rules.ts';
import { readGif } from './formats/gif-rules.ts';
import { type CleanImage, longestSide, mostPixels, TooManyPixels } from './formats/image-rules.ts';
import { readJpeg } from './formats/jpeg-rules.ts';
import { readMp3 } from './formats/mp3-rules.ts';
import { readMp4 } from './formats/mp4-rules.ts';
import { readOgg } from './formats/ogg-rules.ts';
import { readPng } from './formats/png-rules.ts';
import type { CleanSound } from './formats/sound-rules.ts';
import { readWav } from './formats/wav-rules.ts';
import { readWebm } from './formats/webm-rules.ts';
import { readWebp } from './formats/webp-rules.ts';
import { endsAsArchive, readZip, UnsafeArchive } from './formats/zip-rules.ts';

export type Rejection =
  | 'wrong-size'
  | 'wrong-type'
  | 'damaged'
  | 'too-many-pixels'
  | 'too-complex'
  | 'hides-something'
  | 'unsafe-archive'
  | 'not-examined';

export interface Rejected {
  readonly kind: 'rejected';
  readonly rejection: Rejection;
  /** For users: the failed rule, the data found and a remedy. */
  readonly detail: string;
}

/** `type` is the real type. */
export type Inspection =
  | { readonly kind: 'image'; readonly type: AttachmentType; readonly bytes: Uint8Array; readonly image: CleanImage }
  | { readonly kind: 'sound'; readonly type: AttachmentType; readonly bytes: Uint8Array; readonly durationMs: number }
  | { readonly kind: 'document'; readonly type: AttachmentType; readonly bytes: Uint8Array; readonly charset?: Charset }
  | Rejected;

const images = { 'image/jpeg': readJpeg, 'image/png': readPng, 'image/gif': readGif, 'image/webp': readWebp } as const;
const sounds = {
  'audio/ogg': readOgg,
  'audio/webm': readWebm,
  'audio/mp4': readMp4,
  'audio/mpeg': readMp3,
  'audio/wav': readWav,
} as const;

/** A greater length is wrong. */
const longestSoundMs = 24 * 60 * 60 * 1000;

/**
 * Accepts pictures and sounds as the type of their bytes and rebuilds them. All work is proportional to the file's
 * length or limited.
 */
export async function inspect(announced: AttachmentType, bytes: Uint8Array): Promise<Inspection> {
  if (isText(announced)) return textOf(announced, bytes);
  const type = typeOf(announced, bytes);
  if (typeof type === 'object') return type;
  try {
    return await examined(type, bytes);
  } catch (error) {
    return rejectionOf(type, error);
  }
}

function isText(type: AttachmentType): type is 'text/plain' | 'text/csv' {
  return type === 'text/plain' || type === 'text/csv';
}

/** Accepts any text, even `MZ` or `<html>`, because users receive it as text with a text file's extension. */
function textOf(type: AttachmentType, bytes: Uint8Array): Inspection {
  try {
    return { kind: 'document', type, bytes, charset: charsetOf(bytes) };
  } catch (error) {
    const found = typeOf(type, bytes);
    return typeof found === 'object' ? found : rejectionOf(type, error);
  }
}

function typeOf(announced: AttachmentType, bytes: Uint8Array): AttachmentType | Rejected {
  const found = foundType(bytes);
  const isArchive = announced === 'application/zip' || isOffice(announced);
  if (found?.type === announced || (isArchive && found?.type === 'application/zip')) return announced;
  if (found === undefined) return announced;
  if (found.type !== undefined && familyOf(found.type) === familyOf(announced)) return found.type;
  const advice =
    found.type === undefined
      ? 'Files of this type cannot be sent: save it as another type.'
      : `Announce it as ${found.type}.`;
  return rejected('wrong-type', `It was announced as ${announced}, but it is ${found.words}. ${advice}`);
}

function familyOf(type: AttachmentType): string {
  return type in images ? 'image' : type in sounds ? 'sound' : type;
}

function isOffice(type: AttachmentType): boolean {
  return officeTypes.some((known) => known === type);
}

async function examined(type: AttachmentType, bytes: Uint8Array): Promise<Inspection> {
  if (type in images) return imageOf(type, await images[type as keyof typeof images](bytes));
  if (type in sounds) return soundOf(type, sounds[type as keyof typeof sounds](bytes));
  if (type === 'application/pdf') return alone({ kind: 'document', type, bytes: readPdf(bytes) });
  const entries = await readZip(bytes);
  const office = officeTypeOf(bytes, entries);
  if (!isOffice(type)) return { kind: 'document', type, bytes };
  if (office === undefined) {
    const detail = 'It is an archive, but no Word, Excel or PowerPoint document. Announce it as application/zip.';
    return rejected('wrong-type', detail);
  }
  return { kind: 'document', type: office, bytes };
}

function imageOf(type: AttachmentType, image: CleanImage): Inspection {
  return alone({ kind: 'image', type, bytes: image.bytes, image });
}

function soundOf(type: AttachmentType, { bytes, durationMs }: CleanSound): Inspection {
  if (!(durationMs <= longestSoundMs)) throw new DamagedFile('its length is more than 24 hours');
  return alone({ kind: 'sound', type, bytes, durationMs });
}

/** Rejects files that other programs could read as another type. */
function alone(inspection: Exclude<Inspection, Rejected>): Inspection {
  const isPage = inspection.kind !== 'document' && holdsMarkup(inspection.bytes);
  const hidden = isPage ? 'a web page' : endsAsArchive(inspection.bytes) ? 'an archive' : undefined;
  if (hidden === undefined) return inspection;
  return rejected(
    'hides-something',
    `Some programs would read its data as ${hidden}. Save it again with another program, and send the new file.`,
  );
}

/** Old browsers searched for these words. By chance, fewer than one in 10^9 files matches. */
function holdsMarkup(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; at += 1) {
    if (bytes[at] === 0x3c && markup.some((start) => startsThere(bytes, at, start))) return true;
  }
  return false;
}

const markup = ['<script', '<!doctype'].map(bytesOf);

/** Creates no strings, because there may be millions of matches. Upper case differs from lower case by one bit. */
function startsThere(bytes: Uint8Array, at: number, start: Uint8Array): boolean {
  for (let index = 0; index < start.length; index += 1) {
    if (((bytes[at + index] ?? 0) | 0x20) !== ((start[index] ?? 0) | 0x20)) return false;
  }
  return true;
}

function rejectionOf(type: AttachmentType, error: unknown): Rejected {
  if (error instanceof DamagedFile) {
    return rejected(
      'damaged',
      `It is not a complete file of type ${type}: ${error.message}. Send the original, or open it, save it again and send the new file.`,
    );
  }
  if (error instanceof TooManyPixels) {
    return rejected(
      'too-many-pixels',
      `The picture has ${error.message}; at most ${mostPixels / 1_000_000} million, and ${longestSide} per side, are allowed. Send a smaller one.`,
    );
  }
  if (error instanceof TooComplexFile) {
    return rejected('too-complex', `The file is too complex: ${error.message}. Save it in a simpler form.`);
  }
  if (error instanceof UnsafeArchive) {
    return rejected(
      'unsafe-archive',
      `The archive is not safe to unpack: ${error.message}. Send its files individually.`,
    );
  }
  throw error;
}

function rejected(rejection: Rejection, detail: string): Rejected {
  return { kind: 'rejected', rejection, detail };
}
