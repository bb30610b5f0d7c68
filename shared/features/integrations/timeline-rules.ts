import type { TicketRules } from '../../contract/schemas/integration.ts';

/** An entry of the conversation, in words. */
export interface TimelineEntry {
  readonly seq: number;
  readonly kind: string;
  readonly author: string;
  /** Empty for what has no words, such as a reaction. */
  readonly words: string;
  /** Number of the message that the entry changes. */
  readonly target: number | undefined;
  readonly isDeleted: boolean;
  readonly isUrgent: boolean;
}

export interface Segment {
  readonly fromSeq: number;
  /** Everything up to it is in this comment, in an earlier one, or in none. */
  readonly toSeq: number;
  readonly isInternal: boolean;
  readonly text: string;
}

/** Jira accepts 32,767. */
const mostCharacters = 25_000;

/**
 * The first comment that the entries lead to, and the position after it. Notes never share a comment with messages.
 * @param entries - ascending, without gaps, after `syncedSeq`.
 * @returns undefined without entries. A segment without a text leads to no comment.
 */
export function nextSegment(
  entries: readonly TimelineEntry[],
  syncedSeq: number,
  rules: Pick<TicketRules, 'messages' | 'notes'>,
): Segment | undefined {
  const [first] = entries;
  if (first === undefined) return undefined;
  const lines: string[] = [];
  let isInternal: boolean | undefined;
  let length = 0;
  let toSeq = syncedSeq;
  for (const entry of entries) {
    const line = lineOf(entry, syncedSeq, rules);
    if (line !== undefined) {
      const isFull = lines.length > 0 && (line.isInternal !== isInternal || length + line.text.length > mostCharacters);
      if (isFull) break;
      isInternal = line.isInternal;
      lines.push(line.text.slice(0, mostCharacters));
      length += line.text.length;
    }
    toSeq = entry.seq;
  }
  return { fromSeq: first.seq, toSeq, isInternal: isInternal ?? false, text: lines.join('\n') };
}

function lineOf(
  { kind, author, words, target = 0, isDeleted, isUrgent, seq }: TimelineEntry,
  syncedSeq: number,
  rules: Pick<TicketRules, 'messages' | 'notes'>,
): { readonly text: string; readonly isInternal: boolean } | undefined {
  switch (kind) {
    case 'message':
    case 'form-response':
      if (!rules.messages || isDeleted || words === '' || seq <= syncedSeq) return undefined;
      return { text: `${author}${isUrgent ? ' (urgent)' : ''}: ${indented(words)}`, isInternal: false };
    case 'note':
      if (rules.notes === 'never' || isDeleted || words === '') return undefined;
      return { text: `${author} (note): ${indented(words)}`, isInternal: true };
    // A change of a message that the ticket does not have yet is part of the message.
    case 'edit':
      if (!rules.messages || target > syncedSeq || isDeleted || words === '') return undefined;
      return { text: `${author} changed an earlier message: ${indented(words)}`, isInternal: false };
    case 'deletion':
      if (!rules.messages || target > syncedSeq) return undefined;
      return { text: `${author} deleted an earlier message.`, isInternal: false };
    default:
      return undefined;
  }
}

/** Further lines are indented, so that no text imitates another author. */
function indented(text: string): string {
  return text.replaceAll(/\r\n|[\r\n\v\f\u0085\u2028\u2029]/g, '\n    ');
}

/** The reference lets the service recognise its own comment. */
export function commentText(text: string, marker: string): string {
  return `${text}\n\n[${marker}]`;
}

/** Whether a text ends as the comments of the service do. A person who quotes one indents it, or writes below. */
export function endsWithMarker(text: string, correlation: string): boolean {
  const [lastLine = ''] = text.trimEnd().split('\n').slice(-1);
  return new RegExp(`^\\[${correlation}-\\d{9}\\]$`).test(lastLine.trim());
}
