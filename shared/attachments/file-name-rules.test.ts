import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contentDisposition, safeName } from './file-name-rules.ts';

describe('the name of a file', () => {
  it.each([
    ['holiday.jpg', 'holiday.jpg'],
    ['Grüße ☂.pdf', 'Grüße ☂.pdf'],
    ['../../etc/passwd', 'passwd'],
    ['C:\\Users\\me\\notes.txt', 'notes.txt'],
    ['gpj.\u202eexe', 'gpj.exe'],
    ['a\r\nset-cookie: x.txt', 'aset-cookie x.txt'],
    ['..', 'file'],
    ['', 'file'],
    ['   .hidden ', 'hidden'],
    ['"quoted".txt', 'quoted.txt'],
    [`${'x'.repeat(300)}.jpeg`, `${'x'.repeat(145)}.jpeg`],
  ])('%j becomes %j', (given, safe) => {
    expect(safeName(given)).toBe(safe);
  });

  it('is safe whatever was given, and stays as it is then', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (given) => {
        const name = safeName(given);
        expect(name).not.toMatch(/[/\\"\p{Cc}\u202a-\u202e\u2066-\u2069]|^\.|\.$/u);
        expect(Array.from(name).length).toBeLessThanOrEqual(150);
        expect(name).not.toBe('');
      }),
    );
  });
});

describe('the header of a download', () => {
  it('says the name twice: for old readers, and whole', () => {
    expect(contentDisposition('attachment', 'Grüße (1).pdf')).toBe(
      `attachment; filename="Gr__e (1).pdf"; filename*=UTF-8''Gr%C3%BC%C3%9Fe%20%281%29.pdf`,
    );
  });

  it('is one header whatever the name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (given) => {
        const header = contentDisposition('inline', safeName(given));
        expect(header).toMatch(/^inline; filename="[\x20\x21\x23-\x5b\x5d-\x7e]*"; filename\*=UTF-8''[!-~]*$/);
        expect(decodeURIComponent(header.split("UTF-8''")[1] ?? '')).toBe(safeName(given));
      }),
    );
  });
});
