import { ByteReader, DamagedFile, joined } from './byte-rules.ts';
import type { CleanImage } from './image-rules.ts';

const extension = 0x21;
const image = 0x2c;
const trailer = 0x3b;
const graphicControl = 0xf9;
const application = 0xff;
/** Applications that say how often and how an animation is repeated. */
const neededApplications = ['NETSCAPE2.0', 'ANIMEXTS1.0'];

/** Reads a GIF file (CompuServe, GIF89a) and leaves out comments, texts and what applications added. */
export function readGif(bytes: Uint8Array): CleanImage {
  const reader = new ByteReader(bytes);
  if (!reader.has('GIF87a') && !reader.has('GIF89a')) throw new DamagedFile('No GIF');
  const width = reader.uint16(6, true);
  const height = reader.uint16(8, true);
  if (width === 0 || height === 0) throw new DamagedFile('No picture');
  let at = 13 + colourTable(reader.byte(10));
  const kept = [reader.slice(0, at)];
  const strange: Uint8Array[] = [];
  let hasImage = false;
  for (let kind = reader.byte(at); kind !== trailer; kind = reader.byte(at)) {
    if (kind === image) {
      const data = at + 10 + colourTable(reader.byte(at + 9)) + 1;
      const end = endOfBlocks(reader, data);
      kept.push(reader.slice(at, end));
      hasImage = true;
      at = end;
    } else if (kind === extension) {
      const end = endOfBlocks(reader, at + 2);
      const label = reader.byte(at + 1);
      const isNeeded =
        label === graphicControl ||
        (label === application && neededApplications.some((name) => reader.has(name, at + 3)));
      (isNeeded ? kept : strange).push(reader.slice(at, end));
      at = end;
    } else {
      throw new DamagedFile('An unknown block');
    }
  }
  if (!hasImage) throw new DamagedFile('No picture');
  strange.push(bytes.subarray(at + 1));
  return {
    bytes: joined([...kept, Uint8Array.of(trailer)]),
    ...{ width, height, orientation: 1, strange, decodable: true },
  };
}

/** Bytes of the colour table that follows, by the flags before it. */
function colourTable(flags: number): number {
  return flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0;
}

/** After the empty block that ends a chain of blocks. */
function endOfBlocks(reader: ByteReader, start: number): number {
  let at = start;
  for (let length = reader.byte(at); length !== 0; length = reader.byte(at)) at += length + 1;
  return at + 1;
}
