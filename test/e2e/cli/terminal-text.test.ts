import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutToWidth, displayWidth } from '../../../bin/cli/chat/display-width.ts';
import { isolated, printable, printableJson } from '../../../bin/cli/terminal-text.ts';

const dangerous = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u2028\u2029\u202a-\u202e\u2066-\u2069]/;

const anyText = fc.string({ unit: 'binary', maxLength: 40 });
const hostileText = fc
  .array(
    fc.constantFrom('\u001b[2J', '\u009b31m', '\u0007', '\u202e', '\u2069', '\r', '\n', '\u2028', 'שלום', 'a', ' '),
  )
  .map((parts) => parts.join(''));

describe('text for a terminal', () => {
  it('contains no control characters, whatever the input', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, hostileText), (text) => {
        expect(printable(text)).not.toMatch(dangerous);
        const isolatedText = isolated(text);
        for (const line of isolatedText.split('\n')) {
          expect(line.replace(/^\u2068([^\u2068\u2069]*)\u2069$/, '$1')).not.toMatch(dangerous);
        }
      }),
    );
  });

  it('shows control characters as visible symbols', () => {
    expect(printable('\u001b[31mred\u0007\u009b\u202e')).toBe('␛[31mred␇<U+009B><U+202E>');
    expect(printable('one\r\ntwo\tthree\u2028four')).toBe('one\ntwo  three\nfour');
  });

  it('does not change harmless text', () => {
    for (const text of ['Grüße, 你好', '👩‍👩‍👧 family', 'naïve café', 'a\nb']) expect(printable(text)).toBe(text);
  });

  it('isolates right-to-left lines', () => {
    expect(isolated('left\nשלום world\nمرحبا')).toBe('left\n\u2068שלום world\u2069\n\u2068مرحبا\u2069');
  });

  it('contains no control characters in JSON, which parses to the same text', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, hostileText), (text) => {
        const line = printableJson({ text });
        expect(line).not.toMatch(dangerous);
        expect(line).not.toContain('\n');
        expect(JSON.parse(line)).toEqual({ text });
      }),
    );
  });
});

describe('the width of text', () => {
  it('counts columns, not characters', () => {
    expect(['abc', 'é', 'e\u0301', '你好', '👍', ''].map(displayWidth)).toEqual([3, 1, 1, 4, 2, 0]);
  });

  it('is never exceeded by a text that cutToWidth shortens', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 1, max: 20 }), (text, columns) => {
        const cut = cutToWidth(text, columns);
        expect(displayWidth(cut)).toBeLessThanOrEqual(columns);
        if (displayWidth(text) <= columns) expect(cut).toBe(text);
      }),
    );
  });
});
