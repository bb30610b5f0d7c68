import { type Line, wordsOf } from './transcript-rules.ts';

const columns = ['seq', 'at', 'senderId', 'role', 'name', 'type', 'text', 'urgent', 'editedAt', 'deletedAt'] as const;

/** Excel reads UTF-8 only with it. */
const byteOrderMark = '\uFEFF';

/** Characters that begin a formula, with their full-width forms. OWASP ASVS 5.0, 1.2.10. */
const beginsFormula = /^[=+\-@\t\r\n\0＝＋－＠]/u;
/**
 * A formula after a separator or a line break. A spreadsheet that separates cells with semicolons or tabs does not
 * recognise the quotes of a cell in the middle of a row, so the text continues in another cell.
 */
const continuesAsFormula = /(?<=[;\t\r\n]["\s]*)(?=[=+\-@＝＋－＠])/gu;

/** RFC 4180. */
export function csvOf(lines: readonly Line[], { isFirstPage }: { readonly isFirstPage: boolean }): string {
  const rows = lines.map(({ message, sender }) => {
    const { seq, createdAt, senderId, type, urgent, editedAt, deletedAt } = message;
    const cells = [
      seq,
      createdAt,
      senderId,
      sender.role,
      sender.name,
      type,
      wordsOf(message),
      urgent === true ? 'yes' : '',
    ];
    return rowOf([...cells, editedAt, deletedAt]);
  });
  return (isFirstPage ? byteOrderMark + rowOf(columns) : '') + rows.join('');
}

function rowOf(cells: readonly (string | number | undefined)[]): string {
  return `${cells.map((cell) => cellOf(String(cell ?? ''))).join(',')}\r\n`;
}

/** An apostrophe keeps a spreadsheet from computing what follows. */
function cellOf(text: string): string {
  const inner = text.replaceAll(continuesAsFormula, "'");
  const safe = beginsFormula.test(inner) ? `'${inner}` : inner;
  return /[",\r\n]/.test(safe) || safe !== text ? `"${safe.replaceAll('"', '""')}"` : safe;
}
