import { ByteReader, DamagedFile, FileEnds, partCounter } from './byte-rules.ts';
import type { CleanSound } from './sound-rules.ts';

/** Matroska, RFC 9559. */
const element = {
  header: 0x1a45dfa3,
  documentType: 0x4282,
  segment: 0x18538067,
  information: 0x1549a966,
  timestampScale: 0x2ad7b1,
  duration: 0x4489,
  tracks: 0x1654ae6b,
  track: 0xae,
  trackType: 0x83,
  cluster: 0x1f43b675,
  timestamp: 0xe7,
  simpleBlock: 0xa3,
  blockGroup: 0xa0,
  block: 0xa1,
} as const;
const containers = new Set<number>([
  ...[element.header, element.segment, element.information, element.tracks, element.track, element.cluster],
  element.blockGroup,
]);
/** Players need these. */
const needed = new Set<number>([
  ...[element.documentType, element.timestampScale, element.duration, element.trackType, element.timestamp],
  ...[element.simpleBlock, element.block, 0x4286, 0x42f7, 0x42f2, 0x42f3, 0x4287, 0x4285, 0x114d9b74, 0x1c53bb6b],
  ...[0xd7, 0x73c5, 0xb9, 0x88, 0x55aa, 0x9c, 0x6de7, 0x23e383, 0x22b59c, 0x86, 0x63a2, 0x56aa, 0x56bb, 0xe1],
  ...[0xa7, 0xab, 0x9b, 0xfb, 0x75a2],
]);
const sound = 2;
const nanosecondsPerMillisecond = 1_000_000;
/** Suffices for nine hours in groups of one 20 ms block. */
const mostElements = 4_000_000;
const voidElement = 0xec;

interface Element {
  readonly id: number;
  readonly at: number;
  readonly content: number;
  /** Undefined if unknown, as in a live recording. */
  readonly length: number | undefined;
}

/**
 * Sound without video. A live recording ends with its last complete block. Overwrites needless parts with void
 * elements, so that offsets stay valid.
 */
export function readWebm(bytes: Uint8Array): CleanSound {
  const reader = new ByteReader(Uint8Array.from(bytes));
  if (reader.uint32(0) !== element.header) throw new DamagedFile('its signature is missing');
  const countElement = partCounter(mostElements);
  const found = new Recording(reader);
  let at = 0;
  try {
    while (at < reader.length) {
      countElement();
      const each = elementAt(reader, at);
      // A container of unknown length needs no end.
      if (containers.has(each.id)) at = each.content;
      else {
        if (each.length === undefined) throw new DamagedFile('an element has no length');
        const end = each.content + each.length;
        reader.slice(each.content, end);
        found.add(each, end);
        at = end;
      }
    }
  } catch (error) {
    if (!(error instanceof FileEnds && found.hasSound)) throw error;
  }
  return { bytes: reader.slice(0, at), durationMs: found.durationMs() };
}

class Recording {
  readonly #reader: ByteReader;
  readonly #trackTypes: number[] = [];
  #documentType = '';
  #scale = nanosecondsPerMillisecond;
  #duration = 0;
  #cluster = 0;
  #lastBlock = -1;

  constructor(reader: ByteReader) {
    this.#reader = reader;
  }

  get hasSound(): boolean {
    return this.#lastBlock >= 0;
  }

  add({ id, at, content }: Element, end: number): void {
    const reader = this.#reader;
    if (!needed.has(id)) {
      blank(reader.bytes, at, end);
      return;
    }
    const length = end - content;
    if (id === element.documentType) this.#documentType = reader.text(content, length).replace(/(?<!\0)\0+$/, '');
    else if (id === element.timestampScale) this.#scale = unsigned(reader, content, length);
    else if (id === element.duration) this.#duration = reader.float(content, length === 4 ? 4 : 8);
    else if (id === element.trackType) this.#addTrack(unsigned(reader, content, length));
    else if (id === element.timestamp) this.#cluster = unsigned(reader, content, length);
    else if (id === element.simpleBlock || id === element.block) {
      const relative = (reader.uint16(content + lengthOfNumber(reader, content)) << 16) >> 16;
      this.#lastBlock = Math.max(this.#lastBlock, this.#cluster + relative);
    }
  }

  durationMs(): number {
    if (this.#documentType !== 'webm') throw new DamagedFile('it is Matroska of another kind');
    if (this.#trackTypes.length === 0) throw new DamagedFile('it contains no sound');
    const duration = this.#duration > 0 ? this.#duration : Math.max(0, this.#lastBlock);
    return Math.round((duration * this.#scale) / nanosecondsPerMillisecond);
  }

  #addTrack(type: number): void {
    if (type !== sound) throw new DamagedFile('it contains a video, not only sound');
    this.#trackTypes.push(type);
  }
}

function elementAt(reader: ByteReader, at: number): Element {
  const idLength = lengthOfNumber(reader, at);
  if (idLength > 4) throw new DamagedFile('an element has no name');
  const id = unsigned(reader, at, idLength);
  const sizeAt = at + idLength;
  const sizeLength = lengthOfNumber(reader, sizeAt);
  return { id, at, content: sizeAt + sizeLength, length: sizeOf(reader, sizeAt, sizeLength) };
}

/** Bytes: RFC 8794, 4.1. */
function lengthOfNumber(reader: ByteReader, at: number): number {
  const length = Math.clz32(reader.byte(at)) - 23;
  if (length > 8) throw new DamagedFile('a number is too long');
  return length;
}

/** Undefined if all bits are 1. Eight bytes have 56 bits without the marker. */
function sizeOf(reader: ByteReader, at: number, length: number): number | undefined {
  const mask = length === 8 ? 0 : (1 << (8 - length)) - 1;
  const first = reader.byte(at) & mask;
  let isUnknown = first === mask;
  let size = first;
  for (let index = 1; index < length; index += 1) {
    const byte = reader.byte(at + index);
    isUnknown &&= byte === 255;
    // Inexact above 2^53, beyond any file's end.
    size = size * 256 + byte;
  }
  return isUnknown ? undefined : size;
}

function unsigned(reader: ByteReader, at: number, length: number): number {
  if (length > 8) throw new DamagedFile('a number is too long');
  let value = 0;
  for (let index = 0; index < length; index += 1) value = value * 256 + reader.byte(at + index);
  return value;
}

/** A void element has at least two bytes. */
function blank(bytes: Uint8Array, start: number, end: number): void {
  const rest = end - start;
  // One byte can state up to 126 bytes.
  const sizeLength = rest - 2 <= 126 ? 1 : 8;
  bytes.fill(0, start, end);
  bytes[start] = voidElement;
  let size = rest - 1 - sizeLength;
  for (let at = start + sizeLength; at > start; at -= 1) {
    bytes[at] = size & 255;
    size = Math.floor(size / 256);
  }
  bytes[start + 1] = (bytes[start + 1] ?? 0) | (sizeLength === 1 ? 0x80 : 0x01);
}
