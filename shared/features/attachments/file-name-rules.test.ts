import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attachmentTypes, extensionOf, extensions } from '../../contract/schemas/attachment-types.ts';
import { hidesSomething } from '../../contract/schemas/text.ts';
import { contentDisposition, nameForType, safeName } from './file-name-rules.ts';

const anyType = fc.constantFrom(...attachmentTypes);
const anyName = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc.string({
    unit: fc.constantFrom(
      ...'a. *ع👨🏽❤1葛ᠮខ🏴🇩',
      ...'\u094d\u200c\u200d\u200b\ufe0f\u20e3\u{e0100}\u180b\u180e\u17b4\u{e0067}\u2800\u202e',
      'con',
    ),
    maxLength: 200,
  }),
);

describe('safeName', () => {
  it.each([
    ['holiday.jpg', 'image/jpeg', 'holiday.jpg'],
    ['HOLIDAY.JPG', 'image/jpeg', 'HOLIDAY.JPG'],
    ['Grüße ☂.pdf', 'application/pdf', 'Grüße ☂.pdf'],
    ['../../etc/passwd', 'text/plain', 'passwd.txt'],
    ['C:\\Users\\me\\notes.txt', 'text/plain', 'notes.txt'],
    ['gpj.\u202eexe', 'image/jpeg', 'gpj.exe.jpg'],
    ['photo.jpg\u3164\u200b\u2800.exe', 'image/jpeg', 'photo.jpg.exe.jpg'],
    ['a\r\nset-cookie: x.txt', 'text/plain', 'aset-cookie x.txt'],
    ['run.hta', 'text/plain', 'run.hta.txt'],
    ['page.html', 'text/plain', 'page.html.txt'],
    ['readme.md', 'text/plain', 'readme.md'],
    ['table.js', 'text/csv', 'table.js.csv'],
    ['x.exe', 'image/gif', 'x.exe.gif'],
    ['voice.opus', 'audio/ogg', 'voice.opus'],
    ['photo', 'image/png', 'photo.png'],
    ['..', 'image/png', 'file.png'],
    ['', 'text/plain', 'file.txt'],
    ['.txt', 'text/plain', 'txt.txt'],
    ['   .hidden ', 'text/plain', 'hidden.txt'],
    ['"quoted".txt', 'text/plain', 'quoted.txt'],
    ['con.txt', 'text/plain', '_con.txt'],
    ['LPT1', 'text/plain', '_LPT1.txt'],
    ['con .txt', 'text/plain', '_con.txt'],
    ['COM¹.txt', 'text/plain', '_COM¹.txt'],
    ['گزارش\u200cها.pdf', 'application/pdf', 'گزارش\u200cها.pdf'],
    ['क्\u200dष.txt', 'text/plain', 'क्\u200dष.txt'],
    ['葛\u{e0100}城.txt', 'text/plain', '葛\u{e0100}城.txt'],
    ['👨\u200d👩\u200d👧 ❤\ufe0f.jpg', 'image/jpeg', '👨\u200d👩\u200d👧 ❤\ufe0f.jpg'],
    [
      '🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}.png',
      'image/png',
      '🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}.png',
    ],
    ['*\ufe0f\u20e3.txt', 'text/plain', '\u20e3.txt'],
    ['a\u200db\ufe0f.txt', 'text/plain', 'ab.txt'],
    [`${'a'.repeat(244)}👨\u200d👩.jpg`, 'image/jpeg', `${'a'.repeat(244)}👨.jpg`],
    [`${'x'.repeat(300)}.jpeg`, 'image/jpeg', `${'x'.repeat(250)}.jpeg`],
    [`${'😀'.repeat(80)}.jpg`, 'image/jpeg', `${'😀'.repeat(62)}.jpg`],
    [`${'ü'.repeat(200)}.jpg`, 'image/jpeg', `${'ü'.repeat(125)}.jpg`],
  ] as const)('turns %j of type %s into %j', (given, type, safe) => {
    expect(safeName(given, type)).toBe(safe);
  });

  it('returns a safe name with an extension of its type, which fits in a file system and stays unchanged', () => {
    fc.assert(
      fc.property(anyName, anyType, (given, type) => {
        const name = safeName(given, type);
        expect(name).not.toMatch(/[/\\"\p{Cc}\p{Bidi_Control}]|^[\s.]|[\s.]$/u);
        expect(hidesSomething(name.replace(/\p{Cf}(?<!\p{Default_Ignorable_Code_Point})/gu, ''))).toBe(false);
        expect(new TextEncoder().encode(name).length).toBeLessThanOrEqual(255);
        expect(extensions[type]).toContain(extensionOf(name));
        expect(name.isWellFormed()).toBe(true);
        expect(safeName(name, type)).toBe(name);
      }),
    );
  });
});

describe('nameForType', () => {
  it.each([
    ['photo.jpg', 'image/jpeg', 'image/webp', 'photo.webp'],
    ['photo.jpg.exe.jpg', 'image/jpeg', 'image/png', 'photo.jpg.exe.png'],
    ['song.mp3', 'audio/mpeg', 'audio/mpeg', 'song.mp3'],
  ] as const)('turns %j, announced as %s but of type %s, into %j', (name, announced, type, expected) => {
    expect(nameForType(name, announced, type)).toBe(expected);
  });
});

describe('contentDisposition', () => {
  it('returns the name in ASCII for old clients and in full', () => {
    expect(contentDisposition('attachment', 'Grüße (1).pdf')).toBe(
      `attachment; filename="Gr__e (1).pdf"; filename*=UTF-8''Gr%C3%BC%C3%9Fe%20%281%29.pdf`,
    );
  });

  it('returns one header for any name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), anyType, (given, type) => {
        const name = safeName(given, type);
        const header = contentDisposition('inline', name);
        expect(header).toMatch(/^inline; filename="[\x20\x21\x23-\x5b\x5d-\x7e]*"; filename\*=UTF-8''[!-~]*$/);
        expect(decodeURIComponent(header.split("UTF-8''")[1] ?? '')).toBe(name);
      }),
    );
  });
});
