import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AttachmentType, attachmentTypes } from '../../contract/schemas/attachment-types.ts';
import { docxFile, type Entry, zipFile } from './formats/archive-builders.ts';
import { bytesOf, joined, latin1, littleEndian32 } from './formats/byte-rules.ts';
import { codec, gifFile, jpegFile, gpsPosition, pngFile, webpFile } from './formats/image-builders.ts';
import { jpegSamples, plainJpeg, plainPng, pngSamples } from './formats/picture-samples.ts';
import {
  element,
  fragmentedMp4File,
  mp3File,
  mp4File,
  oggFile,
  vorbisFile,
  wavFile,
  webmFile,
} from './formats/sound-builders.ts';
import { inspect } from './inspection-rules.ts';

const office = 'application/vnd.openxmlformats-officedocument';
const docx = `${office}.wordprocessingml.document` as const;
const xlsx = `${office}.spreadsheetml.sheet` as const;
const pdf = bytesOf('%PDF-1.7\n1 0 obj\nendobj\n%%EOF\n');

const good: Readonly<Partial<Record<AttachmentType, () => Uint8Array | Promise<Uint8Array>>>> = {
  'image/jpeg': () => jpegFile(40, 20, { orientation: 6, comment: 'by hand' }),
  'image/png': () => pngFile(40, 20, { orientation: 6, comment: 'by hand' }),
  'image/gif': () => gifFile({ comment: 'by hand' }),
  'image/webp': () => webpFile(40, 20, { orientation: 6 }),
  'audio/ogg': () => oggFile(1500),
  'audio/webm': () => webmFile(26),
  'audio/mp4': () => mp4File(1500),
  'audio/mpeg': () => mp3File(58),
  'audio/wav': () => wavFile(1500),
  'application/pdf': () => pdf,
  'text/plain': () => new TextEncoder().encode('“Grüße” ☂\n'),
  'text/csv': () => bytesOf('name,place\na,b\n'),
  'application/zip': () => zipFile([{ name: 'a.txt' }, { name: 'folder/b.txt' }]),
  [docx]: () => docxFile(),
};
const types = Object.keys(good) as AttachmentType[];

async function goodFile(type: AttachmentType): Promise<Uint8Array> {
  const make = good[type];
  if (make === undefined) throw new Error(`No file of type ${type}`);
  return make();
}

async function accepted(type: AttachmentType, bytes: Uint8Array) {
  const inspection = await inspect(type, bytes);
  if (inspection.kind === 'rejected') throw new Error(inspection.detail);
  return inspection;
}

async function rejected(type: AttachmentType, bytes: Uint8Array) {
  const inspection = await inspect(type, bytes);
  if (inspection.kind !== 'rejected') throw new Error('It was accepted');
  return inspection;
}

