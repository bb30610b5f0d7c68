import { bytesOf, joined, littleEndian32 } from './byte-rules.ts';

/** RIFF: Multimedia Programming Interface 1.0. */
export function riffFile(kind: 'WAVE' | 'WEBP', chunks: readonly Uint8Array[]): Uint8Array {
  const body = joined([bytesOf(kind), ...chunks]);
  return joined([bytesOf('RIFF'), littleEndian32(body.length), body]);
}

/** Padded to an even length. */
export function riffChunk(name: string, content: Uint8Array): Uint8Array {
  return joined([bytesOf(name), littleEndian32(content.length), content, new Uint8Array(content.length % 2)]);
}
