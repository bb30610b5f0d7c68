import { crc32, deflateSync, inflateSync } from 'node:zlib';
import { bigEndian32, ByteReader, bytesOf, DamagedFile, joined, partCounter } from './byte-rules.ts';
import { cleanProfile, longestProfile } from './colour-profile-rules.ts';
import { orientationOf, orientationOnly } from './exif-rules.ts';
import { checkSize, type CleanImage, drawnPixels } from './image-rules.ts';
import { zlibStream } from './zlib-rules.ts';

export const pngSignature = '\x89PNG\r\n\x1a\n';

interface Header {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly colourType: number;
  readonly isInterlaced: boolean;
}

/** Table 11.1 of the specification. */
const colourTypes: Readonly<Record<number, { readonly samples: number; readonly depths: readonly number[] }>> = {
  0: { samples: 1, depths: [1, 2, 4, 8, 16] },
  2: { samples: 3, depths: [8, 16] },
  3: { samples: 1, depths: [1, 2, 4, 8] },
  4: { samples: 2, depths: [8, 16] },
  6: { samples: 4, depths: [8, 16] },
};
/** Valid lengths. */
const helpers: Readonly<Record<string, (length: number, type: number) => boolean>> = {
  PLTE: (length, type) => type === 3 && length >= 3 && length <= 768 && length % 3 === 0,
  tRNS: (length, type) => (type === 0 ? length === 2 : type === 2 ? length === 6 : type === 3 && length <= 256),
  cHRM: (length) => length === 32,
  gAMA: (length) => length === 4,
  sRGB: (length) => length === 1,
  cICP: (length) => length === 4,
  mDCV: (length) => length === 24,
  cLLI: (length) => length === 8,
  sBIT: (length, type) => length === ({ 0: 1, 2: 3, 3: 3, 4: 2 }[type] ?? 4),
  bKGD: (length, type) => length === ({ 0: 2, 3: 1, 4: 2 }[type] ?? 6),
  pHYs: (length) => length === 9,
};

interface Picture {
  readonly width: number;
  readonly height: number;
  readonly control?: Uint8Array;
  readonly data: Uint8Array[];
}

interface PngParts {
  readonly header: Header;
  readonly helpers: Map<string, Uint8Array>;
  readonly image: Picture;
  /** The first has no data if it is the image. */
  readonly frames: Picture[];
  animation: { readonly frames: number; readonly plays: number } | undefined;
  profile: Uint8Array | undefined;
  orientation: number;
}

/** Rebuilds a PNG file (W3C Portable Network Graphics, third edition). Inflates the rows to find their end. */
export async function readPng(bytes: Uint8Array): Promise<CleanImage> {
  const parts = collect(new ByteReader(bytes));
  const { header, orientation } = parts;
  const draw = drawnPixels();
  draw(parts.image.width * parts.image.height);
  for (const { width, height } of parts.frames) draw(width * height);
  const head = [
    chunk('IHDR', headerBytes(header)),
    ...(orientation === 1 ? [] : [chunk('eXIf', orientationOnly(orientation))]),
    ...(parts.profile === undefined ? [] : [chunk('iCCP', parts.profile)]),
    ...[...parts.helpers].map(([name, content]) => chunk(name, content)),
  ];
  const image = await rows(header, parts.image);
  return {
    bytes: joined([
      bytesOf(pngSignature),
      ...head,
      ...(isAnimated(parts) ? await animation(parts, image) : [chunk('IDAT', image)]),
      chunk('IEND', new Uint8Array(0)),
    ]),
    ...{ width: header.width, height: header.height, orientation, decodable: true },
  };
}

function collect(reader: ByteReader): PngParts {
  if (!reader.has(pngSignature) || !reader.has('IHDR', 12)) throw new DamagedFile('its signature is missing');
  const countPart = partCounter();
  const header = readHeader(new ByteReader(checked(reader, 8, 'IHDR')));
  const { width, height, colourType } = header;
  const parts: PngParts = {
    header,
    helpers: new Map(),
    image: { width, height, data: [] },
    ...{ frames: [], animation: undefined, profile: undefined, orientation: 1 },
  };
  let hasProfile = false;
  for (let at = 8 + 25; at < reader.length;) {
    countPart();
    const length = reader.uint32(at);
    const name = reader.text(at + 4, 4);
    if (name === 'IEND') break;
    reader.slice(at, at + 12 + length);
    if (name === 'IHDR') throw new DamagedFile('it has two headers');
    const isHelper = helpers[name]?.(length, colourType) === true;
    if (isHelper && parts.image.data.length === 0 && !parts.helpers.has(name)) {
      parts.helpers.set(name, checked(reader, at, name));
    } else if (name === 'IDAT') parts.image.data.push(checked(reader, at, name));
    else if (name === 'iCCP' && !hasProfile) {
      // An unusable profile counts too, because its inflation has a cost.
      hasProfile = true;
      parts.profile = profileOf(checked(reader, at, name), colourType);
    } else if (name === 'eXIf') parts.orientation = orientationOf(reader.slice(at + 8, at + 8 + length));
    else if (name === 'acTL' && length === 8) {
      parts.animation = { frames: reader.uint32(at + 8), plays: reader.uint32(at + 12) };
    } else if (name === 'fcTL' && length === 26) addFrame(parts, new ByteReader(checked(reader, at, name)));
    else if (name === 'fdAT' && length >= 4) parts.frames.at(-1)?.data.push(checked(reader, at, name).subarray(4));
    at += 12 + length;
  }
  if (parts.image.data.length === 0) throw new DamagedFile('it contains no picture');
  if (colourType === 3 && !parts.helpers.has('PLTE')) throw new DamagedFile('its palette is missing');
  return parts;
}