describe('inspect', () => {
  it.each(types)('accepts a file of type %s', async (type) => {
    expect(await accepted(type, await goodFile(type))).toMatchObject({ type });
  });

  it.each(types)('accepts its own output for a file of type %s and leaves it unchanged', async (type) => {
    const once = await accepted(type, await goodFile(type));
    expect(await accepted(type, once.bytes)).toEqual(once);
  });

  it.each(types)('does not accept a file of type %s as a type of another family', async (type) => {
    const bytes = await goodFile(type);
    const family = (each: AttachmentType) =>
      each.startsWith(office) ? 'application/zip' : (/^(image|audio|text)\//.exec(each)?.[0] ?? each);
    for (const other of attachmentTypes.filter((each) => family(each) !== family(type))) {
      if (other.startsWith('text/') && type === 'application/pdf') continue;
      expect((await inspect(other, bytes)).kind, other).toBe('rejected');
    }
  });

  it.each([
    ['image/jpeg', 'image/webp', () => webpFile(8, 8)],
    ['image/png', 'image/jpeg', () => plainJpeg()],
    ['audio/wav', 'audio/mpeg', () => mp3File(9)],
    ['audio/mpeg', 'audio/mp4', () => mp4File(1500)],
    [docx, xlsx, () => docxFile([], 'xl/workbook.xml', 'spreadsheetml.sheet')],
  ] as const)('accepts a file announced as %s that is %s, and returns the real type', async (announced, type, make) => {
    expect(await accepted(announced, await make())).toMatchObject({ type });
  });

  it.each([
    ['image/jpeg', bytesOf('\0\0\0\x18ftypheic\0\0\0\0'), 'a HEIC picture'],
    ['image/png', pdf, 'Announce it as application/pdf'],
    ['audio/mp4', bytesOf('fLaC\0\0\0\x22'), 'a FLAC sound'],
    ['application/pdf', bytesOf('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'), 'Office document of the old kind'],
    ['application/zip', bytesOf('Rar!\x1a\x07\0'), 'a RAR archive'],
    ['text/plain', bytesOf('MZ\x90\0\x03'), 'a Windows program'],
  ] as const)('names the real type of a file announced as %s', async (type, bytes, words) => {
    const { rejection, detail } = await rejected(type, bytes);
    expect(rejection).toBe('wrong-type');
    expect(detail).toContain(words);
    expect(detail).toContain(type);
  });

  it.each(attachmentTypes)('never throws for any bytes announced as %s', async (type) => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        expect((await inspect(type, bytes)).kind).toMatch(/./);
      }),
    );
  });

  it.each(types)('never throws for a file of type %s with any byte changed', async (type) => {
    const bytes = await goodFile(type);
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.nat(255), async (at, value) => {
        const changed = Uint8Array.from(bytes);
        changed[at] = value;
        expect((await inspect(type, changed)).kind).toMatch(/./);
      }),
      { numRuns: 60 },
    );
  });
});

const lenient: readonly AttachmentType[] = ['audio/ogg', 'audio/webm', 'audio/mpeg', 'audio/wav'];

describe('inspect, for a file that ends too early,', () => {
  it.each(types.filter((type) => !type.startsWith('text/') && !lenient.includes(type)))(
    'rejects type %s with advice',
    async (type) => {
      const bytes = await goodFile(type);
      const cut = type === 'image/jpeg' ? 0.3 : 0.7;
      const { rejection, detail } = await rejected(type, bytes.subarray(0, Math.floor(bytes.length * cut)));
      expect(rejection).toBe('damaged');
      expect(detail).toContain('Send the original');
    },
  );

  it.each([
    ['audio/ogg', oggFile(3000)],
    ['audio/webm', webmFile(50)],
    ['audio/mpeg', mp3File(100)],
    ['audio/wav', wavFile(3000)],
  ] as const)('accepts type %s as a shorter sound', async (type, bytes) => {
    const whole = await accepted(type, bytes);
    const half = await accepted(type, bytes.subarray(0, bytes.length * 0.6));
    if (whole.kind !== 'sound' || half.kind !== 'sound') throw new Error('No sound');
    expect(half.durationMs).toBeLessThan(whole.durationMs);
    expect(half.durationMs).toBeGreaterThan(900);
  });
});

