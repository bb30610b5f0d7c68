import {
  bigEndian16,
  ByteReader,
  bytesOf,
  DamagedFile,
  FileEnds,
  joined,
  partCounter,
  TooComplexFile,
} from './byte-rules.ts';
import { cleanProfile, longestProfile } from './colour-profile-rules.ts';
import { orientationOf, orientationOnly } from './exif-rules.ts';
import { checkSize, type CleanImage, drawnPixels } from './image-rules.ts';

const marker = {
  startOfImage: 0xd8,
  endOfImage: 0xd9,
  startOfScan: 0xda,
  huffmanTables: 0xc4,
  quantisationTables: 0xdb,
  restartInterval: 0xdd,
  jfif: 0xe0,
  exif: 0xe1,
  colourProfile: 0xe2,
  adobe: 0xee,
} as const;
/** ITU-T T.81, table B.1: C4, C8 and CC are not frames. */
const isFrame = (code: number) => code >= 0xc0 && code <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(code);
const isShownFrame = (code: number) => code <= 0xc2;
const isRestart = (code: number) => code >= 0xd0 && code <= 0xd7;

const exifStart = 'Exif\0\0';
const profileStart = 'ICC_PROFILE\0';
/** Encoders write about ten. Each costs a pass over the picture. */
const mostScans = 200;

interface Frame {
  readonly width: number;
  readonly height: number;
  readonly components: number;
}

/**
 * Rebuilds a JPEG file (ITU-T T.81, annex B) from the parts that decoders need. Like decoders, accepts filler between
 * segments and an end within the scans.
 */
export function readJpeg(bytes: Uint8Array): CleanImage {
  const reader = new ByteReader(bytes);
  if (reader.uint16(0) !== 0xff00 + marker.startOfImage) throw new DamagedFile('its signature is missing');
  const parts = new JpegParts();
  const countPart = partCounter();
  try {
    for (let at = nextMarker(reader, 2); ; at = nextMarker(reader, at)) {
      countPart();
      const code = reader.byte(at + 1);
      if (code === marker.endOfImage) break;
      if (code === 0x01 || code === marker.startOfImage || isRestart(code)) {
        at += 2;
        continue;
      }
      const end = at + 2 + reader.uint16(at + 2);
      const content = new ByteReader(reader.slice(at + 4, end));
      at = end;
      if (code === marker.startOfScan) {
        const endOfScan = nextMarker(reader, end, true);
        parts.addScan(content, reader.slice(end, endOfScan));
        at = endOfScan;
      } else parts.addSegment(code, content);
    }
  } catch (error) {
    if (!(error instanceof FileEnds && parts.hasScan)) throw error;
  }
  return parts.image();
}

/** In compressed data (`inScan`), restart markers are data, and the end of the file ends the scan. */
function nextMarker({ bytes }: ByteReader, start: number, inScan = false): number {
  for (let at = start; at + 1 < bytes.length; at += 1) {
    if (bytes[at] !== 0xff) continue;
    const code = bytes[at + 1] ?? 0;
    if (code !== 0 && code !== 0xff && !(inScan && isRestart(code))) return at;
  }
  if (inScan) return bytes.length;
  throw new FileEnds();
}

class JpegParts {
  readonly #tablesAndScans: Uint8Array[] = [];
  readonly #profile = new Map<number, Uint8Array>();
  readonly #draw = drawnPixels();
  #jfif: Uint8Array | undefined;
  #adobe: Uint8Array | undefined;
  #orientation: number | undefined;
  #frame: Frame | undefined;
  #scans = 0;

  get hasScan(): boolean {
    return this.#scans > 0;
  }

  addSegment(code: number, content: ByteReader): void {
    if (isFrame(code)) this.#addFrame(code, content);
    else if (code === marker.huffmanTables || code === marker.quantisationTables) {
      checkTables(content, code === marker.huffmanTables ? huffmanLength : quantisationLength);
      this.#tablesAndScans.push(segment(code, content.bytes));
    } else if (code === marker.restartInterval) {
      this.#tablesAndScans.push(segment(code, exactly(content, 2)));
    } else if (code === marker.jfif && content.has('JFIF\0') && content.length >= 12) {
      // Removes the thumbnail, which may show cropped parts.
      this.#jfif ??= segment(code, joined([content.slice(0, 12), Uint8Array.of(0, 0)]));
    } else if (code === marker.exif && content.has(exifStart)) {
      this.#orientation ??= orientationOf(content.bytes.subarray(exifStart.length));
    } else if (code === marker.colourProfile && content.has(profileStart) && content.length > 14) {
      this.#profile.set(content.byte(12), content.bytes.subarray(14));
    } else if (code === marker.adobe && content.has('Adobe') && content.length >= 12) {
      const transform = Math.min(content.byte(11), 2);
      this.#adobe ??= segment(code, joined([bytesOf('Adobe'), Uint8Array.of(0, 100, 0, 0, 0, 0, transform)]));
    }
  }

