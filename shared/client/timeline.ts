import type { MessageReactions } from '../contract/messages/reactions.ts';
import type { Message } from '../contract/schemas/message.ts';
import { type MessageVersions, unknownMessage, withMessage, withReactions } from './message-versions.ts';
import type { PendingMessage } from './pending-message.ts';

/**
 * One entry of a conversation's log, and what it made of a message: a new one (of the same number), or a change of an
 * earlier one. Neither where this client does not know what the entry says, or need not.
 */
export interface TimelineEntry {
  /** Absent where something is told of a message, and not by which entry. */
  readonly seq?: number | undefined;
  readonly message?: Message;
  readonly reactions?: MessageReactions;
}

/** A part of the log that is known without holes: the entries after the number `after`, up to and with `through`. */
export interface Range {
  readonly after: number;
  readonly through: number;
}

/**
 * What a client knows of one conversation: messages by `seq`, the ranges that they fill, and what it is sending
 * itself. A value that the functions of this file make anew, so that a screen sees what changed.
 */
export interface Timeline {
  readonly conversationId: string;
  readonly ownUserId: string;
  /** Ascending by `seq`, each once. */
  readonly messages: readonly MessageVersions[];
  /** Ascending, apart from one another. The first one is what a reader sees; further ones wait for what is missing. */
  readonly ranges: readonly Range[];
  /** True once there was a page: then an entry of before it, told once more, does not count. */
  readonly begun?: boolean;
  /** Oldest first. */
  readonly pending: readonly PendingMessage[];
}

export function emptyTimeline(conversationId: string, ownUserId: string): Timeline {
  return { conversationId, ownUserId, messages: [], ranges: [], pending: [] };
}

/** Adds entries as they come live: each tells only of itself. What is known already changes nothing. */
export function addEntries(timeline: Timeline, entries: readonly TimelineEntry[]): Timeline {
  const beginning = beginningOf(timeline) ?? 0;
  const numbers = entries.flatMap(({ seq }) => (seq === undefined || seq <= beginning ? [] : [seq]));
  return merge(
    timeline,
    entries,
    numbers.map((seq) => ({ after: seq - 1, through: seq })),
  );
}

/**
 * Adds a page of the log: messages as they are now, and the knowledge that the range has no others. Numbers in it that
 * no message has are changes, or have expired.
 */
export function addPage(timeline: Timeline, messages: readonly Message[], range: Range): Timeline {
  const entries = messages.map((message) => ({ seq: message.seq, message }));
  return merge(timeline.begun === true ? timeline : begunAt(timeline, range.after), entries, [range]);
}

/** Of what came before the first page, only what follows the page's beginning counts. */
function begunAt(timeline: Timeline, beginning: number): Timeline {
  const following = timeline.ranges.filter(({ through }) => through > beginning);
  const ranges = following.map(({ after, through }) => ({ after: Math.max(after, beginning), through }));
  return { ...timeline, begun: true, ranges };
}

/**
 * Takes messages as they are now, and no more: who looks at known ones again, page by page, reads the last page later
 * than the first, and cannot know of the entries in between what they did to messages of earlier pages.
 */
export function renewMessages(timeline: Timeline, messages: readonly Message[]): Timeline {
  return merge(
    timeline,
    messages.map((message) => ({ message })),
    [],
  );
}

/** Replaces what is on its way. */
export function setPending(timeline: Timeline, pending: readonly PendingMessage[]): Timeline {
  if (pending.length === 0 && timeline.pending.length === 0) return timeline;
  return { ...timeline, pending: withoutStored(pending, timeline, timeline.messages) };
}

/** The number of the last entry before the first hole: where to resume from. Nothing before the first page. */
export function positionOf(timeline: Timeline): number | undefined {
  return timeline.ranges[0]?.through;
}

/** The number before the oldest entry that is known; 0 when it is the log's first. Nothing before the first page. */
export function beginningOf(timeline: Timeline): number | undefined {
  return timeline.begun === true ? timeline.ranges[0]?.after : undefined;
}

/** The first hole: entries after the number `after` and before the number `before` are to be fetched. */
export function missingIn(timeline: Timeline): { readonly after: number; readonly before: number } | undefined {
  const [first, second] = timeline.ranges;
  return first === undefined || second === undefined ? undefined : { after: first.through, before: second.after + 1 };
}

/** The messages up to the first hole, in order. What lies beyond it is shown once the hole is filled. */
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
          (one, other) => one.seq - other.seq,
        );
  const pending = withoutStored(timeline.pending, timeline, [...changed.values()]);
  return { ...timeline, messages, ranges: joined, pending };
}

/** The messages that the entries make new or other, by number. */
function changedBy(
  messages: readonly MessageVersions[],
  entries: readonly TimelineEntry[],
): ReadonlyMap<number, MessageVersions> {
  const known = new Map(messages.map((versions) => [versions.seq, versions]));
  const changed = new Map<number, MessageVersions>();
  for (const { message, reactions } of entries) {
    const seq = message?.seq ?? reactions?.messageSeq;
    if (seq === undefined) continue;
    const before = known.get(seq);
    let after = before ?? unknownMessage(seq);
    if (message !== undefined) after = withMessage(after, message);
    if (reactions !== undefined) after = withReactions(after, reactions);
    if (after === before) continue;
    known.set(seq, after);
    changed.set(seq, after);
  }
  return changed;
}

/** An own message that is in the log is not on its way any more. */
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
  for (const range of [...ranges].sort((one, other) => one.after - other.after)) {
    const last = joined.at(-1);
    if (last === undefined || range.after > last.through) joined.push(range);
    else if (range.through > last.through) joined[joined.length - 1] = { after: last.after, through: range.through };
  }
  return joined;
}

function sameRanges(some: readonly Range[], others: readonly Range[]): boolean {
  return (
    some.length === others.length &&
    some.every(({ after, through }, index) => after === others[index]?.after && through === others[index]?.through)
  );
}
