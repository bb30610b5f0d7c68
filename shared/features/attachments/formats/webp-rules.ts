import { ByteReader, DamagedFile, joined, partCounter } from './byte-rules.ts';
import { cleanProfile } from './colour-profile-rules.ts';
import { orientationOf, orientationOnly } from './exif-rules.ts';
import { checkSize, type CleanImage, drawnPixels } from './image-rules.ts';
import { riffChunk, riffFile } from './riff-rules.ts';

const flag = { profile: 0x20, alpha: 0x10, exif: 0x08, animation: 0x02 } as const;
const exifStart = 'Exif\0\0';

interface Chunk {
  readonly name: string;
  readonly content: ByteReader;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Rebuilds a WebP file (RFC 9649). Keeps a picture's compressed data, because only a decoder can find their end. */
export function readWebp(bytes: Uint8Array): CleanImage {
  const reader = new ByteReader(bytes);
  if (!reader.has('RIFF') || !reader.has('WEBP', 8)) throw new DamagedFile('its signature is missing');
  const chunks = chunksOf(new ByteReader(reader.slice(12, 8 + reader.uint32(4, true))), partCounter());
  const [first] = chunks;
  if (first?.name !== 'VP8X') {
    const { size, parts } = pictureOf(chunks);
    return { bytes: riffFile('WEBP', parts), ...size, orientation: 1, decodable: true };
  }
  const canvas = { width: 1 + first.content.uint24(4), height: 1 + first.content.uint24(7) };
  checkSize(canvas.width, canvas.height);
  const frames = chunks.filter(({ name }) => name === 'ANMF');
  const parts = frames.length > 0 ? animation(chunks, frames, canvas) : still(chunks, canvas);
  const exif = chunks.find(({ name }) => name === 'EXIF');
  const orientation = exif === undefined ? 1 : orientationOf(withoutStart(exif.content));
  const profileChunk = chunks.find(({ name }) => name === 'ICCP');
  const profile = profileChunk && cleanProfile(profileChunk.content.bytes, 3);
  const flags =
    (profile === undefined ? 0 : flag.profile) |
    (first.content.byte(0) & flag.alpha) |
    (orientation === 1 ? 0 : flag.exif) |
    (frames.length > 0 ? flag.animation : 0);
  const head = joined([Uint8Array.of(flags, 0, 0, 0), first.content.slice(4, 10)]);
  return {
    bytes: riffFile('WEBP', [
      riffChunk('VP8X', head),
      ...(profile === undefined ? [] : [riffChunk('ICCP', profile)]),
      ...parts,
      ...(orientation === 1 ? [] : [riffChunk('EXIF', orientationOnly(orientation))]),
    ]),
    ...{ ...canvas, orientation },
    // The decoder does not support animations.
    decodable: frames.length === 0,
  };
}

function chunksOf(reader: ByteReader, countPart: () => void): readonly Chunk[] {
  const chunks: Chunk[] = [];
  for (let at = 0; at + 8 <= reader.length;) {
    countPart();
    const end = at + 8 + reader.uint32(at + 4, true);
    chunks.push({ name: reader.text(at, 4), content: new ByteReader(reader.slice(at + 8, end)) });
    at = end + (end % 2);
  }
  return chunks;
}

function still(chunks: readonly Chunk[], canvas: Size): readonly Uint8Array[] {
  const { size, parts } = pictureOf(chunks);
  if (size.width !== canvas.width || size.height !== canvas.height) throw new DamagedFile('its sizes differ');
  return parts;
}

function pictureOf(chunks: readonly Chunk[]): { readonly size: Size; readonly parts: readonly Uint8Array[] } {
  const picture = chunks.find(({ name }) => name === 'VP8 ' || name === 'VP8L');
  if (picture === undefined) throw new DamagedFile('it contains no picture');
  const size = picture.name === 'VP8 ' ? sizeOfLossy(picture.content) : sizeOfLossless(picture.content);
  checkSize(size.width, size.height);
  const alpha = picture.name === 'VP8 ' ? chunks.find(({ name }) => name === 'ALPH') : undefined;
  return { size, parts: [alpha, picture].flatMap((each) => (each ? [riffChunk(each.name, each.content.bytes)] : [])) };
}

/** RFC 6386, 9.1. */
function sizeOfLossy(content: ByteReader): Size {
  const tag = content.uint24(0);
  const size = { width: content.uint16(6, true) & 0x3fff, height: content.uint16(8, true) & 0x3fff };
  const isKeyFrame = (tag & 1) === 0 && content.has('\x9d\x01\x2a', 3);
  if (!isKeyFrame || 10 + (tag >> 5) > content.length || size.width === 0 || size.height === 0) {
    throw new DamagedFile('its picture has no header');
  }
  return size;
}

function sizeOfLossless(content: ByteReader): Size {
  const bits = content.uint32(1, true);
  if (content.byte(0) !== 0x2f || bits >>> 29 !== 0) throw new DamagedFile('its picture has no header');
  return { width: 1 + (bits & 0x3fff), height: 1 + ((bits >>> 14) & 0x3fff) };
}

function animation(chunks: readonly Chunk[], frames: readonly Chunk[], canvas: Size): readonly Uint8Array[] {
  const control = chunks.find(({ name }) => name === 'ANIM');
  if (control === undefined) throw new DamagedFile('its animation has no header');
  const draw = drawnPixels();
  const countPart = partCounter();
  return [
    riffChunk('ANIM', control.content.slice(0, 6)),
    ...frames.map(({ content }) => {
      const left = 2 * content.uint24(0);
      const top = 2 * content.uint24(3);
      const { size, parts } = pictureOf(chunksOf(new ByteReader(content.slice(16, content.length)), countPart));
      const isSame = size.width === 1 + content.uint24(6) && size.height === 1 + content.uint24(9);
      if (!isSame || left + size.width > canvas.width || top + size.height > canvas.height) {
        throw new DamagedFile('a frame extends beyond the picture');
      }
      draw(size.width * size.height);
      // The upper bits are reserved.
      return riffChunk('ANMF', joined([content.slice(0, 15), Uint8Array.of(content.byte(15) & 3), ...parts]));
    }),
  ];
}

/** Some writers add the start of JPEG's EXIF segment. */
function withoutStart(content: ByteReader): Uint8Array {
  return content.has(exifStart) ? content.bytes.subarray(exifStart.length) : content.bytes;
}
