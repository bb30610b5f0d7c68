import { ByteReader, DamagedFile } from './byte-rules.ts';

const kilobitsOfVersion1 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const kilobitsOfVersion2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
const rates = [44_100, 48_000, 32_000];
const tagLength = 128;
/** Some encoders leave half a frame at the end. */
const longestRest = 4096;

/** Milliseconds of an MP3 file (ISO 11172-3 and 13818-3, layer III): every frame is counted, so variable rates are exact. */
export function readMp3(bytes: Uint8Array): number {
  const reader = new ByteReader(bytes);
  let at = startOfSound(reader);
  let frames = 0;
  let seconds = 0;
  for (;;) {
    const frame = frameAt(reader, at);
    if (frame === undefined) break;
    const isIndex = frames === 0 && ['Xing', 'Info'].some((name) => hasWithin(reader, name, at, 64));
    if (!isIndex) seconds += frame.samples / frame.rate;
    frames += 1;
    at += frame.length;
  }
  const rest = reader.length - at;
  const isWhole =
    rest <= 0 || (rest >= tagLength && reader.has('TAG', reader.length - tagLength)) || rest <= longestRest;
  if (frames < 2 || !isWhole) throw new DamagedFile('No sound that we know');
  return Math.round(seconds * 1000);
}

/** After the ID3v2 tag, whose length has seven bits a byte. */
function startOfSound(reader: ByteReader): number {
  if (!reader.has('ID3')) return 0;
  const [a = 0, b = 0, c = 0, d = 0] = reader.slice(6, 10);
  return 10 + ((a << 21) | (b << 14) | (c << 7) | d);
}

function frameAt(reader: ByteReader, at: number): { length: number; samples: number; rate: number } | undefined {
  if (at + 4 > reader.length) return undefined;
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
