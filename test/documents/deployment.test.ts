import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { stageSettings } from '../../lib/settings.ts';
import { MarkdownFile, tableRows } from './markdown.ts';

const guide = new MarkdownFile('docs/deployment.md');

const settings = Object.entries(stageSettings.shape).flatMap(([name, schema]) => {
  const inner: unknown = schema instanceof z.ZodOptional ? schema.unwrap() : schema;
  return name === 'domain' && inner instanceof z.ZodObject
    ? Object.keys(inner.shape).map((part) => `domain.${part}`)
    : [name];
});

const namesIn = (text: string): string[] =>
  tableRows(text).flatMap(([cell = '']) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name));

describe('the deployment guide', () => {
  it('explains every setting of a stage once', () => {
    const [table = ''] = guide.section('## Settings').split('\n### ');
    expect(namesIn(table).toSorted()).toEqual(settings.toSorted());
  });

  it('names only existing settings in the section about changes', () => {
    const existing = new Set([...settings, 'domain']);
    const named = namesIn(guide.section('### Change a deployed stage'));
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((name) => !existing.has(name))).toEqual([]);
  });

  it('contains only commands that bash can parse', () => {
    const scripts = guide.fences.map(({ text }) => text).filter((text) => /^ *(aws|npx|git|for) /m.test(text));
    expect(scripts.length).toBeGreaterThan(15);
    for (const script of scripts) {
      const filled = script.includes('<<END') ? script : script.replaceAll(/<[A-Za-z][^<>\n]*>/g, 'value');
      expect(() => execFileSync('bash', ['-n'], { input: filled, stdio: 'pipe' }), script).not.toThrow();
    }
  });

  it('passes no unlimited list as an argument', () => {
    // Linux allows 128 KiB per argument.
    const scripts = guide.fences.map(({ text }) => text).join('\n');
    expect(scripts).not.toMatch(/"\$\(aws (?:[^)]|\n)*--max-items/);
  });

  it('contains policies that bash completes to valid JSON', () => {
    const [script = ''] = guide.fences.map(({ text }) => text).filter((text) => text.includes('<<END'));
    const documents = [...script.matchAll(/^cat > \S+ (<<END\n[\s\S]*?\nEND)$/gm)].map(([, document = '']) => document);
    expect(documents).toHaveLength(2);
    for (const document of documents) {
      const [values = ''] = /^stage=.*$/m.exec(script) ?? [];
      const completed = execFileSync('bash', ['-euc', `${values}; account=123456789012\ncat ${document}`], {
        encoding: 'utf8',
      });
      expect(completed).not.toContain('$');
      expect(JSON.parse(completed)).toMatchObject({ Version: '2012-10-17', Statement: expect.any(Array) });
    }
  });
});
