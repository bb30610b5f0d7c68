import { describe, expect, it } from 'vitest';
import { isEmpty, matches, parseQuery } from './query-rules.ts';

const finds = (query: string, ...texts: readonly string[]) => matches(parseQuery(query), texts);

describe('a query', () => {
  it.each([
    ['"fresh water"', 'We need fresh water now'],
    ['"FRESH WATER"', 'fresh, water'],
    ['“fresh water”', 'fresh water'],
    ['„fresh water“ now', 'fresh water nowadays'],
    ['«eau fraîche»', 'de l’eau fraiche'],
    ['"water', 'the waterfall'],
    ['"fresh water" -salt', 'fresh water, salty'],
    ['water -"salt water"', 'water and salt'],
    ['e-mail', 'an e-mail'],
    ['mail - water', 'mail, water'],
    ['"東京都"', '明日東京都へ'],
    ['"東京 tower"', '明日東京 tower'],
    ['water -', 'water'],
    ['"" water', 'water'],
    ['-"" water', 'water'],
    ['"می‌روم"', 'من میروم'],
  ])('%s finds %s', (query, text) => {
    expect(finds(query, text)).toBe(true);
  });

  it.each([
    ['"fresh water"', 'water, fresh'],
    ['"fresh water"', 'fresh cold water'],
    ['"fresh wat"', 'fresh water'],
    ['"fresh water"', 'refresh water'],
    ['water -salt', 'salt water'],
    ['water -Sált', 'SALT water'],
    ['water −salt', 'salt water'],
    ['water -"salt water"', 'the salt water'],
    ['東 -京都', '東京都'],
    ['"東京 tower"', '東京都 tower'],
  ])('%s does not find %s', (query, text) => {
    expect(finds(query, text)).toBe(false);
  });

  it('finds a phrase within one text only', () => {
    expect(finds('"fresh water"', 'fresh', 'water')).toBe(false);
    expect(finds('fresh water', 'fresh', 'water')).toBe(true);
  });

  it('is empty when it has nothing to find', () => {
    expect(isEmpty(parseQuery('-salt "…" -"fresh water"'))).toBe(true);
  });
});
