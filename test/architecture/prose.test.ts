import { describe, expect, it } from 'vitest';
import { passagesOfFile } from '../../bin/prose/file-passages.ts';
import { findingsIn } from '../../bin/prose/findings.ts';
import { maskInlineCode } from '../../bin/prose/passage.ts';
import { proseRules } from '../../bin/prose/prose-rules.ts';

const breaking = proseRules.flatMap((rule) => rule.breaks.map((text) => [rule.name, text, rule] as const));
const passing = proseRules.flatMap((rule) => rule.passes.map((text) => [rule.name, text, rule] as const));

const found = (path: string, text: string) =>
  findingsIn(path, passagesOfFile(path, text)).map(({ line, rule, words }) => `${line} ${rule}: ${words}`);

describe('rules of language', () => {
  it.each(breaking)('finds a breach of %s in: %s', (_name, text, rule) => {
    expect(rule.find(maskInlineCode(text))).not.toEqual([]);
  });

  it.each(passing)('finds no breach of %s in: %s', (_name, text, rule) => {
    expect(rule.find(maskInlineCode(text))).toEqual([]);
  });
});

describe('the passages of a source file', () => {
  it('includes comments of every form, each with its own line', () => {
    const source = `// Sent\n// anew.\nconst a = 1; // an own key\n/** One.\n *\n * Two is told.\n */\n/* Nobody. */`;
    expect(found('shared/a.ts', source)).toEqual([
      '2 anew: anew',
      '3 article-own: an own',
      '6 tell: is told',
      '8 nobody-somebody: Nobody',
    ]);
  });

  it('excludes code, strings, regular expressions and code in comments', () => {
    const source = 'const anew = [`// anew ${1}`, "// anew", /\\/\\/ anew/];\n// Calls `anew` and `is told`.';
    expect(found('shared/a.ts', source)).toEqual([]);
  });

  it('includes test names and titles of groups, with those of tables', () => {
    const source = `describe('the own key', () => {\n  it.each(rows)('are $name', () => {});\n  it('gets %s', f);\n});`;
    expect(found('test/a.test.ts', source)).toEqual(['1 article-own: the own', '2 test-name: are $name']);
  });

  it('includes texts of the contract, in parts and in calls', () => {
    const source = `const a = { summary: 'Get the own profile', key: 'anew' };\nz.describe(\n  'Sent ' +\n    'anew');`;
    expect(found('shared/contract/a.ts', source)).toEqual(['1 article-own: the own', '4 anew: anew']);
  });

  it('includes what the command line prints', () => {
    expect(found('bin/cli/a.ts', 'print(`Nobody is\n  there`, "anew", "sent anew");')).toEqual([
      '1 nobody-somebody: Nobody',
      '2 anew: anew',
    ]);
  });
});

describe('the passages of a document', () => {
  it('includes paragraphs, lists and tables, and excludes code and targets of links', () => {
    const text = [
      '# What it costs',
      'It works. What\nis sent counts. [A link](anew.md) and `anew`.',
      '```\nnobody\n```',
      '- Which comes first.\n- What does it cost?',
      '| What | cost |\n| --- | --- |\n| What was sent | anew |',
    ].join('\n\n');
    expect(found('a.md', text)).toEqual([
      '3 free-relative: What is sent counts.',
      '10 free-relative: Which comes first.',
      '15 free-relative: What was sent',
      '15 anew: anew',
    ]);
  });
});
