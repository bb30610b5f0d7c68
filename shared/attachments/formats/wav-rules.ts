import { ByteReader, DamagedFile } from './byte-rules.ts';

/** Milliseconds of a WAV file (RIFF, Multimedia Programming Interface 1.0). */
export function readWav(bytes: Uint8Array): number {
  const reader = new ByteReader(bytes);
  if (!reader.has('RIFF') || !reader.has('WAVE', 8)) throw new DamagedFile('No WAV');
  let bytesPerSecond = 0;
  for (let at = 12; at + 8 <= reader.length;) {
    const name = reader.text(at, 4);
    const length = reader.uint32(at + 4, true);
    const content = reader.slice(at + 8, at + 8 + length);
    if (name === 'fmt ') bytesPerSecond = new ByteReader(content).uint32(8, true);
    if (name === 'data' && bytesPerSecond > 0) return Math.round((length / bytesPerSecond) * 1000);
    at += 8 + length + (length % 2);
  }
  throw new DamagedFile('No sound');
}