describe('inspect, for a picture,', () => {
  const pictures = types.filter((type) => type.startsWith('image/'));

  it.each(pictures)('removes GPS position, comments and trailing data from type %s', async (type) => {
    const trailing = 'what a camera leaves';
    const make = { 'image/jpeg': jpegFile, 'image/png': pngFile, 'image/webp': webpFile }[type as 'image/jpeg'];
    const extras = { orientation: 6, comment: 'by hand', trailing };
    const bytes = type === 'image/gif' ? gifFile(extras) : await make(40, 20, extras);
    const inspection = await accepted(type, bytes);
    if (inspection.kind !== 'image') throw new Error('It is not a picture');
    const text = latin1(inspection.bytes);
    for (const word of [gpsPosition, 'by hand', trailing, 'xmpmeta']) expect(text).not.toContain(word);
    if (type !== 'image/gif') expect(inspection.image).toMatchObject({ width: 40, height: 20, orientation: 6 });
  });

  it.each(Object.entries(jpegSamples))('accepts as JPEG %s', async (_title, make) => {
    const { bytes } = await accepted('image/jpeg', make());
    expect(latin1(bytes)).not.toMatch(/\*\/|<svg|xmpmeta|MPF|makers of cameras|SEFH|ftyp/);
  });

  it.each(Object.entries(pngSamples))('accepts as PNG %s', async (_title, make) => {
    const { bytes } = await accepted('image/png', make());
    expect(latin1(bytes)).not.toMatch(/\*\/|<svg|<\?xml|makers of cameras/);
  });

  it.each([
    ...Object.entries(jpegSamples)
      .filter(([title]) => !title.includes('CMYK'))
      .map((each) => ['jpeg', ...each] as const),
    ...Object.entries(pngSamples).map((each) => ['png', ...each] as const),
  ])('returns a decodable %s for %s', async (kind, _title, make) => {
    const { bytes } = await accepted(`image/${kind}`, make());
    const picture = await decoded(kind, bytes);
    expect(picture.data.length).toBe(picture.width * picture.height * 4);
  });

  it('keeps its colour profile without the names in the profile', async () => {
    const make = jpegSamples['an iPhone photo, with profile and index'];
    const text = latin1((await accepted('image/jpeg', make?.() ?? new Uint8Array())).bytes);
    for (const tag of ['ICC_PROFILE', 'acsp', 'rXYZ', 'gTRC', 'desc']) expect(text).toContain(tag);
    for (const tag of ['vued', 'makr']) expect(text).not.toContain(tag);
  });

  it.each([
    ['50,000 × 50,000 in PNG', 'image/png', () => pngFile(4, 4, {}, [50_000, 50_000])],
    ['50,000 × 50,000 in JPEG', 'image/jpeg', () => plainJpeg({ width: 8, height: 50_000 })],
  ] as const)('rejects %s before decoding', async (_title, type, make) => {
    const { rejection, detail } = await rejected(type, make());
    expect(rejection).toBe('too-many-pixels');
    expect(detail).toContain('50000');
  });

  it.each([
    ['arithmetic codes', plainJpeg({ frame: 0xc9 })],
    ['12 bits per colour', plainJpeg({ frame: 0xc1, bits: 12 })],
    ['no lossy compression', plainJpeg({ frame: 0xc3 })],
  ])('rejects JPEG with %s, which browsers do not show', async (_title, bytes) => {
    expect((await rejected('image/jpeg', bytes)).detail).toContain('browsers do not show');
  });

  it('rejects a PNG when its data do not match its size', async () => {
    for (const rows of [263, 265]) expect((await rejected('image/png', plainPng({ rows }))).rejection).toBe('damaged');
  });

  it('rejects a picture when other programs read its compressed data as a page or an archive', async () => {
    const webp = await webpFile(8, 8);
    for (const hidden of [bytesOf('<script>alert(1)</script>'), zipFile([{ name: 'a' }])]) {
      const data = joined([webp.subarray(20), hidden, new Uint8Array((webp.length + hidden.length) % 2)]);
      const body = joined([bytesOf('WEBPVP8 '), littleEndian32(data.length), data]);
      const bytes = joined([bytesOf('RIFF'), littleEndian32(body.length), body]);
      expect((await rejected('image/webp', bytes)).rejection).toBe('hides-something');
    }
  });
});

