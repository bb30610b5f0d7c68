import { ByteReader, DamagedFile } from './byte-rules.ts';

const orientationTag = 0x0112;
const shortType = 3;

/** 1 to 8, by default 1. https://www.cipa.jp/std/documents/e/DC-008-Translation-2019-E.pdf, 4.6.4 */
export function orientationOf(tiff: Uint8Array): number {
  try {
    const reader = new ByteReader(tiff);
    const littleEndian = reader.text(0, 2) === 'II';
    const directory = reader.uint32(4, littleEndian);
    const entries = reader.uint16(directory, littleEndian);
    for (let index = 0; index < entries; index += 1) {
      const entry = directory + 2 + index * 12;
      if (reader.uint16(entry, littleEndian) !== orientationTag) continue;
      const value = reader.uint16(entry + 8, littleEndian);
      return value >= 1 && value <= 8 ? value : 1;
    }
    return 1;
  } catch (error) {
    // The picture is complete without an orientation.
    if (error instanceof DamagedFile) return 1;
    throw error;
  }
}

export function orientationOnly(orientation: number): Uint8Array {
  return Uint8Array.of(
    ...[0x4d, 0x4d, 0, 42, 0, 0, 0, 8],
    ...[0, 1, orientationTag >> 8, orientationTag & 255, 0, shortType, 0, 0, 0, 1, 0, orientation, 0, 0],
    ...[0, 0, 0, 0],
  );
}
