import type { AttachmentType } from '../../../contract/schemas/attachment-types.ts';
import { ByteReader } from './byte-rules.ts';

/** Regardless of name and announced type. */
export interface FoundType {
  readonly words: string;
  /** Undefined if such files cannot be sent. */
  readonly type?: AttachmentType;
}

interface Signature extends FoundType {
  readonly start: string;
  readonly and?: readonly [at: number, text: string];
}

const signatures: readonly Signature[] = [
  { start: '\xff\xd8\xff', words: 'a JPEG picture', type: 'image/jpeg' },
  { start: '\x89PNG\r\n\x1a\n', words: 'a PNG picture', type: 'image/png' },
  { start: 'GIF8', words: 'a GIF picture', type: 'image/gif' },
  { start: 'RIFF', and: [8, 'WEBP'], words: 'a WebP picture', type: 'image/webp' },
  { start: 'RIFF', and: [8, 'WAVE'], words: 'a WAV sound', type: 'audio/wav' },
  { start: 'RF64', and: [8, 'WAVE'], words: 'a WAV sound', type: 'audio/wav' },
  { start: 'RIFF', and: [8, 'AVI '], words: 'an AVI video' },
  { start: 'OggS', words: 'an Ogg sound', type: 'audio/ogg' },
  { start: '\x1aE\xdf\xa3', words: 'a WebM or Matroska file', type: 'audio/webm' },
  { start: 'ID3', words: 'an MP3 sound', type: 'audio/mpeg' },
  { start: 'fLaC', words: 'a FLAC sound' },
  { start: '#!AMR', words: 'an AMR sound' },
  { start: 'caff', words: 'a CAF sound' },
  { start: 'FORM', and: [8, 'AIF'], words: 'an AIFF sound' },
  { start: '%PDF-', words: 'a PDF document', type: 'application/pdf' },
  { start: 'PK\x03\x04', words: 'a ZIP archive', type: 'application/zip' },
  { start: 'PK\x05\x06', words: 'a ZIP archive', type: 'application/zip' },
  { start: '\xd0\xcf\x11\xe0', words: 'an Office document of the old kind (.doc, .xls, .ppt)' },
  { start: 'II*\0', words: 'a TIFF or raw picture' },
  { start: 'MM\0*', words: 'a TIFF or raw picture' },
  { start: 'BM', and: [6, '\0\0\0\0'], words: 'a BMP picture' },
  { start: '\0\0\x01\0', words: 'an icon' },
  { start: '8BPS', words: 'a Photoshop picture' },
  { start: '\xff\x0a', words: 'a JPEG XL picture' },
  { start: '\0\0\0\x0cJXL ', words: 'a JPEG XL picture' },
  { start: '{\\rtf', words: 'an RTF document' },
  { start: 'Rar!', words: 'a RAR archive' },
  { start: '7z\xbc\xaf\x27\x1c', words: 'a 7z archive' },
  { start: '\x1f\x8b', words: 'a gzip archive' },
  { start: 'BZh', words: 'a bzip2 archive' },
  { start: '\xfd7zXZ', words: 'an xz archive' },
  { start: 'MZ', words: 'a Windows program' },
  { start: '\x7fELF', words: 'a program' },
];
/** ISO 14496-12, 4.3. */
const brands: readonly (readonly [RegExp, FoundType])[] = [
  [/^(heic|heix|hevc|heim|heis|mif1|msf1)/, { words: 'a HEIC picture' }],
  [/^avi[fs]/, { words: 'an AVIF picture' }],
  [/^qt /, { words: 'a QuickTime video' }],
  [/^3g/, { words: 'a 3GPP recording', type: 'audio/mp4' }],
  [/./s, { words: 'an MP4 file', type: 'audio/mp4' }],
];

/** Undefined for an unknown type. */
export function foundType(bytes: Uint8Array): FoundType | undefined {
  const reader = new ByteReader(bytes);
  if (reader.has('ftyp', 4))
    return brands.find(([brand]) => brand.test(reader.text(8, Math.min(4, bytes.length - 8))))?.[1];
  const signature = signatures.find(
    ({ start, and }) => reader.has(start) && (and === undefined || reader.has(and[1], and[0])),
  );
  if (signature !== undefined) return signature;
  // MPEG audio: layer III is MP3, and no layer is AAC.
  if (bytes[0] !== 0xff || ((bytes[1] ?? 0) & 0xe0) !== 0xe0) return undefined;
  const layer = ((bytes[1] ?? 0) >> 1) & 3;
  if (layer === 1) return { words: 'an MP3 sound', type: 'audio/mpeg' };
  return layer === 0 ? { words: 'an AAC sound without a container' } : undefined;
}
