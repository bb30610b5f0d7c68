import { deflateSync } from 'node:zlib';
import { bigEndian16, bigEndian32, bytesOf, joined, littleEndian32 } from './byte-rules.ts';
import { exif, segment } from './image-builders.ts';
import { chunk, pngSignature } from './png-rules.ts';
import { box } from './sound-builders.ts';

export interface JpegForm {
  readonly width?: number;
  readonly height?: number;
  /** 1 for grey, 3 for colour, 4 for CMYK. */
  readonly components?: number;
  /** 0xc0 baseline, 0xc2 progressive. */
  readonly frame?: number;
  readonly bits?: number;
  readonly scans?: number;
  readonly before?: readonly Uint8Array[];
  readonly after?: Uint8Array;
}

export function plainJpeg(form: JpegForm = {}): Uint8Array {
  const { width = 16, height = 16, components = 3, frame = 0xc0, bits = 8, scans = 0 } = form;
  const ids = Array.from({ length: components }, (_, index) => index + 1);
  const blocks = Math.ceil(width / 8) * Math.ceil(height / 8);
  const table = (kind: number) => segment(0xc4, Uint8Array.of(kind, 1, ...new Uint8Array(15), 0));
  const sides = [height, width].map(bigEndian16);
  const shape = Uint8Array.of(components, ...ids.flatMap((id) => [id, 0x11, 0]));
  const isProgressive = frame === 0xc2;
  const scan = (of: readonly number[], band: readonly number[], bitsOfBlock: number) =>
    joined([
      segment(0xda, Uint8Array.of(of.length, ...of.flatMap((id) => [id, 0]), ...band, 0)),
      new Uint8Array(Math.ceil((blocks * of.length * bitsOfBlock) / 8)),
    ]);
  return joined([
    Uint8Array.of(0xff, 0xd8),
    ...(form.before ?? []),
    segment(0xdb, Uint8Array.of(0, ...new Uint8Array(64).fill(1))),
    segment(frame, joined([Uint8Array.of(bits), ...sides, shape])),
    ...[table(0x00), table(0x10)],
    scan(ids, isProgressive ? [0, 0] : [0, 63], isProgressive ? 1 : 2),
    ...Array.from({ length: scans }, () => scan([1], [1, 63], 1)),
    Uint8Array.of(0xff, 0xd9),
    form.after ?? new Uint8Array(0),
  ]);
}

const jfif = segment(0xe0, bytesOf('JFIF\0\x01\x02\0\0\x48\0\x48\0\0'));
const exifSegment = segment(0xe1, joined([bytesOf('Exif\0\0'), exif(6)]));
const xmp = (text: string) => segment(0xe1, bytesOf(`http://ns.adobe.com/xap/1.0/\0<?xpacket?><x:xmpmeta>${text}`));
const index = segment(0xe2, bytesOf('MPF\0II*\0\x08\0\0\0\0\0'));

export function colourProfile(space = 'RGB ', version = 4): Uint8Array {
  const value = joined([bytesOf('XYZ \0\0\0\0'), new Uint8Array(12)]);
  const curve = joined([bytesOf('para\0\0\0\0\0\0\0\0'), new Uint8Array(4)]);
  const tags = [
    ...['rXYZ', 'gXYZ', 'bXYZ', 'wtpt'].map((name) => [name, value] as const),
    ...['rTRC', 'gTRC', 'bTRC', 'kTRC'].map((name) => [name, curve] as const),
    ['desc', bytesOf('mluc\0\0\0\0by the makers of cameras')] as const,
    ['vued', bytesOf('desc\0\0\0\0seen in the makers of cameras room')] as const,
  ];
  const head = new Uint8Array(128);
  head.set(bytesOf('makr'), 4);
  head.set([version], 8);
  head.set(bytesOf(`mntr${space}XYZ `), 12);
  head.set(bytesOf('acsp'), 36);
  let at = 128 + 4 + 12 * tags.length;
  const list = tags.map(([name, data]) => {
    const entry = joined([bytesOf(name), bigEndian32(at), bigEndian32(data.length)]);
    at += data.length;
    return entry;
  });
  head.set(bigEndian32(at));
  return joined([head, bigEndian32(tags.length), ...list, ...tags.map(([, data]) => data)]);
}

