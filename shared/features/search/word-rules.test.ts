import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isEmpty, matches, prefixesOf, wordsOf } from './word-rules.ts';

const finds = (query: string, ...texts: readonly string[]) => matches(wordsOf([query]), wordsOf(texts));

describe('a query', () => {
  it.each([
    ['emergency', 'An EMERGENCY in the harbour'],
    ['emer', 'Emergency!'],
    ['e', 'Emergency!'],
    ['harb emer', 'Emergency at the harbour'],
    ['2024', 'report_2024-final.pdf'],
    ['pdf report', 'report_2024-final.pdf'],
    ['eau', "de l'eau fraîche"],
    ['fraiche', "de l'eau fraîche"],
    ['fraîche', 'fraiche'],
    ['strasse', 'Große Straße'],
    ['STRASSE', 'straße'],
    ['straße', 'STRASSE'],
    ['οδος', 'ΟΔΟΣ'],
    ['ΟΔΟ', 'οδός'],
    ['istanbul', 'İstanbul'],
    ['ISTANBUL', 'ıstanbul'],
    ['smorrebrod', 'Smørrebrød'],
    ['lodz', 'Łódź'],
    ['ёлка', 'елка'],
    ['ﬁle', 'FILE'],
    ['ｆｕｌｌ', 'full width'],
    ['सम', 'समाचार'],
    ['שלום', 'שָׁלוֹם עולם'],
    ['سلام', 'سَلَامٌ عليكم'],
    ['سلام', 'ســلام'],
    ['京都', '明日東京都へ行きます'],
    ['搜索', '这是中文搜索测试'],
    ['カメラ', 'ｶﾒﾗを買う'],
    ['สวัสดี', 'คำว่าสวัสดีครับ'],
    ['안', '안녕하세요'],
    ['안녕', '안녕하세요'],
    ['tower 東京', '東京tower'],
    ['👍', '👍🏽'],
    ['❤️', 'i ❤ it'],
    ['🇫🇷', 'Vive la 🇫🇷!'],
    ['𝒳yz', 'XYZ'],
    ['groß', 'GROẞ'],
    ['GROẞE', 'grosse'],
    ['donaudampf', 'Donau\u00addampfschiff'],
    ['Donau\u00addampf', 'Donaudampfschiff'],
    ['keyword', 'key\u200bword'],
    ['keyword', 'key\u2060wo\ufeffrd'],
    ['میروم', 'می\u200cروم'],
    ['می\u200cروم', 'ميروم'],
    ['علي', 'علی'],
    ['كتاب', 'کتاب'],
    ['مدرسه', 'مدرسة'],
    ['ٱلله', 'الله'],
    ['احمد', 'أَحْمَد'],
    ['مومن', 'مؤمن'],
    ['2024', '۲۰۲۴'],
    ['٢٠٢٤', '2024'],
    ['१२३', '123'],
    ['᭑᭙', '19'],
    ['ﬀ', 'FF'],
    ['e\u0301te', 'été'],
    ['👨‍👩‍👧', 'the 👨‍👩‍👧 is here'],
    ['క్షమ', 'క్\u200cషమ'],
  ])('finds %s in %s', (query, text) => {
    expect(finds(query, text)).toBe(true);
  });

  it('finds words of several texts together', () => {
    expect(finds('caption pdf', 'a caption', 'report.pdf')).toBe(true);
  });
});

describe('a query with other words', () => {
  it.each([
    ['mergency', 'emergency'],
    ['emergencies', 'emergency'],
    ['harbour quay', 'harbour'],
    ['が', 'か'],
    ['都京', '東京都'],
    ['东京', '東京'],
    ['👍', '👎'],
    ['안녕', '안내'],
    ['समा', 'समर'],
  ])('does not find %s in %s', (query, text) => {
    expect(finds(query, text)).toBe(false);
  });

  it('finds nothing without a word', () => {
    for (const text of ['', ' …!? ', '\u0000', 'ـ', '\u0301', '\u3164', '\u00ad\u200d'])
      expect(isEmpty(wordsOf([text])), text).toBe(true);
  });
});

describe('prefixes', () => {
  it('returns the beginnings of words with three letters, and the signs of other scripts', () => {
    expect([...prefixesOf(wordsOf(['To be or not: emergency, emerging 東京 𝒳𝒴𝒵𝒲 한국']))].sort()).toEqual(
      ['not', 'eme', '東', '京', 'xyz', '한'].sort(),
    );
  });

  it('returns no prefix of a query that a matching text lacks', () => {
    const word = fc.oneof(
      fc.constantFrom('emer', 'emergency', 'em', 'Straße', 'שלום', '東京都', '안녕하세요', '👍', 'सम', '東京tower'),
      fc.string({ unit: 'grapheme', maxLength: 12 }),
    );
    const texts = fc.array(word, { maxLength: 8 });
    fc.assert(
      fc.property(texts, texts, fc.nat(), fc.nat(), (before, after, from, length) => {
        const text = [...before, ...after].join(' ');
        const query = wordsOf([text.slice(from % (text.length + 1), (from % (text.length + 1)) + (length % 9))]);
        const content = wordsOf([text]);
        if (!matches(query, content)) return;
        const indexed = new Set(prefixesOf(content));
        for (const prefix of prefixesOf(query)) expect(indexed).toContain(prefix);
      }),
      { numRuns: 1000 },
    );
  });
});

it('finds every text by each of its words', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const words = wordsOf([text]);
      expect(matches(words, words)).toBe(true);
      for (const piece of [...words.spaced, ...words.unspaced]) expect(finds(piece, text), piece).toBe(true);
    }),
    { numRuns: 500 },
  );
});
