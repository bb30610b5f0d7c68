/** The source of a passage. Each rule names the kinds that it applies to. */
export type PassageKind =
  'comment' | 'markdown' | 'heading' | 'test-name' | 'group-title' | 'contract' | 'cli' | 'commit';

/** A paragraph, list item, table cell or string. */
export interface Passage {
  readonly kind: PassageKind;
  /** Counted from 1. */
  readonly line: number;
  /** As it is written. */
  readonly original: string;
  /** The original with each character of code replaced by `x`, and of markup by a space. */
  readonly prose: string;
}

export interface Span {
  /** An offset in the passage. */
  readonly start: number;
  readonly text: string;
}

/** Replaces each matched character with the filler. Keeps line ends, so later offsets stay valid. */
export function mask(text: string, pattern: RegExp, filler: string): string {
  return text.replace(pattern, (match) => match.replaceAll(/[^\n]/g, filler));
}

export function maskInlineCode(text: string): string {
  return text.replaceAll(/`[^`\n]*(?:\n[^`\n]+)?`/g, (code) => `\`${mask(code.slice(1, -1), /[\s\S]+/g, 'x')}\``);
}

/** The start of a list item, or of a part of a documentation comment. */
const listMarker = /^\s*(?:(?:[-*+]|\d+[.)])\s+|@\w+(?: [\w.]+ -)?\s*)/;

/**
 * Divides masked prose into paragraphs, list items, headings and table cells. `from` is the offset of the prose in the
 * file, whose text is `file`.
 */
export function passagesOf(prose: string, kind: PassageKind, file: string, from = 0): Passage[] {
  const passages: Passage[] = [];
  let start: number | undefined;
  const add = (begin: number, end: number, as: PassageKind) => {
    const text = prose.slice(begin, end);
    if (!/\p{L}/u.test(text)) return;
    const first = begin + text.length - text.trimStart().length;
    const last = begin + text.trimEnd().length;
    const line = file.slice(0, from + first).split('\n').length;
    passages.push({ kind: as, line, original: file.slice(from + first, from + last), prose: prose.slice(first, last) });
  };
  const flush = (end: number) => {
    if (start !== undefined) add(start, end, kind);
    start = undefined;
  };
  let offset = 0;
  const lines = prose.split('\n');
  for (const [index, line] of lines.entries()) {
    const isTableRow = /^\s*\|/.test(line);
    const isHeading = kind === 'markdown' && /^#{1,6} /.test(line);
    if (line.trim() === '' || isTableRow || isHeading || listMarker.test(line)) flush(offset);
    if (isHeading) add(offset + line.indexOf(' '), offset + line.length, 'heading');
    else if (isTableRow) {
      const as = /^\s*\|[\s:|-]+\|\s*$/.test(lines[index + 1] ?? '') ? 'heading' : kind;
      for (const cell of line.matchAll(/(?:\\\||[^|])+/g))
        add(offset + cell.index, offset + cell.index + cell[0].length, as);
    } else if (line.trim() !== '') start ??= offset + (listMarker.exec(line)?.[0].length ?? 0);
    offset += line.length + 1;
  }
  flush(prose.length);
  return passages;
}

/** Sentences end with a mark before a capital letter, a number or code. */
export function sentencesOf(prose: string): Span[] {
  const text = prose.replaceAll(/\b(?:e\.g|i\.e|vs|cf|etc)\./g, (short) => short.replaceAll('.', '_'));
  const sentence = /\S[\s\S]*?(?:[.!?]["”’)\]*_]*(?=\s+["“‘([*_]*[A-Z0-9`])|$)/g;
  return [...text.matchAll(sentence)].map(({ index, 0: match }) => ({ start: index, text: match }));
}
