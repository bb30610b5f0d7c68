import { type ByteReader, bytesOf, DamagedFile, joined, littleEndian32 } from './byte-rules.ts';

interface Part {
  readonly at: number;
  readonly content: number;
  readonly end: number;
}

const checksumAt = 22;

/**
 * Overwrites a comment packet (Vorbis I, 5; RFC 7845, 5.2) with an empty one of the same length. Recomputes the
 * checksums.
 */
export function blankComments(reader: ByteReader, parts: readonly Part[]): void {
  const length = parts.reduce((sum, { content, end }) => sum + end - content, 0);
  const [first] = parts;
  if (first === undefined) return;
  const isOpus = reader.has('OpusTags', first.content);
  if (!isOpus && !reader.has('\x03vorbis', first.content)) throw new DamagedFile('its comments are missing');
  const start = bytesOf(isOpus ? 'OpusTags' : '\x03vorbis');
  // A Vorbis packet ends with a set bit.
  const end = isOpus ? new Uint8Array(4) : Uint8Array.of(0, 0, 0, 0, 1);
  const vendor = length - start.length - 4 - end.length;
  if (vendor < 0) throw new DamagedFile('its comments are too short');
  const packet = joined([start, littleEndian32(vendor), new Uint8Array(vendor).fill(0x20), end]);
  let written = 0;
  for (const { at, content, end: partEnd } of parts) {
    reader.bytes.set(packet.subarray(written, written + partEnd - content), content);
    written += partEnd - content;
    setChecksum(reader, at);
  }
}

function setChecksum(reader: ByteReader, at: number): void {
  const segments = reader.byte(at + 26);
  let end = at + 27 + segments;
  for (const length of reader.slice(at + 27, at + 27 + segments)) end += length;
  reader.bytes.fill(0, at + checksumAt, at + checksumAt + 4);
  reader.bytes.set(littleEndian32(oggChecksum(reader.slice(at, end))), at + checksumAt);
}

const table = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index << 24;
  for (let bit = 0; bit < 8; bit += 1) value = (value << 1) ^ (value < 0 ? 0x04c11db7 : 0);
  return value;
});

/** Of a page with a zero checksum field: RFC 3533, 6. */
export function oggChecksum(page: Uint8Array): number {
  let sum = 0;
  for (const byte of page) sum = (sum << 8) ^ (table[((sum >>> 24) ^ byte) & 255] ?? 0);
  return sum >>> 0;
}
