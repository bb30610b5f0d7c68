import type { Conversation } from '../contract/schemas/conversation.ts';
import type { Message } from '../contract/schemas/message.ts';
import { type MessageVersions, unknownMessage, withMessage, withReactions } from './message-versions.ts';
import type { ServerEvent } from './server-event.ts';
import type { LogEntry } from './event-entry-rules.ts';
import { countsAsUnread, statusOf, type Watermarks } from './message-status-rules.ts';
import { type NumberedState, peopleOf, withState, withTexts } from './support-state-rules.ts';
import { withoutContent } from './wiped-rules.ts';

/** The server's last version, and newer entries and receipts in any order. */
export interface InboxEntry {
  readonly base: Conversation;
  /** Messages after `base.lastSeq`, and `base.lastMessage`, ascending. */
  readonly messages: readonly MessageVersions[];
  readonly watermarks: Readonly<Record<string, Watermarks>>;
  /** The newest known state of a support conversation. It counts if it is newer than `base`. */
  readonly support?: NumberedState;
  readonly lastSeq: number;
  /** All entries up to this seq are known. */
  readonly position: number;
  /** Known seqs after the first missing one, ascending. */
  readonly ahead: readonly number[];
  /** They differ from the computed ones, so the client must fetch the conversation. */
  readonly unresolvedCounts: readonly UnreadCount[];
}

interface UnreadCount {
  readonly unreadCount: number;
  readonly lastSeq: number;
}

/** Of an outdated version, only the watermarks count. */
export function withConversation(
  before: InboxEntry | undefined,
  conversation: Conversation,
  ownUserId: string,
): InboxEntry {
  const watermarks = withWatermarks(before?.watermarks ?? {}, conversation.participants);
  if (before !== undefined && isOlder(conversation, before.base, ownUserId)) {
    return unlessSame({ ...before, watermarks }, before);
  }
  const later = (before?.messages ?? []).filter(({ seq }) => seq > conversation.lastSeq);
  const last = conversation.lastMessage;
  const lastBefore = before?.messages.find(({ seq }) => seq === last?.seq);
  const messages = last === undefined ? later : [withMessage(lastBefore ?? unknownMessage(last.seq), last), ...later];
  const lastSeq = Math.max(conversation.lastSeq, before?.lastSeq ?? 0);
  const progress = advance(Math.max(conversation.lastSeq, before?.position ?? 0), before?.ahead ?? []);
  const unresolvedCounts = (before?.unresolvedCounts ?? []).filter((count) => count.lastSeq > conversation.lastSeq);
  const support = before?.support;
  const next = {
    ...{ base: conversation, messages, watermarks, lastSeq, ...progress, unresolvedCounts },
    ...(support === undefined || support.seq <= conversation.lastSeq ? {} : { support }),
  };
  return unlessSame(withoutResolvedCounts(next, ownUserId), before);
}

/** The log and the read watermark only grow, so together they order versions. */
function isOlder(version: Conversation, reference: Conversation, ownUserId: string): boolean {
  if (version.lastSeq !== reference.lastSeq) return version.lastSeq < reference.lastSeq;
  return readSeqIn(version, ownUserId) < readSeqIn(reference, ownUserId);
}

function readSeqIn({ participants }: Conversation, userId: string): number {
  return participants.find((participant) => participant.userId === userId)?.readSeq ?? 0;
}

export function withEntry(before: InboxEntry, entry: LogEntry, ownUserId: string): InboxEntry {
  return withoutResolvedCounts(withEntryItself(before, entry), ownUserId);
}

function withEntryItself(before: InboxEntry, entry: LogEntry): InboxEntry {
  const { seq, message, reactions } = entry;
  const lastSeq = Math.max(before.lastSeq, seq, message?.updatedSeq ?? 0);
  const isNew = seq > before.position && !before.ahead.includes(seq);
  const progress = isNew ? advance(before.position, [...before.ahead, seq]) : undefined;
  const watermarks =
    message === undefined ? before.watermarks : withWatermarks(before.watermarks, readByWriting(message));
  const support = newerState(before, entry);
  const isSame =
    progress === undefined &&
    lastSeq === before.lastSeq &&
    watermarks === before.watermarks &&
    support === before.support;
  const next = isSame
    ? before
    : { ...before, ...progress, lastSeq, watermarks, ...(support === undefined ? {} : { support }) };
  const messageSeq = message?.seq ?? reactions?.messageSeq;
  const versionsBefore = next.messages.find((versions) => versions.seq === messageSeq);
  if (messageSeq === undefined || (versionsBefore === undefined && messageSeq <= next.base.lastSeq)) return next;
  let versions = versionsBefore ?? unknownMessage(messageSeq);
  if (message !== undefined) versions = withMessage(versions, message);
  if (reactions !== undefined) versions = withReactions(versions, reactions);
  if (versions === versionsBefore) return next;
  const otherMessages = next.messages.filter((each) => each !== versionsBefore);
  return { ...next, messages: [...otherMessages, versions].sort((a, b) => a.seq - b.seq) };
}

