/** JSON that `JSON.stringify` never writes: numbers out of range, repeated members, or invalid JSON. */
export class RawJson {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** Like `JSON.stringify`, but writes {@link RawJson} as it is. */
export function jsonText(value: unknown): string {
  if (value instanceof RawJson) return value.text;
  if (Array.isArray(value)) return `[${value.map(jsonText).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return `{${members.map(([name, inner]) => `${JSON.stringify(name)}:${jsonText(inner)}`).join(',')}}`;
}

/** Parsers keep the last one. */
export function withRepeatedMember(object: object, name: string, value: unknown): RawJson {
  const text = jsonText(object);
  const member = `${JSON.stringify(name)}:${jsonText(value)}`;
  return new RawJson(text === '{}' ? `{${member},${member}}` : `${text.slice(0, -1)},${member}}`);
}
