/** Needs no escaping. */
export interface Html {
  readonly markup: string;
}

type Part = Html | string | number | boolean | undefined | null | readonly Part[];

/** Escapes strings; skips absent values and `false`. */
export function html(literals: TemplateStringsArray, ...parts: readonly Part[]): Html {
  let markup = literals[0] ?? '';
  parts.forEach((part, index) => {
    markup += markupOf(part) + (literals[index + 1] ?? '');
  });
  return { markup };
}

function markupOf(part: Part): string {
  if (part === undefined || part === null || part === false) return '';
  if (Array.isArray(part)) return (part as readonly Part[]).map(markupOf).join('');
  if (typeof part === 'object') return (part as Html).markup;
  return escape(String(part));
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
