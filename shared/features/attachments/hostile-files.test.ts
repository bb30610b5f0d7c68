import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { AttachmentType } from '../../contract/schemas/attachment-types.ts';
import { zipFile } from './formats/archive-builders.ts';
import {
  bigEndian32,
  ByteReader,
  bytesOf,
  joined,
  latin1,
  littleEndian32,
  mostParts,
  partCounter,
} from './formats/byte-rules.ts';
import { cleanProfile } from './formats/colour-profile-rules.ts';
import { gifFile, segment, webpFile } from './formats/image-builders.ts';
import { colourProfile, gifOf, plainJpeg, plainPng, pngFrame } from './formats/picture-samples.ts';
import { chunk } from './formats/png-rules.ts';
import { box, element, mp3File, mp4File, oggPage, webmFile } from './formats/sound-builders.ts';
import { inspect } from './inspection-rules.ts';

async function rejection(type: AttachmentType, bytes: Uint8Array): Promise<string> {
  const inspection = await inspect(type, bytes);
  return inspection.kind === 'rejected' ? inspection.rejection : inspection.kind;
}

const many = (part: Uint8Array, times = mostParts + 1) => joined(Array<Uint8Array>(times).fill(part));

describe('inspect, for a small file that needs too much work', () => {
  it.each([
    [
      'a GIF frame of 65,535 × 65,535',
      'image/gif',
      () => gifOf([1, 1], [{ width: 65_535, height: 65_535, pixels: [1] }]),
      'too-many-pixels',
    ],
    [
      'a later GIF frame of 65,535 × 65,535',
      'image/gif',
      () =>
        gifOf(
          [1, 1],
          [
            { width: 1, height: 1 },
            { width: 65_535, height: 65_535, pixels: [1] },
          ],
        ),
      'too-many-pixels',
    ],
    [
      'a GIF frame without its pixels',
      'image/gif',
      () => gifOf([7000, 7000], [{ width: 7000, height: 7000, pixels: [1] }]),
      'damaged',
    ],
    ['a JPEG of 50 million pixels and 30 scans', 'image/jpeg', () => scans(30), 'too-complex'],
    ['a JPEG of 300 scans', 'image/jpeg', () => plainJpeg({ frame: 0xc2, scans: 300 }), 'too-complex'],
    ['a PNG frame beyond its picture', 'image/png', () => animatedPng(1 << 30), 'damaged'],
    [
      'a PNG with fewer rows than declared',
      'image/png',
      () => plainPng({ width: 7000, height: 7000, rows: 9 }),
      'damaged',
    ],
    ['a PNG with more rows than declared', 'image/png', () => plainPng({ rows: 50_000_000 }), 'damaged'],
    ['a PNG profile that grows a thousandfold', 'image/png', () => plainPng({ before: [bomb()] }), 'image'],
    ['an MP4 with a run of 4 billion samples', 'audio/mp4', () => run(0xffffffff), 'damaged'],
    ['an archive that declares 65,535 files', 'application/zip', () => countOf(65_535), 'unsafe-archive'],
  ] as const)('limits its work on %s', async (_title, type, make, expected) => {
    expect(await rejection(type, make())).toBe(expected);
  });

  it('rejects a WebP frame that extends beyond its picture', async () => {
    const picture = (await webpFile(16, 16)).subarray(12);
    const side = (value: number) => littleEndian32(value).subarray(0, 3);
    const part = (name: string, ...content: readonly Uint8Array[]) => {
      const whole = joined(content);
      return joined([bytesOf(name), littleEndian32(whole.length), whole]);
    };
    const frame = (left: number) => part('ANMF', side(left), side(0), side(15), side(15), new Uint8Array(4), picture);
    const file = (left: number) =>
      part(
        'RIFF',
        bytesOf('WEBP'),
        part('VP8X', Uint8Array.of(2, 0, 0, 0), side(15), side(15)),
        part('ANIM', new Uint8Array(6)),
        frame(left),
      );
    expect(await rejection('image/webp', file(0))).toBe('image');
    expect(await rejection('image/webp', file(8))).toBe('damaged');
  });
});

describe('inspect, for a file with more parts than any ordinary file', () => {
  it.each([
    ['JPEG segments', 'image/jpeg', () => plainJpeg({ before: [many(segment(0xfe, new Uint8Array(0)))] })],
    ['PNG chunks', 'image/png', () => plainPng({ before: [many(chunk('tEXt', new Uint8Array(0)))] })],
    ['WebP chunks', 'image/webp', () => riff('WEBP', many(bytesOf('abcd\0\0\0\0')))],
    [
      'GIF blocks',
      'image/gif',
      () => joined([gifFile().subarray(0, 19), many(Uint8Array.of(0x21, 0xfe, 0)), gifFile().subarray(19)]),
    ],
    ['WAV chunks', 'audio/wav', () => riff('WAVE', many(bytesOf('abcd\0\0\0\0')))],
    ['MP4 boxes', 'audio/mp4', () => joined([box('ftyp'), many(box('free'))])],
    ['pieces of MP3', 'audio/mpeg', () => many(joined([mp3File(2).subarray(30), bytesOf('x')]))],
    ['Ogg streams', 'audio/ogg', () => oggStreams(1001)],
  ] as const)('rejects %s', async (_title, type, make) => {
    expect(await rejection(type, make())).toBe('too-complex');
  });

  it('rejects deeply nested MP4 boxes', async () => {
    let nested = box('trak');
    for (let depth = 0; depth < 100; depth += 1) nested = box('trak', nested);
    expect(await rejection('audio/mp4', joined([mp4File(1500), nested]))).toBe('damaged');
  });

  it('limits the number of WebM elements', () => {
    const count = partCounter(3);
    for (let part = 0; part < 3; part += 1) count();
    expect(count).toThrow('more than 3 parts');
  });
});

