import { describe, expect, it } from 'vitest';
import { routes, routesByFunction } from '../../shared/contract/registry.ts';
import { MarkdownFile, sourceText } from './markdown.ts';

const guide = new MarkdownFile('docs/adding-a-feature.md');
const filesOf = (text: string) => [...text.matchAll(/\]\(\.\.\/([^)#]+\.ts)\)/g)].map(([, path = '']) => path);

describe('the guide to adding a feature', () => {
  it('quotes its files literally', () => {
    const sources = filesOf(guide.text).map((path) => lines(sourceText(path)).join('\n'));
    const quotes = guide.fences.filter((fence) => fence.language === 'ts').map(({ text }) => lines(text).join('\n'));
    expect(quotes.length).toBeGreaterThan(2);
    expect(quotes.filter((quote) => !sources.some((source) => source.includes(quote)))).toEqual([]);
  });

  it('mentions every file that implements the operation', () => {
    const text = guide.section('## An HTTP operation: get a message');
    const files = filesOf(text);
    // The files that name the operation or its use case, without tests and documents.
    expect(files).toEqual(
      expect.arrayContaining([
        'shared/contract/messages/get-message.ts',
        'shared/contract/messages/routes.ts',
        'shared/features/messages/get-message.ts',
        'functions/messages.ts',
        'lib/functions/definitions.ts',
      ]),
    );
    const operation = routes.find((route) => route.operationId === 'getMessage');
    expect(guide.text).toContain(`**get a message**,\n\`${operation?.method} ${operation?.path}\``);
    expect(routesByFunction.messages.map((route) => route.operationId)).toContain('getMessage');
  });
});

function lines(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
