import { ByteReader, DamagedFile, joined, partCounter } from './byte-rules.ts';
import type { CleanSound } from './sound-rules.ts';

const kilobitsOfVersion1 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const kilobitsOfVersion2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
const rates = [44_100, 48_000, 32_000];
const oldTagLength = 128;
/** Bytes between frames, which players skip. */
const harmlessGap = 4096;
const largestShareOfGaps = 0.05;

/**
 * Keeps the frames of an MP3 file (ISO 11172-3 and 13818-3, layer III) only. Counts each, so the length is exact for
 * variable bit rates.
 */
export function readMp3(bytes: Uint8Array): CleanSound {
  const reader = new ByteReader(bytes);
  const start = afterTags(reader);
  const end = beforeTags(reader, start);
  const countPart = partCounter();
  const kept: Uint8Array[] = [];
  let frames = 0;
  let seconds = 0;
  let gaps = 0;
  let runStart = start;
  let at = start;
  while (at < end) {
    const frame = frameAt(reader, at);
    const isFrame = frame !== undefined && (at === runStart ? isFollowed(reader, at + frame.length, end) : true);
    if (isFrame && at + frame.length <= end) {
      const isIndex = frames === 0 && ['Xing', 'Info'].some((name) => hasWithin(reader, name, at, 64));
      if (!isIndex) seconds += frame.samples / frame.rate;
      frames += 1;
      at += frame.length;
      continue;
    }
    if (at > runStart) {
      countPart();
      kept.push(reader.slice(runStart, at));
    }
    // Zeros are padding.
    if (reader.bytes[at] !== 0) gaps += 1;
    at += 1;
    runStart = at;
    if (gaps > Math.max(harmlessGap, reader.length * largestShareOfGaps)) {
      throw new DamagedFile('more than a twentieth of it is not sound');
    }
  }
  if (at > runStart) kept.push(reader.slice(runStart, at));
  if (frames < 2) throw new DamagedFile('it contains no sound');
  return { bytes: joined(kept), durationMs: Math.round(seconds * 1000) };
}

/** Some programs write two ID3v2 tags. Their lengths have seven bits per byte. */
function afterTags(reader: ByteReader): number {
  let at = 0;
  for (;;) {
    if (reader.has('ID3', at)) {
      const [a = 0, b = 0, c = 0, d = 0] = reader.slice(at + 6, at + 10);
      const footer = reader.byte(at + 5) & 0x10 ? 10 : 0;
      at += 10 + (((a & 127) << 21) | ((b & 127) << 14) | ((c & 127) << 7) | (d & 127)) + footer;
    } else if (reader.bytes[at] === 0) at += 1;
    else return at;
  }
}

function beforeTags(reader: ByteReader, start: number): number {
  let end = reader.length;
  if (reader.has('TAG', end - oldTagLength)) end -= oldTagLength;
  const footer = end - 32;
  if (reader.has('APETAGEX', footer)) {
    const hasHeader = (reader.uint32(footer + 20, true) & 0x8000_0000) !== 0;
    const tag = end - reader.uint32(footer + 12, true) - (hasHeader ? 32 : 0);
    if (tag >= start) end = tag;
  }
  return end;
}

/** Four bytes that resemble a frame occur in any data. */
function isFollowed(reader: ByteReader, at: number, end: number): boolean {
  return at >= end || frameAt(reader, at) !== undefined;
}

function frameAt(reader: ByteReader, at: number): { length: number; samples: number; rate: number } | undefined {
  if (reader.bytes[at] !== 0xff || at + 4 > reader.length) return undefined;
  const header = reader.uint32(at);
  const version = (header >>> 19) & 3;
  const isLayer3 = ((header >>> 17) & 3) === 1;
  if (header >>> 21 !== 0x7ff || !isLayer3 || version === 1) return undefined;
  const isFirst = version === 3;
  const kilobits = (isFirst ? kilobitsOfVersion1 : kilobitsOfVersion2)[(header >>> 12) & 15];
  const base = rates[(header >>> 10) & 3];
  if (kilobits === undefined || kilobits === 0 || base === undefined) return undefined;
  const rate = isFirst ? base : version === 2 ? base / 2 : base / 4;
  const samples = isFirst ? 1152 : 576;
  const length = Math.floor(((samples / 8) * kilobits * 1000) / rate) + ((header >>> 9) & 1);
  return { length, samples, rate };
}

function hasWithin(reader: ByteReader, name: string, at: number, distance: number): boolean {
  for (let offset = 0; offset < distance; offset += 1) if (reader.has(name, at + offset)) return true;
  return false;
}
