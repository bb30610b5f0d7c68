/**
 * Text of others may hold control characters: a terminal obeys them (colours, cursor, title, clipboard), so they are
 * shown as signs instead. https://invisible-island.net/xterm/ctlseqs/ctlseqs.html
 */

/** C0 and DEL have pictures of their own; C1 and what turns the direction of writing are named. */
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u202a-\u202e\u2066-\u2069]/g;
/** Scripts that are written from right to left. */
const rightToLeft =
  /[\u200f\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}\p{Script=Mandaic}\p{Script=Samaritan}]/u;
const firstStrongIsolate = '\u2068';
const popIsolate = '\u2069';

/** Text that a terminal only shows. Line breaks stay; tabs become spaces. */
export function printable(text: string): string {
  return text
    .replaceAll(/\r\n|[\u2028\u2029]/g, '\n')
    .replaceAll('\t', '  ')
    .replaceAll(controls, (character) => pictureOf(character.codePointAt(0) ?? 0));
}

/** The same for text of a person: what is written from right to left does not turn what stands around it. */
export function isolated(text: string): string {
  return printable(text)
    .split('\n')
    .map((line) => (rightToLeft.test(line) ? `${firstStrongIsolate}${line}${popIsolate}` : line))
    .join('\n');
}

/** One line of JSON that a terminal only shows: JSON itself leaves C1 and turning characters as they are. */
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
