import type { TemplateValues } from './ticket-system.ts';

/** `{{name}}`, where a name may have dots. */
const placeholder = /\{\{\s*([A-Za-z][A-Za-z0-9.]*)\s*\}\}/g;

/** Names without a value become nothing. */
export function render(template: string, values: TemplateValues, escape: (value: string) => string = same): string {
  return template.replaceAll(placeholder, (_, name: string) => {
    return Object.hasOwn(values, name) ? escape(values[name] ?? '') : '';
  });
}

const same = (value: string): string => value;

/** For a place within quotes. */
export function escapedForJson(value: string): string {
  return JSON.stringify(value).slice(1, -1);
}

/** @returns undefined if the result is not JSON. */
export function renderJson(template: string, values: TemplateValues): string | undefined {
  const text = render(template, values, escapedForJson);
  try {
    JSON.parse(text);
    return text;
  } catch {
    return undefined;
  }
}

export function renderPath(template: string, values: TemplateValues): string {
  return render(template, values, encodeURIComponent);
}

/** The value at a JSON pointer (RFC 6901), as text. */
export function textAtPointer(value: unknown, pointer: string): string | undefined {
  let current = value;
  for (const part of pointer.split('/').slice(1)) {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, name)) return undefined;
    current = (current as Readonly<Record<string, unknown>>)[name];
  }
  if (typeof current === 'number' || typeof current === 'boolean') return String(current);
  return typeof current === 'string' && current !== '' ? current : undefined;
}
