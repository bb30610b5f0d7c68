import { describe, expect, it } from 'vitest';
import { subject, tag, tags } from './support.ts';

describe('a subject', () => {
  it.each([
    ['a mark at the end of a Hebrew line', 'שלום\u200f', 'שלום'],
    ['a byte order mark', '\ufeffHelp', 'Help'],
    ['an override of the direction', 'a\u202etxt.exe', 'atxt.exe'],
  ])('loses %s', (_, sent, stored) => {
    expect(subject.parse(sent)).toBe(stored);
  });

  it.each(['نمی\u200cتوانم وارد شوم', '👩‍👩‍👧 help', 'क्‍ष'])('keeps what a script or an emoji needs: %s', (sent) => {
    expect(subject.parse(sent)).toBe(sent);
  });

  it.each(['', '  ', '\u200f', '\u202e\u2066', 'two\nlines', 'a\u0000', 'x'.repeat(201)])('is not %j', (sent) => {
    expect(subject.safeParse(sent).success).toBe(false);
  });
});

describe('a tag', () => {
  it('is the same in every form of its letters', () => {
    expect(['e\u0301t\u00c9', 'été'].map((sent) => tag.parse(sent))).toEqual(['été', 'été']);
    expect(['ＶＩＰ', 'ﬁrst'].map((sent) => tag.parse(sent))).toEqual(['vip', 'first']);
    expect(tags.safeParse(['e\u0301', 'é']).success).toBe(false);
  });

  it('has at most 40 characters in its stored form', () => {
    expect(tag.safeParse('\ufdfa'.repeat(3)).success).toBe(false);
    expect(tag.safeParse('x'.repeat(40)).success).toBe(true);
  });
});
