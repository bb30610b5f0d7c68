import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AttachmentType, attachmentTypes } from '../contract/schemas/attachment.ts';
import { docxFile, zipFile } from './formats/archive-builders.ts';
import { bytesOf, latin1 } from './formats/byte-rules.ts';
import { gifFile, jpegFile, placeOfPicture, pngFile, webpFile } from './formats/image-builders.ts';
import { fragmentedMp4File, mp3File, mp4File, oggFile, wavFile, webmFile } from './formats/sound-builders.ts';
import { inspect } from './inspection-rules.ts';

const docx: AttachmentType = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
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

describe('a file of its type', () => {
  it.each(types)('%s is taken', async (type) => {
    expect(inspect(type, await goodFile(type)).kind).not.toBe('rejected');
  });

  it.each(types)('%s is taken for no other type that has a form of its own', async (type) => {
    const bytes = await goodFile(type);
    const alike = new Set<AttachmentType>(['text/plain', 'text/csv', 'application/zip', type]);
    for (const other of attachmentTypes.filter((one) => !alike.has(one))) {
      if (type === 'text/plain' || type === 'text/csv' || !other.startsWith('text/')) {
        expect(inspect(other, bytes).kind, other).toBe('rejected');
      }
    }
  });

  it.each(types.filter((type) => !type.startsWith('text/') && type !== 'audio/mpeg' && type !== 'audio/webm'))(
    '%s that ends too early is refused',
    async (type) => {
      const bytes = await goodFile(type);
      expect(inspect(type, bytes.subarray(0, Math.floor(bytes.length * 0.7)))).toMatchObject({ kind: 'rejected' });
    },
  );

  it.each(attachmentTypes)('%s of any bytes is answered, never thrown', (type) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        inspect(type, bytes);
      }),
    );
  });

  it.each(types)('%s with any byte changed is answered, never thrown', async (type) => {
    const bytes = await goodFile(type);
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(255), (at, value) => {
        const changed = Uint8Array.from(bytes);
        changed[at] = value;
        inspect(type, changed);
      }),
    );
  });
});

describe('a picture', () => {
  const pictures = types.filter((type) => type.startsWith('image/'));

  it.each(pictures)('%s keeps no place, no comment and nothing behind its end', async (type) => {
    const trailing = 'what a camera leaves';
    const make = { 'image/jpeg': jpegFile, 'image/png': pngFile, 'image/webp': webpFile }[type as 'image/jpeg'];
    const extras = { orientation: 6, comment: 'by hand', trailing };
    const bytes = type === 'image/gif' ? gifFile(extras) : await make(40, 20, extras);
    const inspected = inspect(type, bytes);
    if (inspected.kind !== 'image') throw new Error('It was refused');
    const text = latin1(inspected.bytes);
    for (const word of [placeOfPicture, 'by hand', trailing, 'xmpmeta']) expect(text).not.toContain(word);
    if (type !== 'image/gif') expect(inspected.image).toMatchObject({ width: 40, height: 20, orientation: 6 });
    // What was cleaned is clean, and says the same.
    expect(inspect(type, inspected.bytes)).toEqual({
      ...inspected,
      image: { ...inspected.image, strange: expect.any(Array) as unknown },
    });
  });

  it('of fifty thousand pixels a side is not decoded', () => {
    expect(inspect('image/png', pngFile(4, 4, {}, [50_000, 50_000]))).toEqual({
      kind: 'rejected',
      rejection: 'too-many-pixels',
    });
  });

  it.each([
    ['a script as comment', gifFile({ comment: '*/=1;alert(1)' })],
    ['a script behind its end', gifFile({ trailing: '<script>alert(1)</script>' })],
    ['a width that opens a comment', gifFile({}, 'GIF89a/*\x02\0')],
    ['an archive behind its end', gifFile({ trailing: latin1(zipFile([{ name: 'a' }])) })],
  ])('with %s is refused', (_title, bytes) => {
    expect(inspect('image/gif', bytes)).toEqual({ kind: 'rejected', rejection: 'hides-something' });
  });

  it('with markup in what says its colours is refused', async () => {
    const plain = await jpegFile(8, 8);
    const profile = bytesOf('ICC_PROFILE\0\x01\x01<script>alert(1)</script>');
    const segment = [0xff, 0xe2, 0, profile.length + 2, ...profile];
    const bytes = Uint8Array.of(...plain.subarray(0, 2), ...segment, ...plain.subarray(2));
    expect(inspect('image/jpeg', bytes)).toEqual({ kind: 'rejected', rejection: 'hides-something' });
  });
});

