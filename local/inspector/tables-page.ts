import { html } from './html.ts';
import type { Html } from './html.ts';
import type { InspectorParts } from './inspector-parts.ts';
import { listTables, plainItem, readItems } from './tables.ts';
import type { ItemPage, TableKeys } from './tables.ts';

export async function tablesPage({ assembly, aws }: InspectorParts, query: URLSearchParams): Promise<Html> {
  const tables = listTables(assembly);
  const table = tables.find(({ name }) => name === query.get('table')) ?? tables[0];
  if (table === undefined) return html`<p class="quiet">The template has no tables.</p>`;
  const partition = query.get('partition') ?? '';
  const next = query.get('next');
  const page = await readItems(table, aws, { partition, ...(next === null ? {} : { next }) });
  return html`<form method="get" action="/__local">
      <input type="hidden" name="tab" value="tables" />
      <label
        >Table
        <select name="table" id="table">
          ${tables.map(({ name }) => html`<option ${name === table.name && selected}>${name}</option>`)}
        </select>
      </label>
      <label
        >${table.partitionKey}
        <input name="partition" id="partition" value="${partition}" placeholder="all partitions" />
      </label>
      <button>Show</button>
    </form>
    <p class="quiet">
      Keys
      ${table.partitionKey}${table.sortKey !== undefined && `, ${table.sortKey}`}${
        table.indexes.length > 0 && `; indexes ${table.indexes.join(', ')}`
      }.
      Values are shown as they are stored.
    </p>
    ${items(table, page)}
    ${page.next !== undefined && html`<p><a href="${link(table, partition, page.next)}">Next page</a></p>`}`;
}

const selected: Html = { markup: 'selected' };

function items(table: TableKeys, page: ItemPage): Html {
  if (page.items.length === 0) return html`<p class="quiet">No items.</p>`;
  return html`${page.items.map((stored) => {
    const item = plainItem(stored);
    const partition = textOf(item[table.partitionKey]);
    const sort = table.sortKey === undefined ? '' : textOf(item[table.sortKey]);
    return html`<details id="item-${partition} ${sort}">
      <summary><code>${partition}</code> <code class="quiet">${sort}</code></summary>
      <p><a href="${link(table, partition)}">Show partition</a></p>
      <pre>${JSON.stringify(item, undefined, 2)}</pre>
    </details>`;
  })}`;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

function link(table: TableKeys, partition: string, next?: string): string {
  const query = new URLSearchParams({ tab: 'tables', table: table.name, partition });
  if (next !== undefined) query.set('next', next);
  return `/__local?${query.toString()}`;
}
