import type { AttachmentType } from '../contract/schemas/attachment.ts';
import { DamagedFile } from './formats/byte-rules.ts';
import {
  checkOffice,
  checkPdf,
  checkText,
  hasMacros,
  holdsMarkup,
  isSomethingElse,
  looksLikePage,
} from './formats/document-rules.ts';
import { readGif } from './formats/gif-rules.ts';
import { type CleanImage, isTooLarge } from './formats/image-rules.ts';
import { readJpeg } from './formats/jpeg-rules.ts';
import { readMp3 } from './formats/mp3-rules.ts';
import { readMp4 } from './formats/mp4-rules.ts';
import { readOgg } from './formats/ogg-rules.ts';
import { readPng } from './formats/png-rules.ts';
import { readWav } from './formats/wav-rules.ts';
import { readWebm } from './formats/webm-rules.ts';
import { readWebp } from './formats/webp-rules.ts';
import { readZip } from './formats/zip-rules.ts';

/** Why a file is not taken. */
export type Rejection = 'wrong-size' | 'wrong-type' | 'too-many-pixels' | 'hides-something' | 'unsafe-archive';

export type Inspection =
  | { readonly kind: 'image'; readonly bytes: Uint8Array; readonly image: CleanImage }
  | { readonly kind: 'sound'; readonly bytes: Uint8Array; readonly durationMs: number }
  | { readonly kind: 'document'; readonly bytes: Uint8Array }
  | { readonly kind: 'rejected'; readonly rejection: Rejection };

type Reader = (bytes: Uint8Array) => Inspection;

const office = 'application/vnd.openxmlformats-officedocument';

const readers: Readonly<Record<AttachmentType, Reader>> = {
  'image/jpeg': image(readJpeg),
  'image/png': image(readPng),
  'image/gif': image(readGif),
  'image/webp': image(readWebp),
  'audio/ogg': sound(readOgg),
  'audio/webm': sound(readWebm),
  'audio/mp4': sound(readMp4),
  'audio/mpeg': sound(readMp3),
  'audio/wav': sound(readWav),
  'application/pdf': document(checkPdf),
  'text/plain': document(checkText),
  'text/csv': document(checkText),
  'application/zip': archive(undefined),
  [`${office}.wordprocessingml.document`]: archive('word/document.xml'),
  [`${office}.spreadsheetml.sheet`]: archive('xl/workbook.xml'),
  [`${office}.presentationml.presentation`]: archive('ppt/presentation.xml'),
};

/** The longest sound that can be meant: a length beyond it is a lie. */
const longestSoundMs = 24 * 60 * 60 * 1000;

/**
 * Looks whether bytes are a file of the type that they are said to be, whole, and nothing else beside it.
 * `bytes` of the answer are what is to be kept: pictures have lost their metadata.
 */
export function inspect(type: AttachmentType, bytes: Uint8Array): Inspection {
  try {
    return readers[type](bytes);
  } catch (error) {
    if (error instanceof DamagedFile) return rejected('wrong-type');
    throw error;
  }
}

function image(read: (bytes: Uint8Array) => CleanImage): Reader {
  return (bytes) => {
    const clean = read(bytes);
    if (isTooLarge(clean.width, clean.height)) return rejected('too-many-pixels');
    // A GIF whose width reads as `/*` opens a comment of JavaScript.
    const opensComment = bytes[0] === 0x47 && bytes[6] === 0x2f && bytes[7] === 0x2a;
    if (opensComment || isSomethingElse(clean.strange) || holdsMarkup(clean.bytes)) return rejected('hides-something');
    return { kind: 'image', bytes: clean.bytes, image: clean };
  };
}

function sound(read: (bytes: Uint8Array) => number): Reader {
  return (bytes) => {
    const durationMs = read(bytes);
    if (!(durationMs >= 0 && durationMs <= longestSoundMs)) return rejected('wrong-type');
    return holdsMarkup(bytes) ? rejected('hides-something') : { kind: 'sound', bytes, durationMs };
  };
}

function document(check: (bytes: Uint8Array) => void): Reader {
  return (bytes) => {
    check(bytes);
    return looksLikePage(bytes) ? rejected('hides-something') : { kind: 'document', bytes };
  };
}

function archive(mainPart: string | undefined): Reader {
  return (bytes) => {
    const { names, isUnsafe } = readZip(bytes);
    if (mainPart !== undefined) checkOffice(names, mainPart);
    return isUnsafe || hasMacros(names) ? rejected('unsafe-archive') : { kind: 'document', bytes };
  };
}

function rejected(rejection: Rejection): Inspection {
  return { kind: 'rejected', rejection };
}
