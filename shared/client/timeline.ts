import type { MessageReactions } from '../contract/messages/reactions.ts';
import type { Message } from '../contract/schemas/message.ts';
import { type MessageVersions, unknownMessage, withMessage, withReactions } from './message-versions.ts';
import { createsMessage } from './outgoing-task-rules.ts';
import type { PendingMessage } from './pending-message.ts';

/** Message and reactions are absent if the client does not understand or need the entry. */
export interface TimelineEntry {
  /** Absent if only the message is known. */
  readonly seq?: number | undefined;
  readonly message?: Message;
  readonly reactions?: MessageReactions;
}

/** No entries are missing after `after`, up to and including `through`. */
export interface Range {
  readonly after: number;
  readonly through: number;
}

export interface Timeline {
  readonly conversationId: string;
  readonly ownUserId: string;
  readonly messages: readonly MessageVersions[];
  /** Ascending, disjoint. Only the first is displayed. */
  readonly ranges: readonly Range[];
  /** After the first page, earlier repeated entries do not count. */
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

/** A seq without a message is another message's change, or an expired entry. */
export function addPage(timeline: Timeline, messages: readonly Message[], range: Range): Timeline {
  const entries = messages.map((message) => ({ seq: message.seq, message }));
  return merge(timeline.begun === true ? timeline : begunAt(timeline, range.after), entries, [range]);
}

function begunAt(timeline: Timeline, beginning: number): Timeline {
  const following = timeline.ranges.filter(({ through }) => through > beginning);
  const ranges = following.map(({ after, through }) => ({ after: Math.max(after, beginning), through }));
  return { ...timeline, begun: true, ranges };
}

/** Completes no range: a refresh reads pages at different times, so it can miss changes of earlier pages. */
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

/** The last seq before the first gap. Undefined if no entry is known. */
export function positionOf(timeline: Timeline): number | undefined {
  return timeline.ranges[0]?.through;
}

/** The seq before the oldest known entry. Undefined before the first page. */
export function beginningOf(timeline: Timeline): number | undefined {
  return timeline.begun === true ? timeline.ranges[0]?.after : undefined;
}

/** Entries between `after` and `before` are missing. */
export function missingIn(timeline: Timeline): { readonly after: number; readonly before: number } | undefined {
  const [first, second] = timeline.ranges;
  return first === undefined || second === undefined ? undefined : { after: first.through, before: second.after + 1 };
}

/** Up to the first missing entry. */
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
  const left = pending.filter(({ task, clientMessageId }) => !createsMessage(task) || !stored.has(clientMessageId));
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
