export type PassageKind =
  'comment' | 'markdown' | 'heading' | 'test-name' | 'group-title' | 'contract' | 'cli' | 'commit';

/** A paragraph, list item, table cell or string. */
export interface Passage {
  readonly kind: PassageKind;
  /** Counted from 1. */
  readonly line: number;
  readonly original: string;
  /** Each character of code is `x`, and each of markup a space. */
  readonly prose: string;
}

export interface Span {
  readonly start: number;
  readonly text: string;
}

/** Keeps line ends, so offsets stay valid. */
export function mask(text: string, pattern: RegExp, filler: string): string {
  return text.replace(pattern, (match) => match.replaceAll(/[^\n]/g, filler));
}

export function maskInlineCode(text: string): string {
  return text.replaceAll(/`[^`\n]*(?:\n[^`\n]+)?`/g, (code) => `\`${mask(code.slice(1, -1), /[\s\S]+/g, 'x')}\``);
}

const listMarker = /^\s*(?:(?:[-*+]|\d+[.)])\s+|@\w+(?: [\w.]+ -)?\s*)/;

/** `from` is the offset of the masked prose in `file`, the whole text. */
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

/** A sentence ends with a mark before a capital letter, a number or code. */
export function sentencesOf(prose: string): Span[] {
  const text = prose.replaceAll(/\b(?:e\.g|i\.e|vs|cf|etc)\./g, (short) => short.replaceAll('.', '_'));
  const sentence = /\S[\s\S]*?(?:[.!?]["”’)\]*_]*(?=\s+["“‘([*_]*[A-Z0-9`])|$)/g;
  return [...text.matchAll(sentence)].map(({ index, 0: match }) => ({ start: index, text: match }));
}