  addScan(header: ByteReader, data: Uint8Array): void {
    const frame = this.#frame;
    if (frame === undefined) throw new DamagedFile('the picture’s data come before its size');
    const components = header.byte(0);
    if (components < 1 || components > frame.components) throw new DamagedFile('a scan has a wrong number of colours');
    this.#scans += 1;
    if (this.#scans > mostScans) throw new TooComplexFile(`it has more than ${mostScans} scans`);
    this.#draw((frame.width * frame.height * components) / frame.components);
    this.#tablesAndScans.push(segment(marker.startOfScan, exactly(header, 4 + 2 * components)), data);
  }

  image(): CleanImage {
    const frame = this.#frame;
    if (frame === undefined || !this.hasScan) throw new DamagedFile('it contains no picture');
    const orientation = this.#orientation ?? 1;
    return {
      bytes: joined([
        Uint8Array.of(0xff, marker.startOfImage),
        ...(this.#jfif === undefined ? [] : [this.#jfif]),
        ...(orientation === 1
          ? []
          : [segment(marker.exif, joined([bytesOf(exifStart), orientationOnly(orientation)]))]),
        ...(this.#adobe === undefined ? [] : [this.#adobe]),
        ...this.#profileSegments(),
        ...this.#tablesAndScans,
        Uint8Array.of(0xff, marker.endOfImage),
      ]),
      ...{ width: frame.width, height: frame.height, orientation },
      // The decoder does not support CMYK.
      decodable: frame.components !== 4,
    };
  }

  #addFrame(code: number, content: ByteReader): void {
    if (!isShownFrame(code)) throw new DamagedFile('it is compressed in a way that browsers do not show');
    if (this.#frame !== undefined) throw new DamagedFile('it contains two pictures');
    const components = content.byte(5);
    if (content.byte(0) !== 8) throw new DamagedFile('it does not have 8 bits per colour, so browsers do not show it');
    if (![1, 3, 4].includes(components)) throw new DamagedFile('it has a wrong number of colours');
    this.#frame = { height: content.uint16(1), width: content.uint16(3), components };
    if (this.#frame.width === 0 || this.#frame.height === 0) throw new DamagedFile('its picture has no size');
    checkSize(this.#frame.width, this.#frame.height);
    for (let component = 0; component < components; component += 1) {
      const factors = content.byte(7 + 3 * component);
      const isSampled = [factors >> 4, factors & 15].every((factor) => factor >= 1 && factor <= 4);
      if (!isSampled) throw new DamagedFile('a colour has a wrong resolution');
    }
    this.#tablesAndScans.push(segment(code, exactly(content, 6 + 3 * components)));
  }

  #profileSegments(): readonly Uint8Array[] {
    const pieces = [...this.#profile].sort(([first], [second]) => first - second).map(([, piece]) => piece);
    if (pieces.reduce((length, piece) => length + piece.length, 0) > longestProfile) return [];
    const profile = cleanProfile(joined(pieces), this.#frame?.components ?? 0);
    if (profile === undefined) return [];
    const longest = 65_000;
    const count = Math.ceil(profile.length / longest);
    return Array.from({ length: count }, (_, index) =>
      segment(
        marker.colourProfile,
        joined([
          bytesOf(profileStart),
          Uint8Array.of(index + 1, count),
          profile.subarray(index * longest, (index + 1) * longest),
        ]),
      ),
    );
  }
}

/** B.2.4.2. */
function huffmanLength(content: ByteReader, at: number): number {
  let codes = 0;
  for (const count of content.slice(at + 1, at + 17)) codes += count;
  return 17 + codes;
}

/** B.2.4.1. */
function quantisationLength(content: ByteReader, at: number): number {
  return content.byte(at) >> 4 === 0 ? 65 : 129;
}

function checkTables(content: ByteReader, lengthOf: (content: ByteReader, at: number) => number): void {
  let at = 0;
  while (at < content.length) at += lengthOf(content, at);
  if (at !== content.length) throw new DamagedFile('a table has a wrong length');
}

function exactly(content: ByteReader, length: number): Uint8Array {
  if (content.length !== length) throw new DamagedFile('a segment has a wrong length');
  return content.bytes;
}

function segment(code: number, content: Uint8Array): Uint8Array {
  return joined([Uint8Array.of(0xff, code), bigEndian16(content.length + 2), content]);
}