/** A message contains the state after its own entry, also in an event about a later change of the message. */
function newerState({ base, support }: InboxEntry, { seq, message, support: hidden }: LogEntry): InboxEntry['support'] {
  const state = message === undefined ? hidden : message.support;
  const at = message?.seq ?? seq;
  return state === undefined || at <= Math.max(base.lastSeq, support?.seq ?? 0) ? support : { seq: at, state };
}

/** A message marks everything up to it as read by its sender. */
function readByWriting({ seq, senderId, type }: Message): readonly (Watermarks & { readonly userId: string })[] {
  return !countsAsUnread(type) ? [] : [{ userId: senderId, deliveredSeq: seq, readSeq: seq }];
}

function advance(from: number, seqs: readonly number[]): Pick<InboxEntry, 'position' | 'ahead'> {
  let position = from;
  const ahead: number[] = [];
  for (const seq of [...seqs].sort((a, b) => a - b)) {
    if (seq === position + 1) position = seq;
    else if (seq > position) ahead.push(seq);
  }
  return { position, ahead };
}

/** `unreadCount`: the server's count up to the entry `lastSeq`. */
export function withReceipts(
  before: InboxEntry,
  { receipts, unreadCount, lastSeq }: Extract<ServerEvent, { type: 'receipt.updated' }>['data'],
  ownUserId: string,
): InboxEntry {
  const next = unlessSame({ ...before, watermarks: withWatermarks(before.watermarks, receipts) }, before);
  if (unreadCount === undefined || lastSeq === undefined) return next;
  // A count with a lower read watermark is outdated.
  const readSeq = receipts.find(({ userId }) => userId === ownUserId)?.readSeq ?? 0;
  if (readSeq < (next.watermarks[ownUserId]?.readSeq ?? 0)) return next;
  if (next.unresolvedCounts.some((count) => count.unreadCount === unreadCount && count.lastSeq === lastSeq)) {
    return next;
  }
  const unresolvedCounts = [...next.unresolvedCounts, { unreadCount, lastSeq }];
  return unlessSame(withoutResolvedCounts({ ...next, unresolvedCounts }, ownUserId), next);
}

/** A different count means an unread mark or missing messages. Counts are comparable only up to the same entry. */
function withoutResolvedCounts(entry: InboxEntry, ownUserId: string): InboxEntry {
  const { base, position } = entry;
  const unresolvedCounts = entry.unresolvedCounts.filter(({ unreadCount, lastSeq }) => {
    const isComparable = lastSeq >= base.lastSeq && lastSeq <= position;
    return !isComparable || unreadOf(entry, ownUserId, lastSeq).count !== unreadCount;
  });
  return unresolvedCounts.length === entry.unresolvedCounts.length ? entry : { ...entry, unresolvedCounts };
}

export function conversationOf(entry: InboxEntry, ownUserId: string): Conversation {
  const { base, messages, lastSeq, watermarks } = entry;
  const visible = messages.flatMap(({ message }) => message ?? []);
  const systemMessages = visible.filter(({ seq, system }) => system !== undefined && seq > base.lastSeq);
  const changed = withState(systemMessages.reduce(withSystemMessage, base), entry.support);
  const newest = visible.at(-1);
  const last = newest !== undefined && changed.wiped === true ? withoutContent(newest) : newest;
  const participants = peopleOf(changed, watermarks).map((participant) => {
    const { deliveredSeq, readSeq } = watermarks[participant.userId] ?? participant;
    return { ...participant, deliveredSeq, readSeq };
  });
  return {
    ...changed,
    participants,
    lastSeq,
    ...(last === undefined ? {} : { lastMessage: { ...last, status: statusOf(last, changed.kind, participants) } }),
    unreadCount: unreadOf(entry, ownUserId).count,
    updatedAt: last !== undefined && last.createdAt > changed.updatedAt ? last.createdAt : changed.updatedAt,
  };
}

