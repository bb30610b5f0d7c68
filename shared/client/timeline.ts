import type { MessageReactions } from '../contract/messages/reactions.ts';
import type { Message } from '../contract/schemas/message.ts';
import { type MessageVersions, unknownMessage, withMessage, withReactions } from './message-versions.ts';
import type { PendingMessage } from './pending-message.ts';

/**
 * An entry of a conversation's log, with the message or reactions that it created or changed. Both are absent if the
 * client does not understand or need the entry.
 */
export interface TimelineEntry {
  /** Absent if only the message is known, not the entry that changed it. */
  readonly seq?: number | undefined;
  readonly message?: Message;
  readonly reactions?: MessageReactions;
}

/** A part of the log without missing entries: those after `after`, up to and including `through`. */
export interface Range {
  readonly after: number;
  readonly through: number;
}

/**
 * The known messages of one conversation, the complete ranges of its log, and the pending changes. An immutable value:
 * each function of this file returns a new one.
 */
export interface Timeline {
  readonly conversationId: string;
  readonly ownUserId: string;
  readonly messages: readonly MessageVersions[];
  /** Ascending and disjoint. Only the first one is displayed. The others wait for missing entries. */
  readonly ranges: readonly Range[];
  /** True after the first page. Then repeated entries from before that page do not count. */
  readonly begun?: boolean;
  /** Oldest first. */
  readonly pending: readonly PendingMessage[];
}

export function emptyTimeline(conversationId: string, ownUserId: string): Timeline {
  return { conversationId, ownUserId, messages: [], ranges: [], pending: [] };
}

export function addEntries(timeline: Timeline, entries: readonly TimelineEntry[]): Timeline {
  const beginning = beginningOf(timeline) ?? 0;
  const seqs = entries.flatMap(({ seq }) => (seq === undefined || seq <= beginning ? [] : [seq]));
  return merge(
    timeline,
    entries,
    seqs.map((seq) => ({ after: seq - 1, through: seq })),
  );
}

/**
 * Adds a page of the log: the current messages of a range. A seq of the range without a message is a change of another
 * message, or an expired entry.
 */
export function addPage(timeline: Timeline, messages: readonly Message[], range: Range): Timeline {
  const entries = messages.map((message) => ({ seq: message.seq, message }));
  return merge(timeline.begun === true ? timeline : begunAt(timeline, range.after), entries, [range]);
}

/** Cuts ranges of earlier single entries to the part after the first page's beginning. */
function begunAt(timeline: Timeline, beginning: number): Timeline {
  const following = timeline.ranges.filter(({ through }) => through > beginning);
  const ranges = following.map(({ after, through }) => ({ after: Math.max(after, beginning), through }));
  return { ...timeline, begun: true, ranges };
}

/**
 * Updates known messages without completing a range. A refresh reads its last page later than its first, so it can miss
 * changes that entries in between made to messages of earlier pages.
 */
export function renewMessages(timeline: Timeline, messages: readonly Message[]): Timeline {
  return merge(
    timeline,
    messages.map((message) => ({ message })),
    [],
  );
}

export function setPending(timeline: Timeline, pending: readonly PendingMessage[]): Timeline {
  if (pending.length === 0 && timeline.pending.length === 0) return timeline;
  return { ...timeline, pending: withoutStored(pending, timeline, timeline.messages) };
}

/** The position to resume from: the seq of the last entry before the first gap. Undefined if no entry is known. */
export function positionOf(timeline: Timeline): number | undefined {
  return timeline.ranges[0]?.through;
}

/** The seq before the oldest known entry. 0 if that is the log's first. Undefined before the first page. */
export function beginningOf(timeline: Timeline): number | undefined {
  return timeline.begun === true ? timeline.ranges[0]?.after : undefined;
}

/** The first gap: the entries after `after` and before `before` are missing. */
export function missingIn(timeline: Timeline): { readonly after: number; readonly before: number } | undefined {
  const [first, second] = timeline.ranges;
  return first === undefined || second === undefined ? undefined : { after: first.through, before: second.after + 1 };
}

/** The messages up to the first missing entry, in order. */
export function messagesOf(timeline: Timeline): readonly Message[] {
  const { after, through } = timeline.ranges[0] ?? { after: 0, through: 0 };
  return timeline.messages.flatMap(({ seq, message }) =>
    message !== undefined && seq > after && seq <= through ? [message] : [],
  );
}

function merge(timeline: Timeline, added: readonly TimelineEntry[], ranges: readonly Range[]): Timeline {
  const changed = changedBy(timeline.messages, added);
  const joined = joinRanges([...timeline.ranges, ...ranges]);
  if (changed.size === 0 && sameRanges(joined, timeline.ranges)) return timeline;
  const messages =
    changed.size === 0
      ? timeline.messages
      : [...timeline.messages.filter(({ seq }) => !changed.has(seq)), ...changed.values()].sort(
          (a, b) => a.seq - b.seq,
        );
  const pending = withoutStored(timeline.pending, timeline, [...changed.values()]);
  return { ...timeline, messages, ranges: joined, pending };
}

function changedBy(
  messages: readonly MessageVersions[],
  entries: readonly TimelineEntry[],
): ReadonlyMap<number, MessageVersions> {
  const bySeq = new Map(messages.map((versions) => [versions.seq, versions]));
  const changed = new Map<number, MessageVersions>();
  for (const { message, reactions } of entries) {
    const seq = message?.seq ?? reactions?.messageSeq;
    if (seq === undefined) continue;
    const before = bySeq.get(seq);
    let after = before ?? unknownMessage(seq);
    if (message !== undefined) after = withMessage(after, message);
    if (reactions !== undefined) after = withReactions(after, reactions);
    if (after === before) continue;
    bySeq.set(seq, after);
    changed.set(seq, after);
  }
  return changed;
}

function withoutStored(
  pending: readonly PendingMessage[],
  { ownUserId }: Pick<Timeline, 'ownUserId'>,
  messages: readonly MessageVersions[],
): readonly PendingMessage[] {
  if (pending.length === 0) return pending;
  const stored = new Set(
    messages.flatMap(({ message }) => (message?.senderId === ownUserId ? [message.clientMessageId] : [])),
  );
  const left = pending.filter(({ task, clientMessageId }) => task.kind !== 'message' || !stored.has(clientMessageId));
  return left.length === pending.length ? pending : left;
}

function joinRanges(ranges: readonly Range[]): readonly Range[] {
  const joined: Range[] = [];
  for (const range of [...ranges].sort((a, b) => a.after - b.after)) {
    const last = joined.at(-1);
    if (last === undefined || range.after > last.through) joined.push(range);
    else if (range.through > last.through) joined[joined.length - 1] = { after: last.after, through: range.through };
  }
  return joined;
}

function sameRanges(ranges: readonly Range[], others: readonly Range[]): boolean {
  return (
    ranges.length === others.length &&
    ranges.every(({ after, through }, index) => after === others[index]?.after && through === others[index]?.through)
  );
}
