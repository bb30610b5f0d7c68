import { ByteReader, bytesOf, DamagedFile, joined, littleEndian32 } from './byte-rules.ts';
import { orientationOf, orientationOnly } from './exif-rules.ts';
import type { CleanImage } from './image-rules.ts';

const neededChunks = new Set(['VP8 ', 'VP8L', 'VP8X', 'ALPH', 'ANIM', 'ANMF', 'ICCP']);
const exifFlag = 0x08;
const xmpFlag = 0x04;
const exifStart = 'Exif\0\0';

/** Reads a WebP file (RFC 9649) and leaves out all metadata but orientation and colour. */
export function readWebp(bytes: Uint8Array): CleanImage {
  const reader = new ByteReader(bytes);
  if (!reader.has('RIFF') || !reader.has('WEBP', 8)) throw new DamagedFile('No WebP');
  const end = 8 + reader.uint32(4, true);
  reader.slice(0, end);
  const chunks: { name: string; content: Uint8Array }[] = [];
  const strange: Uint8Array[] = [];
  let size: { width: number; height: number } | undefined;
  let orientation = 1;
  for (let at = 12; at < end;) {
    const name = reader.text(at, 4);
    const length = reader.uint32(at + 4, true);
    const content = reader.slice(at + 8, at + 8 + length);
    if (name === 'EXIF') orientation = orientationOf(withoutStart(content));
    else if (neededChunks.has(name)) chunks.push({ name, content });
    else if (name !== 'XMP ') strange.push(content);
    const found = sizeOf(name, new ByteReader(content));
    if (found !== undefined && size !== undefined && (found.width > size.width || found.height > size.height)) {
      throw new DamagedFile('The picture is larger than its canvas');
    }
    size ??= found;
    at += 8 + length + (length % 2);
  }
  if (size === undefined || !chunks.some(({ name }) => name !== 'VP8X' && name !== 'ICCP')) {
    throw new DamagedFile('No picture');
  }
  strange.push(bytes.subarray(end));
  const isExtended = chunks[0]?.name === 'VP8X';
  // Without the extended header there is no place for EXIF data; then there were none that counted.
  const turned = isExtended ? orientation : 1;
  const parts = chunks.map(({ name, content }) => chunkOf(name, name === 'VP8X' ? flagged(content, turned) : content));
  if (turned !== 1) parts.push(chunkOf('EXIF', orientationOnly(turned)));
  const body = joined([bytesOf('WEBP'), ...parts]);
  return {
    bytes: joined([bytesOf('RIFF'), littleEndian32(body.length), body]),
    ...{ ...size, orientation: turned, strange },
    decodable: !chunks.some(({ name }) => name === 'ANMF'),
  };
}

function sizeOf(name: string, content: ByteReader): { width: number; height: number } | undefined {
  if (name === 'VP8X') return { width: 1 + content.uint24(4), height: 1 + content.uint24(7) };
  if (name === 'VP8 ') return { width: content.uint16(6, true) & 0x3fff, height: content.uint16(8, true) & 0x3fff };
  if (name !== 'VP8L') return undefined;
  const bits = content.uint32(1, true);
  return { width: 1 + (bits & 0x3fff), height: 1 + ((bits >>> 14) & 0x3fff) };
}

function flagged(header: Uint8Array, orientation: number): Uint8Array {
  const copy = Uint8Array.from(header);
  copy[0] = ((copy[0] ?? 0) & ~exifFlag & ~xmpFlag) | (orientation === 1 ? 0 : exifFlag);
  return copy;
}

/** Some writers put the start of JPEG's EXIF segment before it. */
function withoutStart(content: Uint8Array): Uint8Array {
  return new ByteReader(content).has(exifStart) ? content.subarray(exifStart.length) : content;
}

function chunkOf(name: string, content: Uint8Array): Uint8Array {
  const padding = new Uint8Array(content.length % 2);
  return joined([bytesOf(name), littleEndian32(content.length), content, padding]);
}
