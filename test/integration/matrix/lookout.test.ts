import { describe, expect, it } from 'vitest';
import { Lookout } from '../system/canaries.ts';

describe('the lookout', () => {
  it('finds a word in every encoding', () => {
    const word = '“canary” & ☂';
    const words = new Lookout([word]);
    for (const around of ['', 'a', 'ab']) {
      const text = `${around}${word}${around}`;
      for (const spelled of [
        text,
        text.toUpperCase(),
        encodeURIComponent(text),
        JSON.stringify(text),
        Buffer.from(text).toString('base64'),
        Buffer.from(text).toString('base64url'),
        Buffer.from(text).toString('hex'),
        JSON.stringify({ text }).replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
      ]) {
        expect(words.in(spelled), spelled).toEqual([word]);
      }
    }
    expect(words.in('some other text')).toEqual([]);
  });
});
