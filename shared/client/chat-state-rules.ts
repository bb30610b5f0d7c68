import type { Conversation } from '../contract/schemas/conversation.ts';
import type { Message } from '../contract/schemas/message.ts';
import type { Presence } from '../contract/schemas/presence.ts';
import { conversationOf, type InboxEntry, withConversation, withEntry, withReceipts } from './inbox-rules.ts';
import { statusOf } from './message-status-rules.ts';
import { entryOf } from './event-entry-rules.ts';
import type { PendingMessage } from './pending-message.ts';
import type { ServerEvent } from './server-event.ts';
import type { ConnectionState } from './socket.ts';
import { withoutContent } from './wiped-rules.ts';
import { addEntries, addPage, emptyTimeline, messagesOf, setPending, type Range, type Timeline } from './timeline.ts';

/** Counts from the last `typing.started` event. */
export const typingMs = 6_000;

/** Immutable; {@link reduceChat} replaces it. */
export interface ChatState {
  readonly ownUserId: string;
  readonly connection: ConnectionState;
  readonly inbox: Readonly<Record<string, InboxEntry>>;
  readonly timelines: Readonly<Record<string, Timeline>>;
  /** The end of each indicator, in milliseconds since the epoch, by conversation and user. */
  readonly typing: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** By user. Empty while disconnected, because it goes stale. */
  readonly presence: Readonly<Record<string, Presence>>;
}

export type ChatAction =
  | { readonly type: 'connection'; readonly connection: ConnectionState }
  /** `now`: the device's clock, in milliseconds since the epoch. */
  | { readonly type: 'event'; readonly event: ServerEvent; readonly now: number }
  | { readonly type: 'conversations'; readonly conversations: readonly Conversation[] }
  | {
      readonly type: 'page';
      readonly conversationId: string;
      readonly messages: readonly Message[];
      readonly covers: Range;
    }
  | { readonly type: 'timeline'; readonly timeline: Timeline }
  | { readonly type: 'pending'; readonly conversationId: string; readonly pending: readonly PendingMessage[] }
  /** `inbox`: the user also left the conversation. */
  | { readonly type: 'forgotten'; readonly conversationId: string; readonly inbox: boolean }
  /** `hidden`: users whose presence this user may not see. */
  | { readonly type: 'presence'; readonly users: readonly Presence[]; readonly hidden?: readonly string[] }
  | { readonly type: 'tick'; readonly now: number };

export function emptyChat(ownUserId: string): ChatState {
  return { ownUserId, connection: 'disconnected', inbox: {}, timelines: {}, typing: {}, presence: {} };
}

/** Returns the same value if nothing changed. */
export function reduceChat(state: ChatState, action: ChatAction): ChatState {
  switch (action.type) {
    case 'connection':
      return withConnection(state, action.connection);
    case 'presence':
      return withPresence(state, action.users, action.hidden ?? []);
    case 'event':
      return withEvent(state, action.event, action.now);
    case 'conversations': {
      let { inbox } = state;
      for (const conversation of action.conversations) {
        const entry = withConversation(inbox[conversation.id], conversation, state.ownUserId);
        inbox = put(inbox, conversation.id, entry);
      }
      return inbox === state.inbox ? state : { ...state, inbox };
    }
    case 'page': {
      const { conversationId, messages, covers } = action;
      const timeline = state.timelines[conversationId] ?? emptyTimeline(conversationId, state.ownUserId);
      return withTimeline(state, addPage(timeline, messages, covers));
    }
    case 'timeline':
      return withTimeline(state, action.timeline);
    case 'pending': {
      const timeline = state.timelines[action.conversationId];
      return timeline === undefined ? state : withTimeline(state, setPending(timeline, action.pending));
    }
    case 'forgotten': {
      const timelines = without(state.timelines, action.conversationId);
      const inbox = action.inbox ? without(state.inbox, action.conversationId) : state.inbox;
      const typing = without(state.typing, action.conversationId);
      const isSame = timelines === state.timelines && inbox === state.inbox && typing === state.typing;
      return isSame ? state : { ...state, timelines, inbox, typing };
    }
    case 'tick':
      return withoutOldTyping(state, action.now);
  }
}

/** Newest activity first. */
export function conversationsOf(state: ChatState): readonly Conversation[] {
  return Object.values(state.inbox)
    .map((entry) => conversationOf(entry, state.ownUserId))
    .sort((a, b) => compare(b.updatedAt, a.updatedAt) || compare(b.id, a.id));
}

export function typingIn(state: ChatState, conversationId: string, now: number): readonly string[] {
  return Object.entries(state.typing[conversationId] ?? {}).flatMap(([userId, until]) =>
    isLive(until, now) ? [userId] : [],
  );
}

/** Undefined if unknown. */
export function presenceIn(state: ChatState, userId: string): Presence | undefined {
  return Object.hasOwn(state.presence, userId) ? state.presence[userId] : undefined;
}

export function statusIn(state: ChatState, message: Message): Message['status'] {
  const entry = state.inbox[message.conversationId];
  if (entry === undefined) return message.status;
  const { kind, participants } = conversationOf(entry, state.ownUserId);
  return statusOf(message, kind, participants);
}

