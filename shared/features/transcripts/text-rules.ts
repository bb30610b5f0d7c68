import { type Line, nameOf, wordsOf } from './transcript-rules.ts';

/** Further lines of a text are indented, so that no text imitates another message. */
export function textOf(lines: readonly Line[]): string {
  return lines
    .map((line) => {
      const { createdAt, urgent, editedAt } = line.message;
      const notes = [...(urgent === true ? ['urgent'] : []), ...(editedAt === undefined ? [] : ['edited'])];
      const marks = notes.length === 0 ? '' : ` (${notes.join(', ')})`;
      const words = wordsOf(line.message).replaceAll(/\r\n|[\r\n\v\f\u0085\u2028\u2029]/g, '\n    ');
      return `[${createdAt}] ${nameOf(line)}${marks}: ${words}\n`;
    })
    .join('');
}
