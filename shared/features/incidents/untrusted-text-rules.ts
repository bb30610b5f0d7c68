/** Texts of payloads come from outside: they become plain text without characters that hide or reorder others. */

/** Controls except tab and line feed, direction marks, and characters that most fonts do not show. */
const unwanted = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** At most `longest` characters (code points). A cut text ends with an ellipsis. */
export function cut(value: string, longest: number): string {
  // Most texts are short, and code units are at least as many as code points.
  if (value.length <= longest) return value;
  const points = [...value];
  return points.length <= longest ? value : `${points.slice(0, longest - 1).join('')}…`;
}

export function plainText(value: string, longest: number): string {
  const shown = value.toWellFormed().replaceAll('\r\n', '\n').replaceAll(unwanted, '').trim();
  return cut(shown, longest);
}

export function plainLine(value: string, longest: number): string {
  return plainText(value.replaceAll(/\s+/g, ' '), longest);
}

/** An absolute address of the web, whose host is visible. Undefined for any other. */
export function webAddress(value: string | undefined): string | undefined {
  if (value === undefined || value.length > 1000 || !URL.canParse(value)) return undefined;
  const { protocol, username, password, href } = new URL(value);
  const isSafe = (protocol === 'https:' || protocol === 'http:') && username === '' && password === '';
  return isSafe ? href : undefined;
}
