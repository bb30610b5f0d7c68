import { bigEndian32, ByteReader, bytesOf, DamagedFile, joined } from './byte-rules.ts';
import { orientationOf, orientationOnly } from './exif-rules.ts';
import type { CleanImage } from './image-rules.ts';

export const pngSignature = '\x89PNG\r\n\x1a\n';

/** Chunks that make the picture, or say how its colours are meant. Texts, times and EXIF data are not among them. */
const neededChunks = new Set(
  'IHDR PLTE IDAT IEND tRNS cHRM gAMA iCCP sBIT sRGB cICP bKGD pHYs acTL fcTL fdAT'.split(' '),
);

/** Reads a PNG file (W3C Portable Network Graphics, third edition) and leaves out all metadata but orientation and colour. */
export function readPng(bytes: Uint8Array): CleanImage {
  const reader = new ByteReader(bytes);
  if (!reader.has(pngSignature) || !reader.has('IHDR', 12)) throw new DamagedFile('No PNG');
  const width = reader.uint32(16);
  const height = reader.uint32(20);
  if (width === 0 || height === 0) throw new DamagedFile('No picture');
  const kept: Uint8Array[] = [];
  const strange: Uint8Array[] = [];
  let orientation = 1;
  let hasData = false;
  let at = pngSignature.length;
  for (let isLast = false; !isLast;) {
    const end = at + 12 + reader.uint32(at);
    const name = reader.text(at + 4, 4);
    const chunk = reader.slice(at, end);
    if (name === 'IHDR' && at !== pngSignature.length) throw new DamagedFile('There are two headers');
    if (name === 'eXIf') orientation = orientationOf(chunk.subarray(8, -4));
    else if (neededChunks.has(name)) kept.push(chunk);
    else strange.push(chunk);
    hasData ||= name === 'IDAT';
    isLast = name === 'IEND';
    at = end;
  }
  if (!hasData) throw new DamagedFile('No picture');
  strange.push(bytes.subarray(at));
  const [header, ...others] = kept;
  return {
    bytes: joined([
      bytesOf(pngSignature),
      ...(header === undefined ? [] : [header]),
      ...(orientation === 1 ? [] : [exifChunk(orientation)]),
      ...others,
    ]),
    ...{ width, height, orientation, strange },
    decodable: true,
  };
}

function exifChunk(orientation: number): Uint8Array {
  const content = orientationOnly(orientation);
  const checked = joined([bytesOf('eXIf'), content]);
  return joined([bigEndian32(content.length), checked, bigEndian32(crc32(checked))]);
}

/** The check of a chunk: PNG, annex D. */
export function crc32(bytes: Uint8Array): number {
  let remainder = 0xffffffff;
  for (const byte of bytes) {
    remainder ^= byte;
    for (let bit = 0; bit < 8; bit += 1) remainder = (remainder >>> 1) ^ (remainder & 1 ? 0xedb88320 : 0);
  }
  return ~remainder >>> 0;
}
