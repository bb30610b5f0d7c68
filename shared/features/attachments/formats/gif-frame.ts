import type { Pixels } from '../thumbnail-rules.ts';
import { ByteReader } from './byte-rules.ts';
import { codesOf, colourTable, endOfBlocks } from './gif-rules.ts';
import { pixelsOf } from './gif-lzw-rules.ts';

const headLength = 13;
const interlacePasses = [
  [0, 8],
  [4, 8],
  [2, 4],
  [1, 2],
] as const;

/** Only for a GIF that `readGif` rebuilt. */
export function firstFrame(bytes: Uint8Array): Pixels {
  const reader = new ByteReader(bytes);
  const [width, height] = [reader.uint16(6, true), reader.uint16(8, true)];
  let at = headLength + colourTable(reader.byte(10));
  let transparent = -1;
  for (; reader.byte(at) === 0x21; at = endOfBlocks(reader, at + 2)) {
    const isControl = reader.byte(at + 1) === 0xf9;
    if (isControl && reader.byte(at + 3) & 1) transparent = reader.byte(at + 6);
  }
  const [left = 0, top = 0, columns = 0, rows = 0] = [1, 3, 5, 7].map((offset) => reader.uint16(at + offset, true));
  const flags = reader.byte(at + 9);
  const colours = (flags & 0x80) === 0 ? headLength : at + 10;
  const data = at + 10 + colourTable(flags);
  const codes = codesOf(reader, data + 1, endOfBlocks(reader, data + 1));
  const pixels = pixelsOf(codes, reader.byte(data), columns * rows);

  const picture = new Uint8ClampedArray(width * height * 4);
  let from = 0;
  for (const row of flags & 0x40 ? interlaced(rows) : sequential(rows)) {
    for (let to = ((top + row) * width + left) * 4, end = to + columns * 4; to < end; to += 4, from += 1) {
      const index = pixels[from] ?? 0;
      if (index === transparent) continue;
      const colour = colours + index * 3;
      picture[to] = bytes[colour] ?? 0;
      picture[to + 1] = bytes[colour + 1] ?? 0;
      picture[to + 2] = bytes[colour + 2] ?? 0;
      picture[to + 3] = 255;
    }
  }
  return { width, height, data: picture };
}

function* sequential(rows: number): Generator<number> {
  for (let row = 0; row < rows; row += 1) yield row;
}

/** GIF89a, appendix E. */
function* interlaced(rows: number): Generator<number> {
  for (const [first, step] of interlacePasses) for (let row = first; row < rows; row += step) yield row;
}
