import { createInflate, createInflateRaw } from 'node:zlib';
import { DamagedFile, joined } from './byte-rules.ts';

/** Bytes for one file, which take 3 seconds. */
export const mostInflated = 1024 * 1024 * 1024;

const pieceBytes = 256 * 1024;

/**
 * Returns the stream without trailing data.
 *
 * @throws DamagedFile if it is damaged or does not inflate to `expected` bytes.
 */
export async function zlibStream(parts: readonly Uint8Array[], expected: number): Promise<Uint8Array> {
  const data = joined(parts);
  const { used, inflated } = await inflate(createInflate({ chunkSize: pieceBytes }), data, expected);
  if (inflated !== expected) throw new DamagedFile('its picture data do not fit its size');
  return data.subarray(0, used);
}

/**
 * Does not keep the inflated data.
 *
 * @returns the bytes read (`used`) and `inflated`, more than `most` if it stopped there.
 * @throws DamagedFile if the data are damaged.
 */
export function inflateRaw(data: Uint8Array, most: number): Promise<{ used: number; inflated: number }> {
  return inflate(createInflateRaw({ chunkSize: pieceBytes }), data, most);
}

async function inflate(stream: ReturnType<typeof createInflate>, data: Uint8Array, most: number) {
  let inflated = 0;
  stream.end(data);
  try {
    for await (const piece of stream) {
      inflated += (piece as Uint8Array).length;
      // Leaving the loop destroys the stream.
      if (inflated > most) break;
    }
  } catch (error) {
    throw new DamagedFile('its compressed data are damaged or incomplete', { cause: error });
  }
  return { used: stream.bytesWritten, inflated };
}
