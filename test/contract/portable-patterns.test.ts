import { describe, expect, it } from 'vitest';
import packageDescription from '../../package.json' with { type: 'json' };
import { currentDocuments } from '../../shared/contract/documents/current.ts';

/**
 * The syntax that means the same in ECMAScript without flags, Python, RE2, PCRE and .NET. RE2 supports at most 1000
 * repetitions, nested ones multiplied.
 */
const portable =
  /^(?:\\[\\^$.*+?()[\]{}|/-]|[ !"#%&',:;<=>@_`~a-zA-Z0-9^$.*+?|/-]|\((?:\?:)?(?!\?)|\)|\{[0-9]{1,3}(?:,[0-9]{0,3})?\}|\[\^?(?:\\[\\\]^-]|[^\\[\]^\u0080-\uffff])+\])+$/;

/** Nested repetitions are multiplied. */
function mostRepetitions(pattern: string): number {
  const groups = [1];
  let ended = 1;
  for (const [piece] of pattern.matchAll(/\\.|\[(?:\\.|[^\]])*\]|\(\?:|\{[0-9,]+\}|./g)) {
    if (piece.startsWith('(')) groups.push(1);
    const times = /^\{(?:[0-9]+,)?([0-9]+)\}$/.exec(piece)?.[1];
    const most = times === undefined ? ended : ended * Number(times);
    groups[groups.length - 1] = Math.max(groups.at(-1) ?? 1, most);
    ended = piece === ')' ? (groups.pop() ?? 1) : 1;
  }
  return Math.max(ended, ...groups);
}

function* patternsIn(value: unknown): Generator<string> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    if ((key === 'pattern' || key === 'patternProperties') && typeof inner === 'string') yield inner;
    else yield* patternsIn(inner);
  }
}

describe('the patterns of the documents', () => {
  const { openapi, asyncapi } = currentDocuments(packageDescription.version);
  const patterns = [...new Set([...patternsIn(openapi), ...patternsIn(asyncapi)])];

  it('includes several patterns', () => {
    expect(patterns.length).toBeGreaterThan(5);
  });

  it.each(patterns)('has only portable patterns: %s', (pattern) => {
    expect(pattern).toMatch(portable);
    expect(mostRepetitions(pattern)).toBeLessThanOrEqual(1000);
    expect(() => new RegExp(pattern)).not.toThrow();
  });

  it('counts repetitions within repetitions', () => {
    expect(mostRepetitions('^a{3}b{2,5}$')).toBe(5);
    expect(mostRepetitions('^(?:[a-z{9}]{25}x){0,99}$')).toBe(2475);
    expect(mostRepetitions('(?:(?:a{2}){3}){4}|b{5}')).toBe(24);
  });

  it.each([
    ['a Unicode property', String.raw`[^\p{L}]`],
    ['a class whose members depend on the engine', String.raw`^\d+\w\s$`],
    ['a look at what follows', '^(?!x)a$'],
    ['a look at what precedes', '(?<=x)a'],
    ['a named group', '(?<name>a)'],
    ['a reference', String.raw`(a)\1`],
    ['a code point', String.raw`\u{1f600}`],
    ['a letter beyond ASCII', 'é'],
    ['a set in a set', '[[a-z]&&[aeiou]]'],
    ['too many repetitions', 'a{2000}'],
  ])('does not accept %s', (_, pattern) => {
    expect(pattern).not.toMatch(portable);
  });
});
