import { ByteReader, bytesOf, DamagedFile, joined } from './byte-rules.ts';
import { orientationOf, orientationOnly } from './exif-rules.ts';
import type { CleanImage } from './image-rules.ts';

const startOfImage = 0xd8;
const endOfImage = 0xd9;
const startOfScan = 0xda;
const comment = 0xfe;
/** Start of frame: all of C0 to CF but tables and extensions. */
const isFrame = (marker: number) => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
const isApplication = (marker: number) => marker >= 0xe0 && marker <= 0xef;
const standsAlone = (marker: number) => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7);

/** Application segments that say how colours are meant. All others say who, where, when, or what else. */
const neededSegments: readonly (readonly [marker: number, start: string])[] = [
  [0xe0, 'JFIF\0'],
  [0xe2, 'ICC_PROFILE\0'],
  [0xee, 'Adobe'],
];
const exifStart = 'Exif\0\0';

/** Reads a JPEG file (ITU-T T.81, annex B) and leaves out all metadata but orientation and colour. */
export function readJpeg(bytes: Uint8Array): CleanImage {
  const reader = new ByteReader(bytes);
  if (reader.uint16(0) !== 0xff00 + startOfImage) throw new DamagedFile('No JPEG');
  const kept: Uint8Array[] = [];
  const strange: Uint8Array[] = [];
  let frame: { width: number; height: number; components: number } | undefined;
  let orientation = 1;
  let hasScan = false;
  let at = 2;
  for (;;) {
    if (reader.byte(at) !== 0xff) throw new DamagedFile('A marker is missing');
    while (reader.byte(at + 1) === 0xff) at += 1;
    const marker = reader.byte(at + 1);
    if (marker === endOfImage) break;
    if (marker === startOfImage || marker === 0) throw new DamagedFile('A marker is out of place');
    if (standsAlone(marker)) {
      at += 2;
      continue;
    }
    const end = at + 2 + reader.uint16(at + 2);
    const segment = reader.slice(at, end);
    const content = new ByteReader(segment.subarray(4));
    if (isFrame(marker)) {
      if (frame !== undefined) throw new DamagedFile('There are two frames');
      frame = { height: content.uint16(1), width: content.uint16(3), components: content.byte(5) };
    }
    if (marker === 0xe1 && content.has(exifStart))
      orientation = orientationOf(content.bytes.subarray(exifStart.length));
    if (marker === comment || isApplication(marker)) {
      if (neededSegments.some(([wanted, start]) => wanted === marker && content.has(start))) kept.push(segment);
      else if (marker === comment) strange.push(segment);
      at = end;
    } else if (marker === startOfScan) {
      hasScan = true;
      at = endOfScan(reader, end);
      kept.push(reader.slice(end - segment.length, at));
    } else {
      kept.push(segment);
      at = end;
    }
  }
  if (frame === undefined || !hasScan || frame.width === 0 || frame.height === 0) throw new DamagedFile('No picture');
  strange.push(bytes.subarray(at + 2));
  return {
    bytes: joined([
      Uint8Array.of(0xff, startOfImage),
      ...(orientation === 1 ? [] : [exifSegment(orientation)]),
      ...kept,
      Uint8Array.of(0xff, endOfImage),
    ]),
    ...{ width: frame.width, height: frame.height, orientation, strange },
    // Four colours, as printers have them, are not decoded.
    decodable: frame.components !== 4,
  };
}

/** Compressed data have no marker but restarts; 0xFF itself is followed by 0. */
function endOfScan(reader: ByteReader, start: number): number {
  const { bytes } = reader;
  for (let at = bytes.indexOf(0xff, start); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const next = reader.byte(at + 1);
    if (next !== 0 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) return at;
  }
  throw new DamagedFile('The picture ends too early');
}

function exifSegment(orientation: number): Uint8Array {
  const content = joined([bytesOf(exifStart), orientationOnly(orientation)]);
  return joined([Uint8Array.of(0xff, 0xe1, 0, content.length + 2), content]);
}
