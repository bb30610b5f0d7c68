import { referencedName } from '../../shared/contract/documents/json-schema.ts';
import type { JsonSchema } from '../../shared/contract/documents/json-schema.ts';
import { anchor, escapeHtml, inline } from './html.ts';

interface Row {
  readonly name: string;
  readonly schema: JsonSchema;
  readonly required: boolean;
}

/** Nested fields follow their parent. Named schemas become links. */
export function schemaTable(schema: JsonSchema, caption: string): string {
  const rows = fieldRows(schema, '');
  if (rows.length === 0) return `<p>${typeText(schema)}</p>`;
  return table(rows, caption);
}

export function parameterTable(rows: readonly Row[], caption: string): string {
  return table(rows, caption);
}

function table(rows: readonly Row[], caption: string): string {
  const body = rows.map(
    ({ name, schema, required }) =>
      `<tr><th scope="row"><code>${escapeHtml(name)}</code>${required ? '' : ' <span class="optional">optional</span>'}</th>` +
      `<td>${typeText(schema)}</td><td>${description(schema)}</td></tr>`,
  );
  return `<div class="scroll" tabindex="0" role="region" aria-label="${escapeHtml(caption)}"><table>
<caption>${escapeHtml(caption)}</caption>
<thead><tr><th scope="col">Name</th><th scope="col">Type</th><th scope="col">Meaning</th></tr></thead>
<tbody>
${body.join('\n')}
</tbody>
</table></div>`;
}

function fieldRows(schema: JsonSchema, prefix: string): Row[] {
  const rows: Row[] = [];
  for (const [field, inner] of Object.entries(schema.properties ?? {})) {
    const name = prefix + field;
    rows.push({ name, schema: inner, required: schema.required?.includes(field) ?? false });
    rows.push(...fieldRows(inner, `${name}.`));
    if (inner.items !== undefined) rows.push(...fieldRows(inner.items, `${name}[].`));
  }
  return rows;
}

function typeText(schema: JsonSchema): string {
  if (schema.$ref !== undefined) {
    const name = referencedName(schema.$ref);
    return `<a href="#${anchor('schema', name)}">${escapeHtml(name)}</a>`;
  }
  if (schema.allOf !== undefined && schema.type === undefined) return schema.allOf.map(typeText).join(' and ');
  if (schema.anyOf !== undefined) return schema.anyOf.map(typeText).join(' or ');
  if (schema.const !== undefined) return `<code>${escapeHtml(JSON.stringify(schema.const))}</code>`;
  if (schema.enum !== undefined) {
    return schema.enum.map((value) => `<code>${escapeHtml(JSON.stringify(value))}</code>`).join(', ');
  }
  if (schema.type === 'array') return `list of ${schema.items === undefined ? 'anything' : typeText(schema.items)}`;
  if (typeof schema.additionalProperties === 'object' && Object.keys(schema.additionalProperties).length > 0) {
    return `object, each value a ${typeText(schema.additionalProperties)}`;
  }
  const types = schema.type === undefined ? ['anything'] : [schema.type].flat();
  return [types.map((type) => words[type] ?? type).join(' or '), ...limits(schema)].join(', ');
}

const words: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'whole number',
  boolean: 'true or false',
};

function limits(schema: JsonSchema): string[] {
  const range = (low: unknown, high: unknown, unit: string) => {
    if (low === undefined && high === undefined) return [];
    const [from, to] = [low, high].map((bound) =>
      bound === undefined ? undefined : Number(bound).toLocaleString('en'),
    );
    return [
      `${to === undefined ? `from ${from ?? ''}` : from === undefined ? `up to ${to}` : `${from} to ${to}`}${unit}`,
    ];
  };
  return [
    ...range(schema['minimum'], schema['maximum'], ''),
    ...range(schema['minLength'], schema['maxLength'], ' characters'),
    ...(schema.default === undefined ? [] : [`default <code>${escapeHtml(JSON.stringify(schema.default))}</code>`]),
  ];
}

function description(schema: JsonSchema): string {
  const parts = schema.description === undefined ? [] : [inline(schema.description)];
  if (typeof schema['pattern'] === 'string') {
    parts.push(`<span class="pattern">Pattern <code>${escapeHtml(schema['pattern'])}</code></span>`);
  }
  return parts.join('<br>');
}
