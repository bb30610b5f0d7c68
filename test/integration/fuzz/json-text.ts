/** JSON that cannot be made of values: numbers beyond all bounds, members that occur twice, what is no JSON at all. */
export class RawJson {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** The text of a value, as a client with bad manners writes it. Members that are undefined are left out. */
export function jsonText(value: unknown): string {
  if (value instanceof RawJson) return value.text;
  if (Array.isArray(value)) return `[${value.map(jsonText).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return `{${members.map(([name, inner]) => `${JSON.stringify(name)}:${jsonText(inner)}`).join(',')}}`;
}

/** An object in which a member stands twice. Parsers keep the last. */
export function withRepeatedMember(object: object, name: string, value: unknown): RawJson {
  const text = jsonText(object);
  const member = `${JSON.stringify(name)}:${jsonText(value)}`;
  return new RawJson(text === '{}' ? `{${member},${member}}` : `${text.slice(0, -1)},${member}}`);
}
