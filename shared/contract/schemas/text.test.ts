import * as z from 'zod/mini';
import { describe, expect, it } from 'vitest';
import { isVisible, jsonObject, recognisableName, text } from './text.ts';

const name = recognisableName(50);

describe('text', () => {
  it('keeps a text exactly as sent', () => {
    for (const value of ['', ' a\u0301 ', '\0', '\u202eabc', '👨‍👩‍👧', '\ufffd', '\ufeffx']) {
      expect(text().parse(value)).toBe(value);
    }
  });

  it.each(['\ud800', 'a\udc00b', '\udc00\ud800', 'x\ud83d'])('rejects half of a surrogate pair: %j', (value) => {
    expect(text().safeParse(value).success).toBe(false);
  });
});

describe('isVisible', () => {
  it.each([
    ['spaces', ' \u00a0\u3000\u2003'],
    ['controls', '\n\t\0'],
    ['Hangul fillers', '\u115f\u1160\u3164\uffa0'],
    ['blank Braille', '\u2800'],
    ['other blank symbols', '\u{1d159}\u{13441}'],
    ['variation selectors', '\ufe0f\ufe0e\u{e0100}'],
    ['zero-width characters', '\u200b\u200c\u200d\u2060\ufeff\u00ad'],
    ['marks that turn the direction', '\u202e\u2066\u200f'],
    ['combining marks alone', '\u0301\u20e3'],
    ['tags', '\u{e0041}\u{e007f}'],
    ['a mixture', ' \u3164\u2800\u0301\ufe0f'],
  ])('rejects %s', (_, value) => {
    expect(isVisible(value)).toBe(false);
  });

  it.each(['a', 'ع', '字', '👍', '1\ufe0f\u20e3', '.', '©', '\u2801', 'क्', '\ue000', '\u200b.'])(
    'accepts %j',
    (value) => {
      expect(isVisible(value)).toBe(true);
    },
  );
});

describe('recognisableName', () => {
  it.each([
    'Alice',
    'O’Brien-Müller',
    'שרה',
    'محمد',
    'علی‌رضا',
    'ශ්‍රී',
    'র‍্যাব',
    'മോഹന്‍',
    'क्‍ष',
    '葛\u{e0100}城',
    'ᠮᠣᠩᠭᠣᠯ\u180b',
    'Family 👨‍👩‍👧',
    'Team 🏴󠁧󠁢󠁥󠁮󠁧󠁿',
    'Love ❤️',
    '☎︎ desk',
    'No 1️⃣',
    '⠓⠀⠓',
    'Nguyễn Thị Ánh',
    '山田　太郎',
  ])('accepts %j', (value) => {
    expect(name.parse(value)).toBe(value);
  });

  it.each([
    '\u202eecilA',
    'Al\u200bice',
    'Alice\u200b',
    'Alice\u200d',
    'Al\u00adice',
    'Al\u2060ice',
    'Alice\u3164',
    'Alice\u2800',
    'A\ufe0flice',
    '1\ufe0f',
    '\u2066Alice\u2069',
    'Alice\u200f',
    'علی\u200c',
    'عل\u200c\u200cی',
    'Al\u{e0041}ice',
    'Al\u034fice',
    'Al\u115fice',
    '\u3164',
    '\u2800',
    '   ',
    '\u0301',
    'Al\nice',
    'Al\u2028ice',
    'Al\ud800ice',
  ])('rejects %j', (value) => {
    expect(name.safeParse(value).success).toBe(false);
  });

  it('removes leading and trailing white space', () => {
    expect(name.parse('\u00a0 Alice\u3000')).toBe('Alice');
  });
});

describe('jsonObject', () => {
  const object = z.strictObject({ metadata: jsonObject(200) });
  const pathsOf = (metadata: unknown) => object.safeParse({ metadata }).error?.issues.map((issue) => issue.path);

  it('keeps an object exactly as sent', () => {
    const metadata = { 'a b': ['x', 1.5, null, { deep: true, '👍': '\ufffd' }] };
    expect(object.parse({ metadata })).toEqual({ metadata });
  });

  it('rejects each malformed value and name with its path, at any depth', () => {
    expect(pathsOf({ a: { b: ['x', '\ud800'] } })).toEqual([['metadata', 'a', 'b', '1']]);
    expect(pathsOf({ a: [{ '\udc00': 1 }] })).toEqual([['metadata', 'a', '0', '\udc00']]);
    expect(pathsOf({ '\udc00': 1 })).toEqual([['metadata', '\udc00']]);
  });

  it('rejects an object that has too many bytes', () => {
    expect(pathsOf({ a: '😀'.repeat(50) })).toEqual([['metadata']]);
  });
});
