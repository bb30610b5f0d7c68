import { html } from './html.ts';
import type { Html } from './html.ts';

type Entry = Readonly<Record<string, unknown>>;

const shown = 200;

/** Newest first. */
export function recordsPage(kind: 'events' | 'mails' | 'pushes' | 'requests', entries: readonly Entry[]): Html {
  if (entries.length === 0) return html`<p class="quiet">${nothing[kind]}</p>`;
  const newest = entries.slice(-shown).reverse();
  return html`<p class="quiet">
      ${entries.length} recorded${entries.length > shown && `, showing the newest ${shown}`}.
    </p>
    ${newest.map((entry, index) => record(kind, entry, entries.length - index))}`;
}

const nothing = {
  events: 'No events yet.',
  mails: 'No mails yet.',
  pushes: 'No pushes yet.',
  requests: 'No requests to other hosts yet.',
};

function record(kind: string, entry: Entry, number: number): Html {
  return html`<details id="${kind}-${number}">
    <summary>
      ${summaryOf(entry).map((part, index) => (index === 0 ? html`<b>${part}</b>` : html`<span>${part}</span>`))}
      <span class="quiet">${timeOf(entry)}</span>
    </summary>
    ${textParts(entry).map(
      ([name, text]) =>
        html`<p class="quiet">${name}</p>
          <pre>${text}</pre>`,
    )}
    <pre>${JSON.stringify(entry, undefined, 2)}</pre>
  </details>`;
}

function summaryOf(entry: Entry): string[] {
  const names = [
    'method',
    'host',
    'path',
    'detail-type',
    'subject',
    'to',
    'destination',
    'source',
    'target',
    'bus',
    'rules',
    'message',
  ];
  return names.flatMap((name) => {
    const value = entry[name];
    if (typeof value === 'string') return [value.length > 120 ? `${value.slice(0, 120)}…` : value];
    if (Array.isArray(value) && value.length > 0) return [value.join(', ')];
    return [];
  });
}

function timeOf(entry: Entry): string {
  for (const name of ['at', 'time', 'sentAt']) {
    const value = entry[name];
    if (typeof value === 'string') return value;
    if (typeof value === 'number') return new Date(value).toISOString();
  }
  return '';
}

function textParts(entry: Entry): [string, string][] {
  return Object.entries(entry).filter(
    (pair): pair is [string, string] => typeof pair[1] === 'string' && pair[1].includes('\n'),
  );
}
