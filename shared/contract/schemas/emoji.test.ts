import { describe, expect, it } from 'vitest';
import { emoji, emojiNormalForm } from './emoji.ts';

const set = /^\p{RGI_Emoji}$/v;

function* recommended(): Generator<string> {
  const endings = ['', '\ufe0f', '\u{1f3fd}', '\ufe0f\u20e3'];
  const sequences = ['\u200d\u2640\ufe0f', '\u200d\u2695\ufe0f', '\u200d\u{1f525}', '\u200d\u{1f308}', '\u{1f1f8}'];
  for (let point = 0x23; point < 0x1fb00; point += 1) {
    const sign = String.fromCodePoint(point);
    if (!/\p{Emoji}/u.test(sign)) continue;
    for (const ending of endings) {
      for (const sequence of ['', ...sequences]) {
        const value = sign + ending + sequence;
        if (set.test(value)) yield value;
      }
    }
  }
}

describe('the normal form of an emoji', () => {
  it('converts every spelling to that of the recommended set', () => {
    let count = 0;
    for (const value of recommended()) {
      count += 1;
      const bare = value.replaceAll('\ufe0f', '');
      for (const spelling of [value, bare, `${bare}\ufe0f`, `${bare}\ufe0e`]) {
        expect(emojiNormalForm(spelling)).toBe(value);
      }
    }
    expect(count).toBeGreaterThan(1500);
  });

  it.each([
    ['❤', '❤️'],
    ['⭐️', '⭐'],
    ['👍️', '👍'],
    ['☺', '☺️'],
    ['✔', '✔️'],
    ['1⃣', '1️⃣'],
    ['👁‍🗨', '👁️‍🗨️'],
    ['🏳‍🌈', '🏳️‍🌈'],
    ['☝️🏽', '☝🏽'],
    ['🕵🏽‍♂', '🕵🏽‍♂️'],
    ['👩‍❤‍💋‍👨', '👩‍❤️‍💋‍👨'],
    ['🏴󠁧󠁢󠁥󠁮󠁧󠁿', '🏴󠁧󠁢󠁥󠁮󠁧󠁿'],
    ['🇩🇪', '🇩🇪'],
  ])('converts %s to %s', (sent, kept) => {
    expect(emoji.parse(sent)).toBe(kept);
  });

  it('keeps skin tones and sequences apart', () => {
    const distinct = ['👍', '👍🏽', '👩', '👩‍⚕️', '🏴', '🏴‍☠️'];
    expect(new Set(distinct.map(emojiNormalForm)).size).toBe(distinct.length);
  });
});

it.each(['', 'a', '1', '#', '❤❤', '👍 ', '\ufe0f', '\u200d', '🇩', '👍\u200d', '\ud83d', '1\ufe0f'])(
  'rejects %j as an emoji',
  (sent) => {
    expect(emoji.safeParse(sent).success).toBe(false);
  },
);
