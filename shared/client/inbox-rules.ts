import type { Conversation } from '../contract/schemas/conversation.ts';
import type { Message } from '../contract/schemas/message.ts';
import { mostPeopleForReceipts } from '../contract/schemas/receipt.ts';
import { furtherStatus, type MessageVersions, unknownMessage, withMessage, withReactions } from './message-versions.ts';
import type { ServerEvent } from './server-event.ts';
import type { LogEntry } from './event-entry-rules.ts';

export interface Watermarks {
  readonly deliveredSeq: number;
  readonly readSeq: number;
}

/**
 * What is known of a conversation in the list: it as the server told it last, and what came after. What is shown is
 * computed from both, so that the order in which news come, and their repetition, change nothing.
 */
export interface InboxEntry {
  readonly told: Conversation;
  /** Messages after `told.lastSeq`, and `told.lastMessage`, ascending by `seq`. */
  readonly messages: readonly MessageVersions[];
  /** The highest numbers told of anybody. */
  readonly watermarks: Readonly<Record<string, Watermarks>>;
  /** Number of the newest entry that is known to exist. */
  readonly lastSeq: number;
  /** Everything up to this number is known: where to resume from. */
  readonly position: number;
  /** Numbers of entries beyond the first hole, ascending. */
  readonly ahead: readonly number[];
  /** What the server counted as unread for the user, as far as it has not been found here: ask for the conversation. */
  readonly counts: readonly OwnCount[];
}

/** The user's own unread messages up to an entry, by the server. */
interface OwnCount {
  readonly unreadCount: number;
  readonly lastSeq: number;
}

/** Takes a conversation as the server told it. An older one than what is known brings watermarks only. */
export function withConversation(known: InboxEntry | undefined, told: Conversation, ownUserId: string): InboxEntry {
  const watermarks = marksOf(known?.watermarks ?? {}, told.participants);
  if (known !== undefined && isOlder(told, known.told, ownUserId)) return settle({ ...known, watermarks }, known);
  const later = (known?.messages ?? []).filter(({ seq }) => seq > told.lastSeq);
  const last = told.lastMessage;
  const before = known?.messages.find(({ seq }) => seq === last?.seq);
  const messages = last === undefined ? later : [withMessage(before ?? unknownMessage(last.seq), last), ...later];
  const lastSeq = Math.max(told.lastSeq, known?.lastSeq ?? 0);
  const reached = reach(Math.max(told.lastSeq, known?.position ?? 0), known?.ahead ?? []);
  // What was counted further on, this conversation does not know of yet.
  const counts = (known?.counts ?? []).filter((count) => count.lastSeq > told.lastSeq);
  return settle(counted({ told, messages, watermarks, lastSeq, ...reached, counts }, ownUserId), known);
}

/** By the log, and then by how far the user has read: both only go on. */
function isOlder(one: Conversation, other: Conversation, ownUserId: string): boolean {
  if (one.lastSeq !== other.lastSeq) return one.lastSeq < other.lastSeq;
  return readIn(one, ownUserId) < readIn(other, ownUserId);
}

function readIn({ participants }: Conversation, ownUserId: string): number {
  return participants.find(({ userId }) => userId === ownUserId)?.readSeq ?? 0;
}

/** Takes an entry of the log. */
export function withEntry(before: InboxEntry, entry: LogEntry, ownUserId: string): InboxEntry {
  return counted(withEntryItself(before, entry), ownUserId);
}

function withEntryItself(before: InboxEntry, entry: LogEntry): InboxEntry {
  const { seq, message, reactions } = entry;
  const lastSeq = Math.max(before.lastSeq, seq, message?.updatedSeq ?? 0);
  const isNew = seq > before.position && !before.ahead.includes(seq);
  const reached = isNew ? reach(before.position, [...before.ahead, seq]) : undefined;
  const watermarks = message === undefined ? before.watermarks : marksOf(before.watermarks, readByWriting(message));
  const isSame = reached === undefined && lastSeq === before.lastSeq && watermarks === before.watermarks;
  const known = isSame ? before : { ...before, ...reached, lastSeq, watermarks };
  const about = message?.seq ?? reactions?.messageSeq;
  const versions = known.messages.find((each) => each.seq === about);
  // Of messages before those that are kept nothing is shown.
  if (about === undefined || (versions === undefined && about <= known.told.lastSeq)) return known;
  let after = versions ?? unknownMessage(about);
  if (message !== undefined) after = withMessage(after, message);
  if (reactions !== undefined) after = withReactions(after, reactions);
  if (after === versions) return known;
  const others = known.messages.filter((each) => each !== versions);
  return { ...known, messages: [...others, after].sort((one, other) => one.seq - other.seq) };
}

