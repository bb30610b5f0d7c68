import { describe, expect, it } from 'vitest';
import type { AttachmentType } from '../../contract/schemas/attachment-types.ts';
import { bigEndian32, ByteReader, bytesOf, joined, latin1, littleEndian32 } from './formats/byte-rules.ts';
import { segment, webpFile } from './formats/image-builders.ts';
import { gifBlocks, gifOf, lzw, plainJpeg, plainPng, pngFrame } from './formats/picture-samples.ts';
import { chunk } from './formats/png-rules.ts';
import {
  box,
  element,
  mp3File,
  mp4File,
  oggFile,
  oggPage,
  vorbisFile,
  wavFile,
  webmFile,
} from './formats/sound-builders.ts';
import { inspect } from './inspection-rules.ts';

const canary = bytesOf('CANARY-GPS-48.85');

type Variant = readonly [title: string, bytes: Uint8Array];

async function expectNoCanary(type: AttachmentType, variants: readonly Variant[], least: number): Promise<void> {
  const outcomes = { accepted: 0, rejected: 0 };
  for (const [title, bytes] of variants) {
    const inspection = await inspect(type, bytes);
    outcomes[inspection.kind === 'rejected' ? 'rejected' : 'accepted'] += 1;
    if (inspection.kind !== 'rejected') expect(latin1(inspection.bytes), title).not.toContain('GPS-48');
  }
  expect(variants.length).toBeGreaterThan(least);
  expect(outcomes.accepted).toBeGreaterThan(least / 2);
}

const hex = (value: number) => value.toString(16).padStart(2, '0');
const bytes256 = Array.from({ length: 256 }, (_, index) => index);

function between(parts: readonly Uint8Array[], inserted: readonly Variant[]): readonly Variant[] {
  return inserted.flatMap(([title, part]) =>
    Array.from({ length: parts.length - 1 }, (_, at): Variant => [
      `${title} before part ${at + 1}`,
      joined([...parts.slice(0, at + 1), part, ...parts.slice(at + 1)]),
    ]),
  );
}

function longer(
  parts: readonly Uint8Array[],
  lengthen: (part: Uint8Array) => Uint8Array | undefined,
): readonly Variant[] {
  return parts.flatMap((part, at): readonly Variant[] => {
    const changed = lengthen(part);
    if (changed === undefined) return [];
    return [[`within part ${at}`, joined([...parts.slice(0, at), changed, ...parts.slice(at + 1)])]];
  });
}

function jpegParts(bytes: Uint8Array): readonly Uint8Array[] {
  const reader = new ByteReader(bytes);
  const parts = [bytes.subarray(0, 2)];
  for (let at = 2; reader.byte(at + 1) !== 0xd9;) {
    let end = at + 2 + reader.uint16(at + 2);
    if (reader.byte(at + 1) === 0xda) while (reader.byte(end) !== 0xff) end += 1;
    parts.push(bytes.subarray(at, end));
    at = end;
  }
  return [...parts, bytes.subarray(-2)];
}

function pngParts(bytes: Uint8Array): readonly Uint8Array[] {
  const reader = new ByteReader(bytes);
  const parts = [bytes.subarray(0, 8)];
  for (let at = 8; at < bytes.length; at += parts.at(-1)?.length ?? 0)
    parts.push(reader.slice(at, at + 12 + reader.uint32(at)));
  return parts;
}

function riffChunk(name: string, content: Uint8Array): Uint8Array {
  return joined([bytesOf(name), littleEndian32(content.length), content, new Uint8Array(content.length % 2)]);
}

function riffParts(bytes: Uint8Array): readonly Uint8Array[] {
  const reader = new ByteReader(bytes);
  const parts = [bytes.subarray(0, 0)];
  for (let at = 12; at < bytes.length; at += parts.at(-1)?.length ?? 0) {
    const length = reader.uint32(at + 4, true);
    parts.push(reader.slice(at, at + 8 + length + (length % 2)));
  }
  return [...parts, new Uint8Array(0)];
}

function riffFile(kind: string, body: Uint8Array): Uint8Array {
  return joined([bytesOf('RIFF'), littleEndian32(body.length + 4), bytesOf(kind), body]);
}

