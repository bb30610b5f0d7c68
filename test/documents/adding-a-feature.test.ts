import { globSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { routes, routesByFunction } from '../../shared/contract/registry.ts';
import { MarkdownFile, root, sourceText } from './markdown.ts';

const guide = new MarkdownFile('docs/adding-a-feature.md');
const filesOf = (text: string) => [...text.matchAll(/\]\(\.\.\/([^)#]+\.ts)\)/g)].map(([, path = '']) => path);

describe('the guide to adding a feature', () => {
  it('quotes its files literally', () => {
    const sources = filesOf(guide.text).map((path) => lines(sourceText(path)).join('\n'));
    const quotes = guide.fences.filter((fence) => fence.language === 'ts').map(({ text }) => lines(text).join('\n'));
    expect(quotes.length).toBeGreaterThan(2);
    expect(quotes.filter((quote) => !sources.some((source) => source.includes(quote)))).toEqual([]);
  });

  it('names the operation that it walks through', () => {
    const operation = routes.find((route) => route.operationId === 'getMessage');
    expect(guide.text).toContain(`**get a message**,\n\`${operation?.method} ${operation?.path}\``);
    expect(routesByFunction.messages.map((route) => route.operationId)).toContain('getMessage');
  });

  it('counts the files of an operation, which it links', () => {
    const files = productFilesThat(/\bgetMessage(Route)?\b/);
    expect(files).toEqual([
      'functions/messages.ts',
      'shared/contract/messages/get-message.ts',
      'shared/contract/messages/routes.ts',
      'shared/features/messages/get-message.ts',
    ]);
    const linked = filesOf(guide.section('## An HTTP operation: get a message'));
    expect(linked).toEqual(expect.arrayContaining([...files, 'test/operations/get-message.ts']));
  });

  it('counts the files of a kind of log entry, beside the use case that appends it', () => {
    expect(productFilesThat(/\bdeletionKind\b/)).toEqual([
      'shared/features/log/entry-kinds.ts',
      'shared/features/messages/delete-message.ts',
    ]);
  });

  it('counts the files of a consumer, beside its handler', () => {
    expect(productFilesThat(/'send-mail'|consume\(sendMailConsumer/)).toEqual([
      'functions/send-mail.ts',
      'shared/contract/events/consumers.ts',
    ]);
  });
});

function productFilesThat(pattern: RegExp): readonly string[] {
  const paths = globSync('{functions,lib,shared/{contract,core,features,transport}}/**/*.ts', { cwd: root });
  return paths.filter((path) => !path.endsWith('.test.ts') && pattern.test(sourceText(path))).sort();
}

function lines(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