async function decoded(kind: 'jpeg' | 'png', bytes: Uint8Array) {
  Object.assign(globalThis, {
    ImageData: class {
      readonly data: Uint8ClampedArray;
      readonly width: number;
      readonly height: number;
      constructor(data: Uint8ClampedArray, width: number, height: number) {
        [this.data, this.width, this.height] = [data, width, height];
      }
    },
  });
  const decoder = kind === 'jpeg' ? await import('@jsquash/jpeg/decode.js') : await import('@jsquash/png/decode.js');
  const path = kind === 'jpeg' ? 'jpeg/codec/dec/mozjpeg_dec.wasm' : 'png/codec/pkg/squoosh_png_bg.wasm';
  await decoder.init(codec(`@jsquash/${path}`));
  return decoder.default(Uint8Array.from(bytes).buffer);
}

describe('inspect, for a sound,', () => {
  const long = (id: readonly number[], content: Uint8Array) =>
    joined([Uint8Array.from(id), Uint8Array.of(0x01, 0, 0, 0), littleEndian32(content.length).reverse(), content]);
  const tracks = element([0xae], element([0x83], Uint8Array.of(2)));
  const block = Uint8Array.of(0x81, 1500 >> 8, 1500 & 255, 0x80, 1);
  const streamed = joined([
    long([0x1a, 0x45, 0xdf, 0xa3], element([0x42, 0x82], bytesOf('webm'))),
    long(
      [0x18, 0x53, 0x80, 0x67],
      joined([
        long([0x16, 0x54, 0xae, 0x6b], tracks),
        long([0x1f, 0x43, 0xb6, 0x75], joined([long([0xe7], Uint8Array.of(0)), long([0xa3], block)])),
      ]),
    ),
  ]);
  const adpcm = joined([
    ...[bytesOf('RIFF'), littleEndian32(0), bytesOf('WAVEfmt '), littleEndian32(20)],
    Uint8Array.of(0x11, 0, 1, 0, 0x40, 0x1f, 0, 0, 0, 0, 0, 0, 0, 1, 4, 0, 2, 0, 505 & 255, 505 >> 8),
    ...[bytesOf('data'), littleEndian32(24 * 256), new Uint8Array(24 * 256)],
  ]);
  const withSizes = (riff: number, data: number) => {
    const bytes = wavFile(1500);
    bytes.set(littleEndian32(riff), 4);
    bytes.set(littleEndian32(data), 40);
    return bytes;
  };
  const tag = bytesOf('ID3\x03\0\0\0\0\0\x14 the place where it is ');

  it.each([
    ['Ogg', 'audio/ogg', oggFile(1500), 1500],
    ['a cropped Ogg recording', 'audio/ogg', oggFile(1500, { cropped: 600_000 }), 1500],
    ['two chained Ogg recordings', 'audio/ogg', joined([oggFile(1500), oggFile(2000, { serial: 2 })]), 3500],
    ['Ogg with Vorbis', 'audio/ogg', vorbisFile(1500), 1500],
    ['WebM', 'audio/webm', webmFile(26), 1500],
    ['WebM with sizes of eight bytes', 'audio/webm', streamed, 1500],
    ['MP4', 'audio/mp4', mp4File(1500), 1500],
    ['MP4 in fragments', 'audio/mp4', fragmentedMp4File(75), 1500],
    ['MP3', 'audio/mpeg', mp3File(58), 1515],
    ['MP3 with two tags', 'audio/mpeg', joined([tag, new Uint8Array(9), tag, mp3File(58)]), 1515],
    ['MP3 with an old tag', 'audio/mpeg', joined([mp3File(58), bytesOf('TAG'), new Uint8Array(125)]), 1515],
    ['WAV', 'audio/wav', wavFile(1500), 1500],
    ['WAV from a pipe', 'audio/wav', withSizes(0xffffffff, 0xffffffff), 1500],
    ['WAV from a program that crashed', 'audio/wav', withSizes(0, 0), 1500],
    ['WAV without samples', 'audio/wav', wavFile(0), 0],
    ['WAV with ADPCM', 'audio/wav', adpcm, 1515],
  ] as const)('returns the duration of %s', async (_title, type, bytes, durationMs) => {
    expect(await accepted(type, bytes)).toMatchObject({ kind: 'sound', durationMs });
  });

  it.each([
    ['audio/mp4', mp4File(1500, 'vide')],
    ['audio/webm', webmFile(26, 1)],
  ] as const)('rejects a video of type %s', async (type, bytes) => {
    expect((await rejected(type, bytes)).detail).toContain('it contains a video');
  });

  it.each([
    ['audio/mpeg', joined([mp3File(100), bytesOf('x'.repeat(9000))])],
    ['audio/ogg', joined([oggFile(1000), bytesOf('x'.repeat(50))])],
  ] as const)('rejects type %s with much trailing data', async (type, bytes) => {
    expect((await rejected(type, bytes)).rejection).toBe('damaged');
  });
});