/** Ends before the first missing entry. */
export function messagesIn(state: ChatState, conversationId: string): readonly Message[] {
  const timeline = state.timelines[conversationId];
  const entry = state.inbox[conversationId];
  if (timeline === undefined) return [];
  if (entry === undefined) return messagesOf(timeline);
  const { kind, participants, wiped } = conversationOf(entry, state.ownUserId);
  const shown = messagesOf(timeline);
  return (wiped === true ? shown.map(withoutContent) : shown).map((message) => {
    const status = statusOf(message, kind, participants);
    return status === message.status ? message : { ...message, status };
  });
}

function withEvent(state: ChatState, event: ServerEvent, now: number): ChatState {
  const { conversationId } = event;
  const inboxEntry = state.inbox[conversationId];
  if (event.type === 'conversation.created') {
    return reduceChat(state, { type: 'conversations', conversations: [event.data] });
  }
  if (event.type === 'snapshot.required') {
    const { conversation, messages, covers } = event.data;
    const replaced = withConversation(undefined, conversation, state.ownUserId);
    const next = inboxEntry === undefined ? state : { ...state, inbox: put(state.inbox, conversationId, replaced) };
    const timeline = state.timelines[conversationId];
    if (timeline === undefined) return next;
    const empty = { ...emptyTimeline(conversationId, state.ownUserId), pending: timeline.pending };
    return withTimeline(next, addPage(empty, messages, covers));
  }
  if (event.type === 'conversation.removed') {
    return reduceChat(state, { type: 'forgotten', conversationId, inbox: true });
  }
  if (event.type === 'typing.started' || event.type === 'typing.stopped') {
    return withTyping(state, conversationId, event.data.userId, event.type === 'typing.started' ? now : undefined);
  }
  if (event.type === 'receipt.updated') {
    if (inboxEntry === undefined) return state;
    const inbox = put(state.inbox, conversationId, withReceipts(inboxEntry, event.data, state.ownUserId));
    return inbox === state.inbox ? state : { ...state, inbox };
  }
  const entry = entryOf(event);
  if (entry === undefined) return state;
  const inbox =
    inboxEntry === undefined
      ? state.inbox
      : put(state.inbox, conversationId, withEntry(inboxEntry, entry, state.ownUserId));
  const timeline = state.timelines[conversationId];
  const withMessages = timeline === undefined ? state : withTimeline(state, addEntries(timeline, [entry]));
  const next = inbox === withMessages.inbox ? withMessages : { ...withMessages, inbox };
  return event.type === 'message.created' ? withTyping(next, conversationId, event.data.senderId, undefined) : next;
}

function withConnection(state: ChatState, connection: ConnectionState): ChatState {
  if (connection === state.connection) return state;
  const isLost = connection === 'disconnected' || connection === 'ended';
  return { ...state, connection, presence: isLost ? {} : state.presence };
}

function withPresence(state: ChatState, users: readonly Presence[], hidden: readonly string[]): ChatState {
  let { presence } = state;
  for (const user of users) {
    const before = presence[user.userId];
    if (before?.status === user.status && before.lastSeenAt === user.lastSeenAt) continue;
    presence = put(presence, user.userId, user);
  }
  for (const userId of hidden) presence = without(presence, userId);
  return presence === state.presence ? state : { ...state, presence };
}

function withTyping(state: ChatState, conversationId: string, userId: string, now: number | undefined): ChatState {
  const before = state.typing[conversationId] ?? {};
  if (now === undefined && !(userId in before)) return state;
  const otherUsers = without(before, userId);
  const after = now === undefined ? otherUsers : { ...otherUsers, [userId]: now + typingMs };
  return { ...state, typing: { ...state.typing, [conversationId]: after } };
}

function withoutOldTyping(state: ChatState, now: number): ChatState {
  const live = Object.entries(state.typing).flatMap(([conversationId, users]) => {
    const left = Object.entries(users).filter(([, until]) => isLive(until, now));
    return left.length === 0 ? [] : [[conversationId, Object.fromEntries(left)] as const];
  });
  const count = (typing: ChatState['typing']): number =>
    Object.values(typing).reduce((sum, users) => sum + 1 + Object.keys(users).length, 0);
  const typing = Object.fromEntries(live);
  return count(typing) === count(state.typing) ? state : { ...state, typing };
}

/** The device's clock can be set back, which leaves times too far ahead. */
function isLive(until: number, now: number): boolean {
  return until > now && until <= now + typingMs;
}

function withTimeline(state: ChatState, timeline: Timeline): ChatState {
  const timelines = put(state.timelines, timeline.conversationId, timeline);
  return timelines === state.timelines ? state : { ...state, timelines };
}

function put<Value>(
  record: Readonly<Record<string, Value>>,
  key: string,
  value: Value,
): Readonly<Record<string, Value>> {
  return record[key] === value ? record : { ...record, [key]: value };
}

function without<Value>(record: Readonly<Record<string, Value>>, key: string): Readonly<Record<string, Value>> {
  if (!Object.hasOwn(record, key)) return record;
  return Object.fromEntries(Object.entries(record).filter(([name]) => name !== key));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