/** Who writes a message has read up to it; no receipt says so. */
function readByWriting({ seq, senderId, type }: Message): readonly (Watermarks & { readonly userId: string })[] {
  return type === 'system' ? [] : [{ userId: senderId, deliveredSeq: seq, readSeq: seq }];
}

/** Goes on as far as there is no hole. */
function reach(from: number, numbers: readonly number[]): Pick<InboxEntry, 'position' | 'ahead'> {
  let position = from;
  const ahead: number[] = [];
  for (const seq of [...numbers].sort((one, other) => one - other)) {
    if (seq === position + 1) position = seq;
    else if (seq > position) ahead.push(seq);
  }
  return { position, ahead };
}

/** Takes receipts. `unreadCount` is the own one as the server counted it, up to the entry `lastSeq`. */
export function withReceipts(
  known: InboxEntry,
  { receipts, unreadCount, lastSeq }: Extract<ServerEvent, { type: 'receipt.updated' }>['data'],
  ownUserId: string,
): InboxEntry {
  const next = settle({ ...known, watermarks: marksOf(known.watermarks, receipts) }, known);
  if (unreadCount === undefined || lastSeq === undefined) return next;
  // The number that was read only rises: what was told before that is over.
  const own = receipts.find(({ userId }) => userId === ownUserId)?.readSeq ?? 0;
  if (own < (next.watermarks[ownUserId]?.readSeq ?? 0)) return next;
  if (next.counts.some((one) => one.unreadCount === unreadCount && one.lastSeq === lastSeq)) return next;
  return settle(counted({ ...next, counts: [...next.counts, { unreadCount, lastSeq }] }, ownUserId), next);
}

/**
 * Without the server's counts that are found here as well. Another one tells of a mark as unread, or of messages that
 * have not come yet; a count up to another entry than is looked at would tell nothing, though it may be the same.
 */
function counted(entry: InboxEntry, ownUserId: string): InboxEntry {
  const { told, position } = entry;
  const counts = entry.counts.filter(({ unreadCount, lastSeq }) => {
    const isKnown = lastSeq >= told.lastSeq && lastSeq <= position;
    return !isKnown || unreadOf(entry, ownUserId, lastSeq).count !== unreadCount;
  });
  return counts.length === entry.counts.length ? entry : { ...entry, counts };
}

/** The conversation as it is now. */
export function conversationOf(entry: InboxEntry, ownUserId: string): Conversation {
  const { told, messages, lastSeq, watermarks } = entry;
  const shown = messages.flatMap(({ message }) => message ?? []);
  const last = shown.at(-1);
  const systemMessages = shown.filter(({ seq, system }) => system !== undefined && seq > told.lastSeq);
  const changed = systemMessages.reduce(withSystemMessage, told);
  const participants = changed.participants.map((participant) => {
    const { deliveredSeq, readSeq } = watermarks[participant.userId] ?? participant;
    return { ...participant, deliveredSeq, readSeq };
  });
  return {
    ...changed,
    participants,
    lastSeq,
    ...(last === undefined ? {} : { lastMessage: { ...last, status: statusOf(last, participants) } }),
    unreadCount: unreadOf(entry, ownUserId).count,
    updatedAt: last !== undefined && last.createdAt > changed.updatedAt ? last.createdAt : changed.updatedAt,
  };
}

/**
 * How far a message has come with all others, by their watermarks. It never falls back because somebody came later. In
 * conversations of too many people for receipts it stays as the server told it.
 */