describe('a sound', () => {
  it.each([
    ['audio/ogg', oggFile(1500), 1500],
    ['audio/webm', webmFile(26), 1500],
    ['audio/mp4', mp4File(1500), 1500],
    ['audio/mp4', fragmentedMp4File(75), 1500],
    ['audio/mpeg', mp3File(58), 1515],
    ['audio/wav', wavFile(1500), 1500],
  ] as const)('%s has its length', (type, bytes, durationMs) => {
    expect(inspect(type, bytes)).toMatchObject({ kind: 'sound', durationMs });
  });

  it.each([
    ['audio/mp4', mp4File(1500, 'vide')],
    ['audio/webm', webmFile(26, 1)],
  ] as const)('%s that is a film is refused', (type, bytes) => {
    expect(inspect(type, bytes)).toEqual({ kind: 'rejected', rejection: 'wrong-type' });
  });
});

describe('a document', () => {
  it.each(['<!DOCTYPE html><p>', '\n <html>', '<svg onload=alert(1)>', '<script>alert(1)</script>'])(
    'of text that a browser takes for a page is refused: %s',
    (text) => {
      expect(inspect('text/plain', bytesOf(text))).toEqual({ kind: 'rejected', rejection: 'hides-something' });
    },
  );

  it.each([
    ['bytes that are no text', Uint8Array.of(0xff, 0xfe, 0x41)],
    ['a null character', bytesOf('a\0b')],
  ])('of text with %s is refused', (_title, bytes) => {
    expect(inspect('text/plain', bytes)).toEqual({ kind: 'rejected', rejection: 'wrong-type' });
  });

  it('that is a PDF with something before it is refused', () => {
    expect(inspect('application/pdf', Uint8Array.of(...bytesOf('<html>'), ...pdf)).kind).toBe('rejected');
  });
});

describe('an archive', () => {
  const gigabyte = 1024 ** 3;

  it.each([
    ['that grows a thousandfold', zipFile([{ name: 'a', text: 'x'.repeat(20_000), claimed: 20_000_000 }])],
    [
      'of more than a gigabyte',
      zipFile([
        { name: 'a', claimed: gigabyte },
        { name: 'b', claimed: gigabyte },
      ]),
    ],
    ['of a thousand and one files', zipFile(Array.from({ length: 1001 }, (_, index) => ({ name: `${index}` })))],
    ['with an archive in it', zipFile([{ name: 'inner.ZIP' }])],
    ['with a link', zipFile([{ name: 'link', isLink: true }])],
    ['that leaves its folder', zipFile([{ name: 'a/../../b' }])],
    ['that names a place on the disk', zipFile([{ name: '/etc/passwd' }])],
    ['that names a drive', zipFile([{ name: 'C:\\a' }])],
  ])('%s is refused', (_title, bytes) => {
    expect(inspect('application/zip', bytes)).toEqual({ kind: 'rejected', rejection: 'unsafe-archive' });
  });

  it('with something before or after it is refused', () => {
    const archive = zipFile([{ name: 'a' }]);
    for (const bytes of [Uint8Array.of(1, ...archive), Uint8Array.of(...archive, 1)]) {
      expect(inspect('application/zip', bytes)).toEqual({ kind: 'rejected', rejection: 'wrong-type' });
    }
  });

  it('with macros is no Office document', () => {
    expect(inspect(docx, docxFile([{ name: 'word/vbaProject.bin' }]))).toEqual({
      kind: 'rejected',
      rejection: 'unsafe-archive',
    });
    expect(inspect(docx, zipFile([{ name: 'word/document.xml' }])).kind).toBe('rejected');
  });
});