const profileSegment = segment(0xe2, joined([bytesOf('ICC_PROFILE\0\x01\x01'), colourProfile()]));
const awkward = bytesOf('*/ <?xml <svg onload=1> <script> PK\x03\x04 %PDF-');

export const jpegSamples: Readonly<Record<string, () => Uint8Array>> = {
  'an iPhone photo, with profile and index': () =>
    plainJpeg({ before: [exifSegment, profileSegment, index], after: plainJpeg() }),
  'a Samsung photo, with its trailer': () =>
    plainJpeg({ before: [exifSegment], after: joined([bytesOf('\0\0\x01\x0a'), awkward, bytesOf('SEFHSEFT')]) }),
  'an Ultra HDR photo, with its gain map': () =>
    plainJpeg({
      before: [jfif, exifSegment, xmp('hdrgm:Version="1.0"'), index],
      after: joined([plainJpeg({ components: 1 }), awkward]),
    }),
  'a motion photo, with its video': () =>
    plainJpeg({ before: [exifSegment, xmp('GCamera:MotionPhoto="1"')], after: box('ftyp', bytesOf('isom'), awkward) }),
  'a photo with content credentials': () => plainJpeg({ before: [segment(0xeb, awkward)] }),
  'a photo without metadata': () => plainJpeg({ before: [jfif] }),
  'a photo with a comment': () => plainJpeg({ before: [jfif, segment(0xfe, awkward)] }),
  'a progressive photo': () => plainJpeg({ frame: 0xc2, scans: 9 }),
  'a grey photo': () => plainJpeg({ components: 1 }),
  'a CMYK picture': () => plainJpeg({ components: 4, before: [segment(0xee, bytesOf('Adobe\0\x64\0\0\0\0\x02'))] }),
  'a photo without its end mark': () => plainJpeg().subarray(0, -2),
  'a photo that is only partly uploaded': () => plainJpeg({ width: 800, height: 600 }).subarray(0, -500),
  'a photo with filler between its segments': () => plainJpeg({ before: [Uint8Array.of(0, 0, 0, 0xff, 0xff), jfif] }),
};

export interface PngForm {
  readonly width?: number;
  readonly height?: number;
  readonly depth?: number;
  readonly colourType?: number;
  readonly isInterlaced?: boolean;
  readonly before?: readonly Uint8Array[];
  readonly behindImage?: readonly Uint8Array[];
  readonly rows?: number;
  readonly behindStream?: Uint8Array;
  readonly after?: Uint8Array;
}

export function plainPng(form: PngForm = {}): Uint8Array {
  const { width = 8, height = 8, depth = 8, colourType = 6, isInterlaced = false } = form;
  const samples = [1, 0, 3, 1, 2, 0, 4][colourType] ?? 0;
  const rows = form.rows ?? height * (1 + Math.ceil((width * samples * depth) / 8));
  const flags = Uint8Array.of(depth, colourType, 0, 0, isInterlaced ? 1 : 0);
  return joined([
    bytesOf(pngSignature),
    chunk('IHDR', joined([bigEndian32(width), bigEndian32(height), flags])),
    ...(form.before ?? []),
    ...(colourType === 3 ? [chunk('PLTE', new Uint8Array(6))] : []),
    chunk('IDAT', joined([deflateSync(new Uint8Array(rows)), form.behindStream ?? new Uint8Array(0)])),
    ...(form.behindImage ?? []),
    chunk('IEND', new Uint8Array(0)),
    form.after ?? new Uint8Array(0),
  ]);
}

export function pngFrame(sequence: number, left = 0): readonly Uint8Array[] {
  const numbers = [sequence, 4, 4, left, 0].map(bigEndian32);
  const data = deflateSync(new Uint8Array(4 * 17));
  return [
    chunk('fcTL', joined([...numbers, Uint8Array.of(0, 1, 0, 10, 0, 0)])),
    chunk('fdAT', joined([bigEndian32(sequence + 1), data])),
  ];
}

const profileChunk = chunk('iCCP', joined([bytesOf('Display P3\0\0'), deflateSync(colourProfile())]));
const interlacedRows = 15 + 64 * 3;