describe('inspect', () => {
  it('removes foreign bytes from a JPEG file', async () => {
    const jfif = segment(0xe0, bytesOf('JFIF\0\x01\x02\0\0\x48\0\x48\0\0'));
    const adobe = segment(0xee, bytesOf('Adobe\0\x64\0\0\0\0\x01'));
    for (const frame of [0xc0, 0xc2]) {
      const parts = jpegParts(plainJpeg({ frame, before: [jfif, adobe] }));
      const starts = ['', 'JFIF\0\x01\x02\0\0\x48\0\x48\x10\x10', 'JFXX\0\x13', 'Exif\0\0', 'Adobe\0\x64\0\0\0\0\x01'];
      const named = ['ICC_PROFILE\0\x01\x01', 'MPF\0', 'FPXR\0', 'http://ns.adobe.com/xap/1.0/\0', 'Photoshop 3.0\0'];
      const codes = bytes256.filter((code) => code >= 0x02 && code <= 0xfe && !(code >= 0xd0 && code <= 0xda));
      const inserted = codes.map((code): Variant => [hex(code), segment(code, canary)]);
      const applications = [...starts, ...named].flatMap((start) =>
        [0xe0, 0xe1, 0xe2, 0xed, 0xee].map((code): Variant => [
          `${hex(code)} ${start}`,
          segment(code, joined([bytesOf(start), canary])),
        ]),
      );
      const restart: Variant = ['after a marker that stands alone', joined([Uint8Array.of(0xff, 0x01), canary])];
      await expectNoCanary(
        'image/jpeg',
        [
          ...between(parts, [...inserted, ...applications]),
          ...between(parts.slice(0, -1), [['filler', canary], restart]).map(([title, bytes]): Variant => [
            title,
            joined([bytes, ...parts.slice(-1)]),
          ]),
          ...longer(parts, (part) =>
            part.length < 4 || part[1] === 0xda ? undefined : segment(part[1] ?? 0, joined([part.subarray(4), canary])),
          ),
          ['after its end', joined([...parts, canary])],
        ],
        500,
      );
    }
  });

  it('removes foreign bytes from a PNG file', async () => {
    const animated = plainPng({
      before: [chunk('pHYs', new Uint8Array(9)), chunk('acTL', joined([bigEndian32(2), bigEndian32(0)]))],
      behindImage: [...pngFrame(0), ...pngFrame(2, 4)],
    });
    const names = [
      ...[
        'IHDR',
        'PLTE',
        'IEND',
        'tRNS',
        'cHRM',
        'gAMA',
        'iCCP',
        'sBIT',
        'sRGB',
        'cICP',
        'mDCV',
        'cLLI',
        'bKGD',
        'hIST',
      ],
      ...[
        'pHYs',
        'sPLT',
        'tIME',
        'tEXt',
        'zTXt',
        'iTXt',
        'eXIf',
        'acTL',
        'fcTL',
        'fdAT',
        'oFFs',
        'pCAL',
        'sCAL',
        'gIFg',
      ],
      ...['dSIG', 'caBX', 'iDOT', 'vpAg', 'abCd', 'prVW', 'CgBI', 'ABCD'],
    ];
    const contents = [canary, joined([bytesOf('ICC\0\0'), canary]), joined([new Uint8Array(4), canary])];
    const inserted = names.flatMap((name) =>
      contents.map((content, index): Variant => [`${name} ${index}`, chunk(name, content)]),
    );
    for (const form of [plainPng(), animated]) {
      const parts = pngParts(form);
      await expectNoCanary(
        'image/png',
        [
          ...between(parts, inserted),
          ...longer(parts, (part) =>
            part.length < 12 || latin1(part.subarray(4, 8)) === 'IHDR'
              ? undefined
              : chunk(latin1(part.subarray(4, 8)), joined([part.subarray(8, -4), canary])),
          ),
          ['after its end', joined([form, canary])],
          ['after its rows', plainPng({ behindStream: canary })],
        ],
        100,
      );
    }
  });

  it('removes foreign bytes from a WebP file', async () => {
    const still = riffParts(await webpFile(16, 16, { orientation: 6 }));
    const picture = riffParts(await webpFile(16, 16));
    const side = Uint8Array.of(15, 0, 0);
    const head = joined([new Uint8Array(6), side, side, Uint8Array.of(100, 0, 0, 0)]);
    const frame = (more: Uint8Array) => riffChunk('ANMF', joined([head, ...picture, more]));
    const animated = (more: Uint8Array) => [
      new Uint8Array(0),
      riffChunk('VP8X', joined([Uint8Array.of(2, 0, 0, 0), side, side])),
      riffChunk('ANIM', new Uint8Array(6)),
      ...[frame(more), frame(new Uint8Array(0)), new Uint8Array(0)],
    ];
    const names = ['VP8X', 'ALPH', 'ANIM', 'ANMF', 'ICCP', 'EXIF', 'XMP ', 'abcd', 'JUNK', 'LIST', 'VP8 ', 'VP8L'];
    const inserted = names.map((name): Variant => [name, riffChunk(name, canary)]);
    const [withoutAlpha, quiet] = [inserted.filter(([name]) => name !== 'ALPH'), animated(new Uint8Array(0))];
    const variants = [
      ...between(still, withoutAlpha),
      ...between(quiet, inserted),
      ...longer(quiet.slice(0, 3), (part) =>
        part.length === 0 ? undefined : riffChunk(latin1(part.subarray(0, 4)), joined([part.subarray(8), canary])),
      ).map(([title, part]): Variant => [title, joined([part, ...quiet.slice(3)])]),
      ...withoutAlpha.map(([title, part]): Variant => [`${title} in a frame`, joined(animated(part))]),
    ];
    const files = variants.map(([title, body]): Variant => [title, riffFile('WEBP', body)]);
    const trailing: Variant = ['after its end', joined([riffFile('WEBP', joined(still)), canary])];
    await expectNoCanary('image/webp', [...files, trailing], 80);
  });

  it('removes foreign bytes from a GIF file', async () => {
    const blocks = (label: number, ...content: readonly Uint8Array[]) =>
      joined([Uint8Array.of(0x21, label), ...content, Uint8Array.of(0)]);
    const block = (content: Uint8Array) => joined([Uint8Array.of(content.length), content]);
    const repeat = [block(bytesOf('NETSCAPE2.0')), block(Uint8Array.of(1, 0, 0))];
    const extensions: readonly Uint8Array[] = [
      ...bytes256.map((label) => blocks(label, block(canary))),
      blocks(0xf9, block(new Uint8Array(4)), block(canary)),
      blocks(0xff, ...repeat, block(canary)),
      blocks(0xff, block(bytesOf('NETSCAPE2.0')), block(joined([Uint8Array.of(1), canary]))),
      blocks(0xff, block(bytesOf('XMP DataXMP')), block(canary)),
    ];
    const frame = { width: 4, height: 4 };
    const variants: readonly Variant[] = [
      ...extensions.map((before, index): Variant => [
        `extension ${index}`,
        gifOf([4, 4], [frame], { before: [before] }),
      ]),
      ['after the codes of a frame', gifOf([4, 4], [{ ...frame, behindCodes: canary }, frame])],
      ['after the end', gifOf([4, 4], [frame], { after: latin1(canary) })],
      [
        'after the last pixel',
        gifOf([4, 4], [{ ...frame, codes: joined([lzw(Array<number>(16).fill(1)).slice(0, -1), canary]) }]),
      ],
    ];
    await expectNoCanary('image/gif', variants, 250);
    expect(gifBlocks(canary)).toHaveLength(canary.length + 2);
  });

  it('removes foreign bytes from a WAV file', async () => {
    const parts = riffParts(wavFile(100));
    const names = ['LIST', 'INFO', 'bext', 'iXML', 'id3 ', 'fact', 'cue ', 'JUNK', 'abcd', 'fmt ', 'PEAK'];
    const inserted = names.map((name): Variant => [name, riffChunk(name, joined([new Uint8Array(4), canary]))]);
    const format = longer(parts.slice(0, 2), (part) =>
      part.length === 0 ? undefined : riffChunk('fmt ', joined([part.subarray(8), canary])),
    );
    await expectNoCanary(
      'audio/wav',
      [
        ...between(parts, inserted).map(([title, body]): Variant => [title, riffFile('WAVE', body)]),
        ...format.map(([title, part]): Variant => [title, riffFile('WAVE', joined([part, ...parts.slice(2)]))]),
        ['after its end', joined([wavFile(100), canary])],
      ],
      30,
    );
  });

  it('removes foreign bytes from an MP3 file', async () => {
    const frames = mp3File(30);
    const tag = joined([bytesOf('ID3\x03\0\0\0\0\0'), Uint8Array.of(canary.length), canary]);
    const ape = joined([
      ...[canary, bytesOf('APETAGEX'), littleEndian32(2000), littleEndian32(canary.length + 32)],
      new Uint8Array(16),
    ]);
    const variants = between(
      [new Uint8Array(0), frames, frames, new Uint8Array(0)],
      [
        ['a tag', tag],
        ['filler', canary],
        ['an old tag', joined([bytesOf('TAG'), canary, new Uint8Array(125 - canary.length)])],
        ['a tag of another kind', ape],
      ],
    );
    await expectNoCanary('audio/mpeg', variants, 10);
  });

  it('removes foreign bytes from an Ogg file', async () => {
    const comment = latin1(canary);
    const long = comment.repeat(40);
    await expectNoCanary(
      'audio/ogg',
      [
        ['comments of Opus', oggFile(1000, { comment })],
        ['comments of Vorbis', vorbisFile(1000, { comment })],
        ['long comments', oggFile(1000, { comment: long })],
        ['comments of the second of two', joined([oggFile(1000), oggFile(1000, { serial: 2, comment })])],
        ['a page that breaks off', joined([oggFile(1000), oggPage({ packets: [canary] }).subarray(0, -1)])],
      ],
      4,
    );
  });

  it('removes foreign bytes from an MP4 file', async () => {
    const names = [
      'free',
      'skip',
      'wide',
      'udta',
      'meta',
      'uuid',
      'ilst',
      '\xa9xyz',
      'loci',
      'titl',
      'pdin',
      'abcd',
      'Xtra',
      'cprt',
    ];
    const inserted = names.map((name): Variant => [name, box(name, canary)]);
    const name = [new Uint8Array(8), bytesOf('soun'), new Uint8Array(12)];
    const times = joined([0, 0, 0, 1000, 1500].map(bigEndian32));
    const track = (more: Uint8Array, slack: Uint8Array = new Uint8Array(0)) => [
      box('mdia', box('mdhd', times, new Uint8Array(4), slack), more, box('hdlr', ...name, slack)),
      more,
    ];
    const movie = (more: Uint8Array, slack: Uint8Array = new Uint8Array(0)) =>
      box('moov', more, box('mvhd', times, new Uint8Array(80), slack), box('trak', ...track(more, slack)));
    const file = (more: Uint8Array, slack: Uint8Array = new Uint8Array(0)) =>
      joined([box('ftyp', bytesOf('M4A \0\0\0\0')), movie(more, slack), more, box('mdat', new Uint8Array(9)), more]);
    await expectNoCanary(
      'audio/mp4',
      [
        ...inserted.map(([title, part]): Variant => [title, file(part)]),
        ['after its counts', file(new Uint8Array(0), canary)],
        ['after its end', joined([mp4File(1500), box('mdat')])],
      ],
      12,
    );
  });

  it('removes foreign bytes from a WebM file', async () => {
    const ids = [
      ...[[0xec], [0xbf], [0x53, 0x6e], [0x12, 0x54, 0xc3, 0x67], [0x19, 0x41, 0xa4, 0x69], [0x10, 0x43, 0xa7, 0x70]],
      ...[
        [0x7b, 0xa9],
        [0x4d, 0x80],
        [0x57, 0x41],
        [0x44, 0x61],
        [0x73, 0xa4],
        [0x42, 0x01],
        [0x1b, 0x53, 0x86, 0x67],
      ],
    ];
    const plain = webmFile(26);
    const tracksAt = latin1(plain).indexOf('\x16T\xaek');
    const clusterAt = latin1(plain).indexOf('\x1fC\xb6u');
    const variants = ids.flatMap((id) =>
      [tracksAt, clusterAt, plain.length].map((at): Variant => [
        id.map(hex).join(''),
        joined([plain.subarray(0, at), element(id, canary), plain.subarray(at)]),
      ]),
    );
    await expectNoCanary('audio/webm', variants, 35);
  });
});