export function statusOf(
  message: Pick<Message, 'seq' | 'senderId' | 'status'>,
  participants: readonly (Watermarks & { readonly userId: string })[],
): Message['status'] {
  const others = participants.filter(({ userId }) => userId !== message.senderId);
  if (others.length === 0 || participants.length > mostPeopleForReceipts) return message.status;
  if (others.every(({ readSeq }) => readSeq >= message.seq)) return 'read';
  const isDelivered = others.every(({ deliveredSeq, readSeq }) => Math.max(deliveredSeq, readSeq) >= message.seq);
  return furtherStatus(message.status, isDelivered ? 'delivered' : 'sent');
}

/** Whether what is shown is certain; otherwise the conversation has to be asked for. */
export function isCertain(entry: InboxEntry, ownUserId: string): boolean {
  return entry.counts.length === 0 && entry.ahead.length === 0 && unreadOf(entry, ownUserId).isCertain;
}

/**
 * Unread are messages of others after what the user read, up to an entry that is not before the told ones. Whoever
 * writes a message has read what came before.
 */
function unreadOf(
  { told, messages, watermarks }: InboxEntry,
  ownUserId: string,
  through = Infinity,
): { count: number; isCertain: boolean } {
  const toldRead = readIn(told, ownUserId);
  const later = messages.flatMap(({ message }) =>
    message !== undefined && message.seq > told.lastSeq && message.seq <= through ? [message] : [],
  );
  const own = later.filter(({ senderId, type }) => senderId === ownUserId && type !== 'system');
  const written = own.at(-1)?.seq ?? 0;
  const read = Math.max(watermarks[ownUserId]?.readSeq ?? 0, written);
  const count = later.filter(
    ({ seq, senderId, type }) => senderId !== ownUserId && type !== 'system' && seq > read,
  ).length;
  if (read >= told.lastSeq && read > toldRead) return { count, isCertain: true };
  return { count: told.unreadCount + count, isCertain: read <= toldRead || told.unreadCount === 0 };
}

/** What a system message says of who takes part and what the conversation is called. */
function withSystemMessage(conversation: Conversation, { senderId, system }: Message): Conversation {
  if (system === undefined) return conversation;
  const { kind, userIds = [], role, name, history, successorId } = system;
  const gone =
    kind === 'left' || kind === 'removed' ? new Set(kind === 'left' ? [senderId, ...userIds] : userIds) : undefined;
  const come = kind === 'joined' || kind === 'created' ? userIds : [];
  const known = new Set(conversation.participants.map(({ userId }) => userId));
  const participants = [
    ...conversation.participants.filter(({ userId }) => gone?.has(userId) !== true),
    ...come
      .filter((userId) => !known.has(userId))
      .map((userId) => ({ userId, role: role ?? ('member' as const), deliveredSeq: 0, readSeq: 0 })),
  ].map((participant) => {
    if (participant.userId === successorId) return { ...participant, role: 'admin' as const };
    const isChanged = kind === 'role-changed' && role !== undefined && userIds.includes(participant.userId);
    return isChanged ? { ...participant, role } : participant;
  });
  return {
    ...conversation,
    participants,
    ...(name === undefined ? {} : { name }),
    ...(history === undefined ? {} : { history }),
  };
}

function marksOf(
  known: InboxEntry['watermarks'],
  receipts: readonly (Watermarks & { readonly userId: string })[],
): InboxEntry['watermarks'] {
  let marks = known;
  for (const { userId, deliveredSeq, readSeq } of receipts) {
    const before = marks[userId] ?? { deliveredSeq: 0, readSeq: 0 };
    const after = {
      deliveredSeq: Math.max(before.deliveredSeq, deliveredSeq),
      readSeq: Math.max(before.readSeq, readSeq),
    };
    const isSame = after.deliveredSeq === before.deliveredSeq && after.readSeq === before.readSeq;
    if (!isSame || !(userId in marks)) marks = { ...marks, [userId]: after };
  }
  return marks;
}

/** The value of before where nothing is new, so that screens need not look again. */
function settle(next: InboxEntry, before: InboxEntry | undefined): InboxEntry {
  if (before === undefined) return next;
  const isSame =
    next.told === before.told &&
    next.messages === before.messages &&
    next.watermarks === before.watermarks &&
    next.lastSeq === before.lastSeq &&
    next.position === before.position &&
    next.counts.length === before.counts.length &&
    next.counts.every((count, index) => count === before.counts[index]);
  return isSame ? before : next;
}