function readsOf(work: () => void): number {
  const original = Object.getOwnPropertyDescriptor(ByteReader.prototype, 'byte');
  let reads = 0;
  Object.defineProperty(ByteReader.prototype, 'byte', {
    ...original,
    value(this: ByteReader, at: number): number {
      reads += 1;
      return (original?.value as (at: number) => number).call(this, at);
    },
  });
  try {
    work();
  } finally {
    if (original !== undefined) Object.defineProperty(ByteReader.prototype, 'byte', original);
  }
  return reads;
}

describe('the work of inspect', () => {
  it.each([
    [
      'a WebM file with zeros in its document type',
      'audio/webm',
      () => webmOfKind(`webm${'\0'.repeat(1_000_000)}x`),
      'damaged',
    ],
    ['an archive with dots in its names', 'application/zip', () => archiveOf(`${'.'.repeat(60_000)}x`), 'document'],
  ] as const)('does not grow quadratically for %s', async (_title, type, make, outcome) => {
    expect(await rejection(type, make())).toBe(outcome);
  });

  it('includes only one of several colour profiles of a PNG', async () => {
    const profile = (content: Uint8Array) => chunk('iCCP', joined([bytesOf('a\0\0'), deflateSync(content)]));
    const inspection = await inspect(
      'image/png',
      plainPng({ before: [profile(new Uint8Array(1000)), profile(colourProfile())] }),
    );
    expect(inspection.kind === 'rejected' ? '' : latin1(inspection.bytes)).toMatch(/IHDR(?!.*iCCP)/s);
  });

  it('counts bytes that tags of a colour profile share for each tag', () => {
    const shared = new Uint8Array(1024 * 1024);
    const profile = colourProfile();
    const [head, table] = [profile.subarray(0, 128), ['A2B0', 'A2B1', 'A2B2', 'B2A0', 'B2A1']];
    const tags = table.map((name) => joined([bytesOf(name), bigEndian32(4 + 128 + 60), bigEndian32(shared.length)]));
    expect(cleanProfile(joined([head, bigEndian32(tags.length), ...tags, shared]), 3)).toBeUndefined();
  });

  it('grows linearly with the length of a WebM file', () => {
    const reads = [1000, 4000].map((blocks) => {
      const bytes = webmFile(blocks);
      const count = readsOf(() => void inspect('audio/webm', bytes));
      return count / bytes.length;
    });
    expect(reads[0]).toBeGreaterThan(0);
    expect(reads[1]).toBeLessThan((reads[0] ?? 0) * 1.1);
    expect(reads[1]).toBeLessThan(3);
  });

  it('grows linearly with the length of an Ogg file', () => {
    const page = oggPage({ serial: 7, flags: 2, packets: [bytesOf('OpusHead\x01\x01\0\0\0\0\0\0\0\0\0')] });
    const reads = [100, 400].map((pages) => {
      const bytes = many(page, pages);
      return readsOf(() => void inspect('audio/ogg', bytes)) / bytes.length;
    });
    expect(reads[0]).toBeGreaterThan(0);
    expect(reads[1]).toBeLessThan((reads[0] ?? 0) * 1.1);
  });
});

function scans(count: number): Uint8Array {
  const scan = joined([segment(0xda, Uint8Array.of(1, 1, 0, 1, 63, 0)), Uint8Array.of(0)]);
  const start = plainJpeg({ width: 7000, height: 7000, components: 1, frame: 0xc2 }).subarray(0, -2);
  return joined([start, many(scan, count), Uint8Array.of(0xff, 0xd9)]);
}

function animatedPng(left: number): Uint8Array {
  const control = chunk('acTL', joined([bigEndian32(1), bigEndian32(0)]));
  return plainPng({ before: [control], behindImage: pngFrame(0, left) });
}

function bomb(): Uint8Array {
  const data = plainPng({ width: 4000, height: 4000, colourType: 0 });
  return chunk('iCCP', joined([bytesOf('a\0\0'), data.subarray(41, -16)]));
}

function run(count: number): Uint8Array {
  const times = joined([0, 0, 0, 1000, 0].map(bigEndian32));
  const handler = [new Uint8Array(8), bytesOf('soun'), new Uint8Array(12)];
  const media = box('mdia', box('mdhd', times, new Uint8Array(4)), box('hdlr', ...handler));
  const movie = box('moov', box('mvhd', times, new Uint8Array(80)), box('trak', media));
  const samples = box('trun', bigEndian32(0x100), bigEndian32(count));
  const fragment = box('moof', box('traf', box('tfhd', bigEndian32(0), bigEndian32(1)), samples));
  return joined([box('ftyp', bytesOf('iso5')), movie, fragment]);
}

function countOf(count: number): Uint8Array {
  const bytes = zipFile([{ name: 'a' }]);
  bytes.set([count & 255, count >> 8, count & 255, count >> 8], bytes.length - 14);
  return bytes;
}

function riff(kind: string, body: Uint8Array): Uint8Array {
  return joined([bytesOf('RIFF'), littleEndian32(body.length + 4), bytesOf(kind), body]);
}

function oggStreams(count: number): Uint8Array {
  return joined(
    Array.from({ length: count }, (_, serial) =>
      oggPage({ serial, flags: 2, packets: [bytesOf('OpusHead\x01\x01\0\0\0\0\0\0\0\0\0')] }),
    ),
  );
}

function webmOfKind(kind: string): Uint8Array {
  return joined([element([0x1a, 0x45, 0xdf, 0xa3], element([0x42, 0x82], bytesOf(kind))), webmFile(2).subarray(12)]);
}

function archiveOf(name: string): Uint8Array {
  return zipFile(Array.from({ length: 200 }, () => ({ name })));
}