describe('inspect, for a text,', () => {
  it.each([
    ['that is a page', '<!DOCTYPE html><p>'],
    ['about HTML', 'Use <script> and <form>, never <marquee>.\n'],
    ['with a comment first', '<!-- notes --><x><script>alert(1)</script>'],
    ['with formulas', '=HYPERLINK("https://example.org")\n'],
    ['that begins like another file', 'MZ is how programs begin; ID3 is how songs do.\n'],
    ['from a terminal', '\x1b[31mfailed\x1b[0m\x07 5%\b\b6%\v\f\r\n'],
    ['with the end mark of DOS', 'name;place\r\n\x1a'],
  ])('accepts a text %s unchanged', async (_title, text) => {
    expect(await accepted('text/plain', bytesOf(text))).toMatchObject({ bytes: bytesOf(text), charset: 'utf-8' });
  });

  it.each([
    ['UTF-8 with a byte order mark', bytesOf('\xef\xbb\xbfa;b\n'), 'utf-8'],
    ['UTF-16, as Notepad and Excel write it', bytesOf('\xff\xfea\0;\0b\0'), 'utf-16le'],
    ['big-endian UTF-16', bytesOf('\xfe\xff\0a\0b'), 'utf-16be'],
    ['Windows-1252, as Excel writes CSV', bytesOf('Stra\xdfe;Gr\xfc\xdfe;5 \x80\r\n'), undefined],
  ])('accepts %s', async (_title, bytes, charset) => {
    expect(await accepted('text/csv', bytes)).toMatchObject({ bytes, charset });
  });

  it.each([
    ['a null character', bytesOf('a\0b')],
    ['a control character', bytesOf('a\x02b')],
    ['an end mark of DOS before its end', bytesOf('a\x1ab')],
    ['half a character of UTF-16', bytesOf('\xff\xfea\0b')],
    ['a null character in UTF-16', bytesOf('\xff\xfea\0\0\0')],
  ])('rejects a text with %s', async (_title, bytes) => {
    expect((await rejected('text/plain', bytes)).rejection).toBe('damaged');
  });
});

describe('inspect, for a PDF,', () => {
  it.each([
    ['a byte order mark', '\xef\xbb\xbf'],
    ['blank lines', '\r\n\n '],
  ])('accepts %s at the beginning', async (_title, before) => {
    expect((await accepted('application/pdf', joined([bytesOf(before), pdf]))).kind).toBe('document');
  });

  it('removes data after the last end mark', async () => {
    const { bytes } = await accepted('application/pdf', joined([pdf, bytesOf('garbage'), zipFile([{ name: 'a' }])]));
    expect(bytes).toEqual(pdf);
  });

  it.each([
    ['a page before it', joined([bytesOf('<html>'), pdf])],
    ['an archive in it', joined([pdf, zipFile([{ name: 'a' }], '%%EOF')])],
    ['no end', pdf.subarray(0, 20)],
  ])('rejects a PDF with %s', async (_title, bytes) => {
    expect((await inspect('application/pdf', bytes)).kind).toBe('rejected');
  });
});

