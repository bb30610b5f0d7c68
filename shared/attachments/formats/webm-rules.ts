import { ByteReader, DamagedFile } from './byte-rules.ts';

/** Elements of Matroska (RFC 9559) that we look at. */
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
  ...[element.segment, element.information, element.tracks, element.track, element.cluster, element.blockGroup],
]);
const sound = 2;
const nanosecondsPerMillisecond = 1_000_000;

/** Milliseconds of a WebM file that holds sound and no moving picture. What a browser recorded says no length: then the last block counts. */
export function readWebm(bytes: Uint8Array): number {
  const reader = new ByteReader(bytes);
  if (reader.uint32(0) !== element.header) throw new DamagedFile('No WebM');
  let scale = nanosecondsPerMillisecond;
  let duration: number | undefined;
  let cluster = 0;
  let lastBlock = 0;
  let documentType = '';
  const trackTypes: number[] = [];
  // Containers are walked into, so that one of unknown length, as in a live recording, needs no end.
  for (let at = 0; at < reader.length;) {
    const { id, content, length } = elementAt(reader, at);
    if (containers.has(id)) {
      at = content;
      continue;
    }
    if (length === undefined) throw new DamagedFile('An element has no length');
    const end = content + length;
    reader.slice(content, end);
    if (id === element.documentType) documentType = reader.text(content, length).replace(/\0+$/, '');
    else if (id === element.header) {
      at = content;
      continue;
    } else if (id === element.timestampScale) scale = unsigned(reader, content, length);
    else if (id === element.duration) duration = reader.float(content, length === 4 ? 4 : 8);
    else if (id === element.trackType) trackTypes.push(unsigned(reader, content, length));
    else if (id === element.timestamp) cluster = unsigned(reader, content, length);
    else if (id === element.simpleBlock || id === element.block) {
      const relative = (reader.uint16(content + vintLength(reader, content)) << 16) >> 16;
      lastBlock = Math.max(lastBlock, cluster + relative);
    }
    at = end;
  }
  if (documentType !== 'webm' || trackTypes.length === 0 || trackTypes.some((type) => type !== sound)) {
    throw new DamagedFile('It is no sound');
  }
  return Math.round(((duration ?? lastBlock) * scale) / nanosecondsPerMillisecond);
}

function elementAt(reader: ByteReader, at: number): { id: number; content: number; length: number | undefined } {
  const idLength = vintLength(reader, at);
  if (idLength > 4) throw new DamagedFile('An element has no name');
  const id = unsigned(reader, at, idLength);
  const sizeAt = at + idLength;
  const sizeLength = vintLength(reader, sizeAt);
  const size = unsigned(reader, sizeAt, sizeLength) - 2 ** (7 * sizeLength);
  const isUnknown = size === 2 ** (7 * sizeLength) - 1;
  return { id, content: sizeAt + sizeLength, length: isUnknown ? undefined : size };
}

/** How many bytes a number of variable length has: RFC 8794, 4.1. */
function vintLength(reader: ByteReader, at: number): number {
  const length = Math.clz32(reader.byte(at)) - 23;
  if (length > 8) throw new DamagedFile('A number is too long');
  return length;
}

function unsigned(reader: ByteReader, at: number, length: number): number {
  let value = 0;
  for (const byte of reader.slice(at, at + length)) value = value * 256 + byte;
  return value;
}
