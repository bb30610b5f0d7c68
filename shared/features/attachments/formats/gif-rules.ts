import { ByteReader, bytesOf, DamagedFile, FileEnds, joined, partCounter } from './byte-rules.ts';
import { checkSize, type CleanImage, drawnPixels } from './image-rules.ts';
import { endOfCodes } from './gif-lzw-rules.ts';

const extension = 0x21;
const image = 0x2c;
const trailer = 0x3b;
const graphicControl = 0xf9;
const application = 0xff;
const repeating = ['NETSCAPE2.0', 'ANIMEXTS1.0'];

interface Frame {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Rebuilds a GIF file (CompuServe, GIF89a) from its frames, their timing and its repetition. */
export function readGif(bytes: Uint8Array): CleanImage {
  const reader = new ByteReader(bytes);
  if (!reader.has('GIF87a') && !reader.has('GIF89a')) throw new DamagedFile('its signature is missing');
  const countPart = partCounter();
  const draw = drawnPixels();
  let size: { readonly width: number; readonly height: number } | undefined;
  let at = 13 + colourTable(reader.byte(10));
  const kept: Uint8Array[] = [reader.slice(13, at)];
  try {
    for (let kind = reader.byte(at); kind !== trailer; kind = reader.byte(at)) {
      countPart();
      if (kind === image) {
        const frame = frameAt(reader, at + 1);
        // Browsers enlarge the canvas for a larger first frame.
        size ??= {
          width: Math.max(reader.uint16(6, true), frame.left + frame.width),
          height: Math.max(reader.uint16(8, true), frame.top + frame.height),
        };
        checkSize(size.width, size.height);
        checkSize(frame.width, frame.height);
        draw(frame.width * frame.height);
        const data = at + 10 + colourTable(reader.byte(at + 9));
        const head = reader.slice(at, data + 1);
        const end = endOfBlocks(reader, data + 1);
        const codes = codesOf(reader, data + 1, end);
        kept.push(head, ...blocksOf(endOfCodes(codes, reader.byte(data), frame.width * frame.height)));
        at = end;
      } else if (kind === extension) {
        const end = endOfBlocks(reader, at + 2);
        kept.push(neededExtension(reader, at, end));
        at = end;
      } else throw new DamagedFile('it contains an unknown kind of block');
    }
  } catch (error) {
    // Some programs omit the last byte.
    if (!(error instanceof FileEnds && at === reader.length)) throw error;
  }
  if (size === undefined) throw new DamagedFile('it contains no picture');
  return {
    bytes: joined([header(reader, size), ...kept, Uint8Array.of(trailer)]),
    ...{ ...size, orientation: 1, decodable: true },
  };
}

function header(reader: ByteReader, { width, height }: { width: number; height: number }): Uint8Array {
  const sides = [width, height].flatMap((side) => [side & 255, side >> 8]);
  return joined([bytesOf('GIF89a'), Uint8Array.from(sides), reader.slice(10, 13)]);
}

function frameAt(reader: ByteReader, at: number): Frame {
  const [left, top, width, height] = [0, 2, 4, 6].map((offset) => reader.uint16(at + offset, true));
  if (!width || !height) throw new DamagedFile('a frame has no size');
  return { left: left ?? 0, top: top ?? 0, width, height };
}

/** Empty for other extensions. */
function neededExtension(reader: ByteReader, at: number, end: number): Uint8Array {
  const label = reader.byte(at + 1);
  if (label === graphicControl && reader.byte(at + 2) === 4) {
    return joined([reader.slice(at, at + 7), Uint8Array.of(0)]);
  }
  const repeats =
    label === application && reader.byte(at + 2) === 11 && repeating.some((name) => reader.has(name, at + 3));
  if (!repeats || end < at + 19 || reader.byte(at + 14) !== 3 || reader.byte(at + 15) !== 1) return new Uint8Array(0);
  return joined([reader.slice(at, at + 18), Uint8Array.of(0)]);
}

/** 0 without a table. */
export function colourTable(flags: number): number {
  return flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0;
}

/** The offset after the empty block that ends a chain. */
export function endOfBlocks({ bytes }: ByteReader, start: number): number {
  let at = start;
  for (let length = bytes[at]; length !== 0; length = bytes[at]) {
    if (length === undefined) throw new FileEnds();
    at += length + 1;
  }
  return at + 1;
}

export function codesOf({ bytes }: ByteReader, start: number, end: number): Uint8Array {
  const codes = new Uint8Array(end - start);
  let length = 0;
  for (let at = start; at < end - 1; at += (bytes[at] ?? 0) + 1) {
    const block = bytes.subarray(at + 1, at + 1 + (bytes[at] ?? 0));
    codes.set(block, length);
    length += block.length;
  }
  return codes.subarray(0, length);
}

function blocksOf(data: Uint8Array): readonly Uint8Array[] {
  const longest = 255;
  const chain = new Uint8Array(data.length + Math.ceil(data.length / longest) + 1);
  let to = 0;
  for (let at = 0; at < data.length; at += longest) {
    const block = data.subarray(at, at + longest);
    chain[to] = block.length;
    chain.set(block, to + 1);
    to += block.length + 1;
  }
  return [chain];
}