/** Decoders reject a wrong checksum. */
function checked(reader: ByteReader, at: number, name: string): Uint8Array {
  const end = at + 8 + reader.uint32(at);
  if (crc32(reader.slice(at + 4, end)) !== reader.uint32(end))
    throw new DamagedFile(`the checksum of ${name} is wrong`);
  return reader.slice(at + 8, end);
}

function readHeader(content: ByteReader): Header {
  const header: Header = {
    width: content.uint32(0),
    height: content.uint32(4),
    depth: content.byte(8),
    colourType: content.byte(9),
    isInterlaced: content.byte(12) === 1,
  };
  const isKnown = colourTypes[header.colourType]?.depths.includes(header.depth) === true;
  const isStandard = content.length === 13 && content.byte(10) === 0 && content.byte(11) === 0 && content.byte(12) <= 1;
  if (!isKnown || !isStandard) throw new DamagedFile('its header is wrong');
  if (header.width === 0 || header.height === 0) throw new DamagedFile('its picture has no size');
  checkSize(header.width, header.height);
  return header;
}

function addFrame({ header, frames }: PngParts, control: ByteReader): void {
  const [width, height, left, top] = [4, 8, 12, 16].map((at) => control.uint32(at)) as [number, number, number, number];
  const fits = width > 0 && height > 0 && left + width <= header.width && top + height <= header.height;
  if (!fits || control.byte(24) > 2 || control.byte(25) > 1)
    throw new DamagedFile('a frame extends beyond the picture');
  frames.push({ width, height, control: control.bytes, data: [] });
}

/** Viewers ignore an inconsistent animation. */
function isAnimated({ animation: declared, frames, image }: PngParts): boolean {
  if (declared === undefined || frames.length === 0 || declared.frames !== frames.length) return false;
  return frames.every(({ data }, index) => data.length > 0 || (index === 0 && image.data.length > 0));
}

async function animation({ header, frames, animation: declared, image }: PngParts, rowsOfImage: Uint8Array) {
  const chunks = [chunk('acTL', joined([bigEndian32(frames.length), bigEndian32(declared?.plays ?? 0)]))];
  let sequence = 0;
  const numbered = (content: Uint8Array) => joined([bigEndian32(sequence++), content]);
  const [first] = frames;
  const imageIsFrame = first?.data.length === 0;
  if (!imageIsFrame) chunks.push(chunk('IDAT', rowsOfImage));
  for (const frame of frames) {
    chunks.push(chunk('fcTL', numbered((frame.control ?? new Uint8Array()).subarray(4))));
    if (frame === first && imageIsFrame) {
      if (frame.width !== image.width || frame.height !== image.height)
        throw new DamagedFile('a frame has a wrong size');
      chunks.push(chunk('IDAT', rowsOfImage));
    } else chunks.push(chunk('fdAT', numbered(await rows(header, frame))));
  }
  return chunks;
}

/** Without trailing data. */
function rows(header: Header, { width, height, data }: Picture): Promise<Uint8Array> {
  return zlibStream(data, rowBytes(header, width, height));
}

/** With filter types and interlaced passes: 8.1 of the specification. */
function rowBytes({ depth, colourType, isInterlaced }: Header, width: number, height: number): number {
  const bits = depth * (colourTypes[colourType]?.samples ?? 0);
  const pass = (columns: number, lines: number) => (columns === 0 ? 0 : lines * (1 + Math.ceil((columns * bits) / 8)));
  if (!isInterlaced) return pass(width, height);
  const passes = [
    [0, 0, 8, 8],
    [4, 0, 8, 8],
    [0, 4, 4, 8],
    [2, 0, 4, 4],
    [0, 2, 2, 4],
    [1, 0, 2, 2],
    [0, 1, 1, 2],
  ] as const;
  return passes.reduce(
    (sum, [left, top, across, down]) =>
      sum + pass(Math.ceil(Math.max(0, width - left) / across), Math.ceil(Math.max(0, height - top) / down)),
    0,
  );
}

/** With a neutral name. */
function profileOf(content: Uint8Array, colourType: number): Uint8Array | undefined {
  const start = content.indexOf(0) + 2;
  try {
    const profile = inflateSync(content.subarray(start), { maxOutputLength: longestProfile });
    const clean = cleanProfile(profile, colourType === 0 || colourType === 4 ? 1 : 3);
    return clean && joined([bytesOf('ICC\0\0'), deflateSync(clean)]);
  } catch {
    // Viewers ignore a damaged profile.
    return undefined;
  }
}

function headerBytes({ width, height, depth, colourType, isInterlaced }: Header): Uint8Array {
  const flags = Uint8Array.of(depth, colourType, 0, 0, isInterlaced ? 1 : 0);
  return joined([bigEndian32(width), bigEndian32(height), flags]);
}

export function chunk(name: string, content: Uint8Array): Uint8Array {
  const named = joined([bytesOf(name), content]);
  return joined([bigEndian32(content.length), named, bigEndian32(crc32(named))]);
}