describe('inspect, for an archive,', () => {
  const gigabyte = 1024 ** 3;
  const large = 'x'.repeat(12_000_000);

  it.each([
    ['deflated files', [{ name: 'a', text: 'x'.repeat(9000), isDeflated: true }]],
    [
      'sizes after its files',
      [
        { name: 'a', sizesBehind: 'signed' },
        { name: 'b', sizesBehind: 'unsigned' },
      ],
    ],
    ['a password', [{ name: 'a', isEncrypted: true }]],
    ['folders', [{ name: 'a/', text: '' }, { name: 'a/b ö.txt' }]],
    ['no files', []],
  ] as const)('accepts an archive with %s', async (_title, entries: readonly Entry[]) => {
    expect((await accepted('application/zip', zipFile(entries, 'a comment'))).kind).toBe('document');
  });

  it.each([
    ['grows a thousandfold', [{ name: 'a', text: large, isDeflated: true }], '100 times'],
    [
      'grows beyond its declared size',
      [{ name: 'a', text: large, isDeflated: true, claimed: 1000 }],
      'more than its declared size',
    ],
    ['unpacks to more than a gigabyte', [{ name: 'a', claimed: gigabyte }, { name: 'b' }], 'more than 1 GiB'],
    ['has a thousand and one files', Array.from({ length: 1001 }, (_, index) => ({ name: `${index}` })), '1000 files'],
    ['contains an archive', [{ name: 'inner.ZIP' }], 'another archive'],
    ['contains an archive with a space after its name', [{ name: 'inner.zip ' }], 'another archive'],
    ['contains a link', [{ name: 'link', isLink: true }], 'a link'],
    ['leads out of its folder', [{ name: 'a/../../b' }], 'out of its folder'],
    ['leads out of its folder by a name with a space', [{ name: 'a/.. /b' }], 'out of its folder'],
    ['names an absolute path', [{ name: '/etc/passwd' }], 'out of its folder'],
    ['names a drive', [{ name: 'C:\\a' }], 'out of its folder'],
    ['contains macros', [{ name: 'word/vbaProject.bin' }], 'macros'],
  ] as const)('rejects as unsafe an archive that %s', async (_title, entries: readonly Entry[], words) => {
    const { rejection, detail } = await rejected('application/zip', zipFile(entries));
    expect(rejection).toBe('unsafe-archive');
    expect(detail).toContain(words);
  });

  it.each([
    ['data before it', joined([Uint8Array.of(1), zipFile([{ name: 'a' }])])],
    ['data after it', joined([zipFile([{ name: 'a' }]), Uint8Array.of(1)])],
    ['data between its files', zipFile([{ name: 'a', gap: 'hidden' }, { name: 'b' }])],
    ['data before its directory', zipFile([{ name: 'a', gap: 'hidden' }])],
    ['a file name that differs from the directory', zipFile([{ name: 'a.txt', localName: '../x.y' }])],
    ['a file size that differs from the directory', zipFile([{ name: 'a', claimed: 9 }])],
  ])('rejects an archive with %s', async (_title, bytes) => {
    expect((await inspect('application/zip', bytes)).kind).toBe('rejected');
  });
});

describe('inspect, for an Office document,', () => {
  it('accepts any name of the main part', async () => {
    expect(await accepted(docx, docxFile([], 'word/document2.xml'))).toMatchObject({ type: docx });
  });

  it.each([
    ['has macros', docxFile([{ name: 'word/vbaProject.bin' }]), 'unsafe-archive'],
    ['declares macros', docxFile([], 'word/document.xml', 'macroEnabled'), 'unsafe-archive'],
    ['is a template', docxFile([], 'word/document.xml', 'wordprocessingml.template'), 'wrong-type'],
    ['has no list of its parts', zipFile([{ name: 'word/document.xml' }]), 'wrong-type'],
  ])('rejects an Office document that %s', async (_title, bytes, rejection) => {
    expect(await rejected(docx, bytes)).toMatchObject({ rejection });
  });
});
