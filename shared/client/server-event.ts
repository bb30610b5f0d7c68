import type * as z from 'zod/mini';
import type { MessageReactions } from '../contract/messages/reactions.ts';
import type { Conversation } from '../contract/schemas/conversation.ts';
import type { Message } from '../contract/schemas/message.ts';
import type { Presence } from '../contract/schemas/presence.ts';
import {
  type draftUpdated,
  type entryHidden,
  presenceChanged,
  type reactionUpdated,
  type receiptUpdated,
  type snapshotRequired,
  type typingStarted,
  type urgentRaised,
  type viewingStarted,
} from '../contract/events/server-events.ts';

interface EventBase {
  readonly conversationId: string;
  /** ISO 8601. */
  readonly at: string;
}

interface LastingData {
  'message.created': Message;
  'message.updated': Message;
  'message.deleted': Message;
  'conversation.updated': Message;
  'conversation.assigned': Message;
  'urgent.acknowledged': Message;
  'reaction.updated': z.output<typeof reactionUpdated.data>;
  'entry.hidden': z.output<typeof entryHidden.data>;
}

interface PassingData {
  'conversation.created': Conversation;
  'conversation.removed': object;
  'snapshot.required': z.output<typeof snapshotRequired.data>;
  'receipt.updated': z.output<typeof receiptUpdated.data>;
  'typing.started': z.output<typeof typingStarted.data>;
  'typing.stopped': z.output<typeof typingStarted.data>;
  'viewing.started': z.output<typeof viewingStarted.data>;
  'viewing.stopped': z.output<typeof viewingStarted.data>;
  'draft.updated': z.output<typeof draftUpdated.data>;
  'urgent.raised': z.output<typeof urgentRaised.data>;
}

type LastingEvent = {
  readonly [Type in keyof LastingData]: EventBase & {
    readonly type: Type;
    readonly seq: number;
    readonly data: LastingData[Type];
  };
}[keyof LastingData];

type PassingEvent = {
  readonly [Type in keyof PassingData]: EventBase & { readonly type: Type; readonly data: PassingData[Type] };
}[keyof PassingData];

/** A lasting event has a `seq`, its position in the log. A passing event has none. */
export type ServerEvent =
  | LastingEvent
  | PassingEvent
  /** From a newer server. Its `seq` still counts. */
  | (EventBase & { readonly type: 'unknown'; readonly name: string; readonly seq?: number; readonly data: unknown });

const lasting: Readonly<Record<keyof LastingData, (data: unknown) => boolean>> = {
  'message.created': isMessage,
  'message.updated': isMessage,
  'message.deleted': isMessage,
  'conversation.updated': isMessage,
  'conversation.assigned': isMessage,
  'urgent.acknowledged': isMessage,
  'reaction.updated': isReactions,
  'entry.hidden': isRecord,
};
const passing: Readonly<Record<keyof PassingData, (data: unknown) => boolean>> = {
  'conversation.created': (data) => isRecord(data) && typeof data['id'] === 'string',
  'conversation.removed': isRecord,
  'snapshot.required': (data) => isRecord(data) && isRecord(data['conversation']) && isRecord(data['covers']),
  'receipt.updated': isReceipts,
  'typing.started': isOfUser,
  'typing.stopped': isOfUser,
  'viewing.started': isOfUser,
  'viewing.stopped': isOfUser,
  'draft.updated': isDraft,
  'urgent.raised': (data) => isRecord(data) && isRecord(data['urgency']),
};

/** Undefined for other frames. */
export function serverEventOf(frame: unknown): ServerEvent | undefined {
  if (!isRecord(frame)) return undefined;
  const { type, conversationId, at, seq, data } = frame;
  if (frame['v'] !== 1 || typeof type !== 'string' || typeof conversationId !== 'string') return undefined;
  if (seq !== undefined && !isSeq(seq)) return undefined;
  const base = { conversationId, at: typeof at === 'string' ? at : '' };
  const check = seq === undefined ? checkOf(passing, type) : checkOf(lasting, type);
  if (check?.(data) === true) return { ...base, type, ...(seq === undefined ? {} : { seq }), data } as ServerEvent;
  return { ...base, type: 'unknown', name: type, ...(seq === undefined ? {} : { seq }), data };
}

/** Omits users of unknown status. Undefined for other frames. */
export function presencesOf(frame: Readonly<Record<string, unknown>>): readonly Presence[] | undefined {
  if (frame['type'] !== presenceChanged.type || !isRecord(frame['data'])) return undefined;
  const { users } = frame['data'];
  return Array.isArray(users) ? users.filter(isPresence) : undefined;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function checkOf(checks: Readonly<Record<string, (data: unknown) => boolean>>, type: string) {
  return Object.hasOwn(checks, type) ? checks[type] : undefined;
}

function isSeq(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

export function isMessage(value: unknown): value is Message {
  if (!isRecord(value) || !isSeq(value['seq'])) return false;
  return [value['senderId'], value['type'], value['createdAt'], value['clientMessageId']].every(
    (field) => typeof field === 'string',
  );
}

export function isReactions(value: unknown): value is MessageReactions {
  return (
    isRecord(value) && isSeq(value['messageSeq']) && isSeq(value['updatedSeq']) && Array.isArray(value['reactions'])
  );
}

function isReceipts(value: unknown): boolean {
  if (!isRecord(value) || !Array.isArray(value['receipts'])) return false;
  return value['receipts'].every(
    (receipt) => isOfUser(receipt) && Number.isInteger(receipt['deliveredSeq']) && Number.isInteger(receipt['readSeq']),
  );
}

function isDraft(value: unknown): boolean {
  if (!isRecord(value) || !Number.isSafeInteger(value['revision'])) return false;
  return value['text'] === undefined || typeof value['text'] === 'string';
}

function isPresence(value: unknown): value is Presence {
  return isOfUser(value) && ['online', 'away', 'offline'].includes(String(value['status']));
}

function isOfUser(value: unknown): value is Readonly<Record<string, unknown>> {
  return isRecord(value) && typeof value['userId'] === 'string';
}
