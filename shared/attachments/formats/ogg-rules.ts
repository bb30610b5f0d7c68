import { ByteReader, DamagedFile } from './byte-rules.ts';

/** Opus counts in 48 kHz whatever the recording: RFC 7845, 4. */
const opusRate = 48_000;
const noPosition = 2 ** 64 - 1;

/** Milliseconds of an Ogg file (RFC 3533) with Opus (RFC 7845) or Vorbis. */
export function readOgg(bytes: Uint8Array): number {
  const reader = new ByteReader(bytes);
  let rate = 0;
  let skipped = 0;
  let last = 0;
  for (let at = 0; at < reader.length;) {
    if (!reader.has('OggS', at)) throw new DamagedFile('A page is missing');
    const segments = reader.byte(at + 26);
    const content = at + 27 + segments;
    let end = content;
    for (const length of reader.slice(at + 27, content)) end += length;
    reader.slice(content, end);
    if (reader.has('OpusHead', content)) {
      rate = opusRate;
      skipped = reader.uint16(content + 10, true);
    } else if (reader.has('\x01vorbis', content)) {
      rate = reader.uint32(content + 12, true);
    }
    const position = reader.uint64(at + 6, true);
    if (position !== noPosition) last = position;
    at = end;
  }
  if (rate === 0) throw new DamagedFile('No sound that we know');
  return Math.round((Math.max(0, last - skipped) / rate) * 1000);
}
