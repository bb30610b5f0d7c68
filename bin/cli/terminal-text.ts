/**
 * Text of other users may contain control characters, which change a terminal's cursor, title or clipboard. These
 * functions make them visible. https://invisible-island.net/xterm/ctlseqs/ctlseqs.html
 */

/** C0 and DEL have Unicode pictures. The others appear as code points. */
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u202a-\u202e\u2066-\u2069]/g;
const rightToLeft =
  /[\u200f\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}\p{Script=Mandaic}\p{Script=Samaritan}]/u;
const firstStrongIsolate = '\u2068';
const popIsolate = '\u2069';

/** Keeps line breaks, and replaces tabs with spaces. */
export function printable(text: string): string {
  return text
    .replaceAll(/\r\n|[\u2028\u2029]/g, '\n')
    .replaceAll('\t', '  ')
    .replaceAll(controls, (character) => pictureOf(character.codePointAt(0) ?? 0));
}

/** Also isolates right-to-left text, so that it does not reorder its surroundings. */
export function isolated(text: string): string {
  return printable(text)
    .split('\n')
    .map((line) => (rightToLeft.test(line) ? `${firstStrongIsolate}${line}${popIsolate}` : line))
    .join('\n');
}

/** JSON does not escape C1 and direction controls. */
export function printableJson(value: unknown): string {
  return JSON.stringify(value).replaceAll(
    /[\u007f-\u009f\u061c\u2028\u2029\u202a-\u202e\u2066-\u2069]/g,
    (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
}

function pictureOf(code: number): string {
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  if (code === 0x7f) return '\u2421';
  return `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
}