export const pngSamples: Readonly<Record<string, () => Uint8Array>> = {
  'a screenshot with a profile': () => plainPng({ before: [profileChunk, chunk('sBIT', Uint8Array.of(8, 8, 8, 8))] }),
  'a picture with 16 bits per colour': () => plainPng({ depth: 16, colourType: 2 }),
  'an interlaced picture': () => plainPng({ colourType: 2, isInterlaced: true, rows: interlacedRows }),
  'a picture with a palette': () => plainPng({ depth: 4, colourType: 3 }),
  'a picture in black and white': () => plainPng({ depth: 1, colourType: 0 }),
  'a grey picture with transparency': () => plainPng({ colourType: 4 }),
  'a diagram with its source': () => plainPng({ before: [chunk('tEXt', bytesOf('mxfile\0<svg><script>*/'))] }),
  'a picture with an XML description': () =>
    plainPng({ before: [chunk('iTXt', bytesOf('XML:com.adobe.xmp\0\0\0\0\0<?xml version="1.0"?>'))] }),
  'a picture with trailing data': () => plainPng({ after: awkward }),
  'an animation': () =>
    plainPng({
      before: [chunk('acTL', joined([bigEndian32(2), bigEndian32(0)]))],
      behindImage: [...pngFrame(0), ...pngFrame(2, 4)],
    }),
};

export interface GifFrame {
  readonly left?: number;
  readonly top?: number;
  readonly width: number;
  readonly height: number;
  /** Black, red, green, blue. */
  readonly pixels?: readonly number[];
  readonly isInterlaced?: boolean;
  readonly behindCodes?: Uint8Array;
  readonly codes?: Uint8Array;
}

/** @param before - blocks before the frames. */
export function gifOf(
  [width, height]: readonly [number, number],
  frames: readonly GifFrame[],
  { before = [], after = '' }: { readonly before?: readonly Uint8Array[]; readonly after?: string } = {},
): Uint8Array {
  const number = (value: number) => littleEndian32(value).subarray(0, 2);
  const colours = Uint8Array.of(0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0, 255);
  return joined([
    ...[bytesOf('GIF89a'), number(width), number(height), Uint8Array.of(0x81, 0, 0), colours],
    ...before,
    ...frames.map((frame) => {
      const { left = 0, top = 0, pixels = Array<number>(frame.width * frame.height).fill(1) } = frame;
      const codes = joined([frame.codes ?? lzw(pixels), frame.behindCodes ?? new Uint8Array(0)]);
      const sides = [left, top, frame.width, frame.height].map(number);
      return joined([Uint8Array.of(0x2c), ...sides, Uint8Array.of(frame.isInterlaced ? 0x40 : 0, 2), gifBlocks(codes)]);
    }),
    Uint8Array.of(0x3b),
    bytesOf(after),
  ]);
}

export function gifBlocks(data: Uint8Array): Uint8Array {
  const blocks: Uint8Array[] = [];
  for (let at = 0; at < data.length; at += 255) {
    const block = data.subarray(at, at + 255);
    blocks.push(Uint8Array.of(block.length), block);
  }
  return joined([...blocks, Uint8Array.of(0)]);
}

export function lzw(pixels: readonly number[]): Uint8Array {
  const bits: number[] = [];
  let size = 3;
  let next = 6;
  let codes = new Map<string, number>();
  const put = (code: number) => {
    for (let bit = 0; bit < size; bit += 1) bits.push((code >> bit) & 1);
  };
  const codeOf = (text: string) => (text.length === 1 ? Number(text) : (codes.get(text) ?? -1));
  put(4);
  let run = '';
  for (const pixel of pixels) {
    const longer = run + String(pixel);
    if (longer.length === 1 || codes.has(longer)) {
      run = longer;
      continue;
    }
    put(codeOf(run));
    codes.set(longer, next);
    if (next === 1 << size) size += 1;
    next += 1;
    if (next === 4096) {
      put(4);
      codes = new Map();
      size = 3;
      next = 6;
    }
    run = String(pixel);
  }
  put(codeOf(run));
  if (next === 1 << size && size < 12) size += 1;
  put(5);
  const bytes = new Uint8Array(Math.ceil(bits.length / 8));
  bits.forEach((bit, index) => (bytes[index >> 3] = (bytes[index >> 3] ?? 0) | (bit << (index & 7))));
  return bytes;
}