/** False if the client must fetch the conversation. */
export function isCertain(entry: InboxEntry, ownUserId: string): boolean {
  return entry.unresolvedCounts.length === 0 && entry.ahead.length === 0 && unreadOf(entry, ownUserId).isCertain;
}

/**
 * Writing a message also marks everything before it as read.
 *
 * @param through at least `base.lastSeq`.
 */
function unreadOf(
  { base, messages, watermarks }: InboxEntry,
  ownUserId: string,
  through = Infinity,
): { count: number; isCertain: boolean } {
  const baseReadSeq = readSeqIn(base, ownUserId);
  const later = messages.flatMap(({ message }) =>
    message !== undefined && message.seq > base.lastSeq && message.seq <= through ? [message] : [],
  );
  const own = later.filter(({ senderId, type }) => senderId === ownUserId && countsAsUnread(type));
  const writtenSeq = own.at(-1)?.seq ?? 0;
  const readSeq = Math.max(watermarks[ownUserId]?.readSeq ?? 0, writtenSeq);
  const count = later.filter(
    ({ seq, senderId, type }) => senderId !== ownUserId && countsAsUnread(type) && seq > readSeq,
  ).length;
  if (readSeq >= base.lastSeq && readSeq > baseReadSeq) return { count, isCertain: true };
  return { count: base.unreadCount + count, isCertain: readSeq <= baseReadSeq || base.unreadCount === 0 };
}

function withSystemMessage(conversation: Conversation, { senderId, system }: Message): Conversation {
  if (system === undefined) return conversation;
  const { kind, userIds = [], role, name, history, successorId } = system;
  const gone =
    kind === 'left' || kind === 'removed' ? new Set(kind === 'left' ? [senderId, ...userIds] : userIds) : undefined;
  const added = kind === 'joined' || kind === 'created' ? userIds : [];
  const present = new Set(conversation.participants.map(({ userId }) => userId));
  const participants = [
    ...conversation.participants.filter(({ userId }) => gone?.has(userId) !== true),
    ...added
      .filter((userId) => !present.has(userId))
      .map((userId) => ({ userId, role: role ?? ('member' as const), deliveredSeq: 0, readSeq: 0 })),
  ].map((participant) => {
    if (participant.userId === successorId) return { ...participant, role: 'admin' as const };
    const isChanged = kind === 'role-changed' && role !== undefined && userIds.includes(participant.userId);
    return isChanged ? { ...participant, role } : participant;
  });
  return {
    ...withTexts(conversation, system),
    participants,
    ...(name === undefined ? {} : { name }),
    ...(history === undefined ? {} : { history }),
  };
}

function withWatermarks(
  before: InboxEntry['watermarks'],
  receipts: readonly (Watermarks & { readonly userId: string })[],
): InboxEntry['watermarks'] {
  let watermarks = before;
  for (const { userId, deliveredSeq, readSeq } of receipts) {
    const previous = watermarks[userId] ?? { deliveredSeq: 0, readSeq: 0 };
    const next = {
      deliveredSeq: Math.max(previous.deliveredSeq, deliveredSeq),
      readSeq: Math.max(previous.readSeq, readSeq),
    };
    const isSame = next.deliveredSeq === previous.deliveredSeq && next.readSeq === previous.readSeq;
    if (!isSame || !(userId in watermarks)) watermarks = { ...watermarks, [userId]: next };
  }
  return watermarks;
}

function unlessSame(next: InboxEntry, before: InboxEntry | undefined): InboxEntry {
  if (before === undefined) return next;
  const isSame =
    next.base === before.base &&
    next.messages === before.messages &&
    next.watermarks === before.watermarks &&
    next.support === before.support &&
    next.lastSeq === before.lastSeq &&
    next.position === before.position &&
    next.unresolvedCounts.length === before.unresolvedCounts.length &&
    next.unresolvedCounts.every((count, index) => count === before.unresolvedCounts[index]);
  return isSame ? before : next;
}
