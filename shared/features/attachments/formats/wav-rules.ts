import { ByteReader, DamagedFile, littleEndian32, partCounter } from './byte-rules.ts';
import { riffChunk, riffFile } from './riff-rules.ts';
import type { CleanSound } from './sound-rules.ts';

/** The first field of `fmt `. */
const plain = 1;
const floating = 3;
const extensible = 0xfffe;
/** ADPCM of Microsoft and IMA, GSM 6.10. */
const inBlocks = [2, 0x11, 0x31];
const extensionAt = 18;
const subFormatAt = 24;

/**
 * Rebuilds a WAV file (RIFF, Multimedia Programming Interface 1.0). A pipe or a crash leaves a length of 0 or 2^32 − 1:
 * the samples extend to the end of the file.
 */
export function readWav(bytes: Uint8Array): CleanSound {
  const reader = new ByteReader(bytes);
  if (!(reader.has('RIFF') || reader.has('RF64')) || !reader.has('WAVE', 8)) {
    throw new DamagedFile('its signature is missing');
  }
  const countPart = partCounter();
  let format: ByteReader | undefined;
  let samples: number | undefined;
  for (let at = 12; ;) {
    countPart();
    const length = reader.uint32(at + 4, true);
    if (reader.has('data', at)) {
      if (format === undefined) throw new DamagedFile('its samples come before their format');
      const isUnknown = length === 0 && reader.uint32(4, true) + 8 !== reader.length;
      const end = isUnknown ? reader.length : Math.min(reader.length, at + 8 + length);
      return rebuilt(format, reader.slice(at + 8, end), samples);
    }
    if (reader.has('fmt ', at)) format ??= new ByteReader(reader.slice(at + 8, at + 8 + length));
    if (reader.has('fact', at) && length >= 4) samples = reader.uint32(at + 8, true);
    at += 8 + length + (length % 2);
  }
}

function rebuilt(given: ByteReader, samples: Uint8Array, declaredSamples: number | undefined): CleanSound {
  const format = given.slice(0, lengthOfFormat(given));
  const chunks = [
    riffChunk('fmt ', format),
    ...(declaredSamples === undefined ? [] : [riffChunk('fact', littleEndian32(declaredSamples))]),
    riffChunk('data', samples),
  ];
  return {
    bytes: riffFile('WAVE', chunks),
    durationMs: Math.round(secondsOf(given, samples.length) * 1000),
  };
}

/** Plain samples need 16 bytes. */
function lengthOfFormat(format: ByteReader): number {
  const isPlain = [plain, floating].includes(format.uint16(0, true));
  return isPlain || format.length < extensionAt ? 16 : extensionAt + format.uint16(16, true);
}

function secondsOf(format: ByteReader, length: number): number {
  const given = format.uint16(0, true);
  const kind = given === extensible ? format.uint16(subFormatAt, true) : given;
  const rate = format.uint32(4, true);
  const bytesPerSecond = format.uint32(8, true);
  const blockBytes = format.uint16(12, true);
  if (rate === 0 || blockBytes === 0) throw new DamagedFile('its format has no rate');
  if ([plain, floating].includes(kind)) return length / blockBytes / rate;
  if (inBlocks.includes(kind) && format.length >= extensionAt + 2) {
    return (Math.ceil(length / blockBytes) * format.uint16(extensionAt, true)) / rate;
  }
  if (bytesPerSecond === 0) throw new DamagedFile('its format has no rate');
  return length / bytesPerSecond;
}
