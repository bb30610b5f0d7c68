import { expect, it } from 'vitest';
import type { CallRoute } from './http.ts';
import { foundMessages } from './search.ts';

/** Answers with the given pages, and keeps what it was asked. */
function pagesOf(pages: readonly { readonly items: readonly string[]; readonly nextCursor: string | null }[]) {
  const asked: unknown[] = [];
  const call = ((_route: unknown, { query }: { readonly query: unknown }) => {
    asked.push(query);
    return Promise.resolve({ ok: true, status: 200, body: pages[asked.length - 1] });
  }) as unknown as CallRoute;
  return { asked, call };
}

it('asks for page after page with the same question, also after an empty one, and no more when there is no other', async () => {
  const { asked, call } = pagesOf([
    { items: ['a'], nextCursor: 'one' },
    { items: [], nextCursor: 'two' },
    { items: ['b'], nextCursor: null },
  ]);
  const pages: unknown[] = [];
  const search = { text: 'ferry', senderId: 'someone', after: new Date(0), before: new Date(1000), limit: 5 };
  for await (const { items } of foundMessages(call, search)) pages.push(items);
  expect(pages).toEqual([['a'], [], ['b']]);
  const question = {
    ...{ q: 'ferry', senderId: 'someone', limit: 5 },
    ...{ after: '1970-01-01T00:00:00.000Z', before: '1970-01-01T00:00:01.000Z' },
  };
  expect(asked).toEqual([question, { ...question, cursor: 'one' }, { ...question, cursor: 'two' }]);
});

it('asks for nothing that nobody wants', async () => {
  const { asked, call } = pagesOf([{ items: ['a'], nextCursor: 'one' }]);
  const pages = foundMessages(call, { type: 'image' });
  expect(asked).toEqual([]);
  await pages.next();
  await pages.return();
  expect(asked).toEqual([{ type: 'image' }]);
});
