import { expect, it } from 'vitest';
import type { CallRoute } from './http.ts';
import { foundMessages } from './search.ts';

function pagesOf(pages: readonly { readonly items: readonly string[]; readonly nextCursor: string | null }[]) {
  const queries: unknown[] = [];
  const call = ((_route: unknown, { query }: { readonly query: unknown }) => {
    queries.push(query);
    return Promise.resolve({ ok: true, status: 200, body: pages[queries.length - 1] });
  }) as unknown as CallRoute;
  return { queries, call };
}

it('fetches every page with the same query, also after an empty page', async () => {
  const { queries, call } = pagesOf([
    { items: ['a'], nextCursor: 'one' },
    { items: [], nextCursor: 'two' },
    { items: ['b'], nextCursor: null },
  ]);
  const pages: unknown[] = [];
  const search = { text: 'ferry', senderId: 'someone', after: new Date(0), before: new Date(1000), limit: 5 };
  for await (const { items } of foundMessages(call, search)) pages.push(items);
  expect(pages).toEqual([['a'], [], ['b']]);
  const first = {
    ...{ q: 'ferry', senderId: 'someone', limit: 5 },
    ...{ after: '1970-01-01T00:00:00.000Z', before: '1970-01-01T00:00:01.000Z' },
  };
  expect(queries).toEqual([first, { ...first, cursor: 'one' }, { ...first, cursor: 'two' }]);
});

it('fetches only the pages that the caller asks for', async () => {
  const { queries, call } = pagesOf([{ items: ['a'], nextCursor: 'one' }]);
  const pages = foundMessages(call, { type: 'image' });
  expect(queries).toEqual([]);
  await pages.next();
  await pages.return();
  expect(queries).toEqual([{ type: 'image' }]);
});
