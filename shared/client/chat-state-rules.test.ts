import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Conversation } from '../contract/schemas/conversation.ts';
import type { Message } from '../contract/schemas/message.ts';
import {
  type ChatAction,
  type ChatState,
  conversationsOf,
  emptyChat,
  messagesIn,
  presenceIn,
  reduceChat,
  statusIn,
  typingIn,
} from './chat-state-rules.ts';
import { isCertain } from './inbox-rules.ts';
import type { ServerEvent } from './server-event.ts';
import { beginningOf, positionOf } from './timeline.ts';

const me = 'alice';
const people = [me, 'bob', 'carol'] as const;
type Person = (typeof people)[number];
const timeOf = (seq: number) => new Date(seq * 1000).toISOString();

type Step =
  | { readonly kind: 'message' | 'edit' | 'deletion' | 'leave'; readonly by: Person; readonly index: number }
  | { readonly kind: 'reaction'; readonly by: Person; readonly index: number; readonly added: boolean }
  | { readonly kind: 'receipt'; readonly by: Person; readonly index: number; readonly read: boolean }
  | { readonly kind: 'unread mark'; readonly by: Person; readonly index: number }
  | { readonly kind: 'rename'; readonly by: Person; readonly index: number };

class ModelServer {
  readonly messages: Message[] = [];
  readonly events: ServerEvent[] = [];
  readonly #watermarks = new Map<string, { deliveredSeq: number; readSeq: number }>();
  #participants: string[] = [...people];
  #marked = 0;
  #name = 'Harbour';
  #seq = 0;

  perform(step: Step): void {
    const target = this.messages[step.index % Math.max(1, this.messages.length)];
    switch (step.kind) {
      case 'message':
        this.#append(step.by, { type: 'text', text: `text ${this.#seq}` }, 'message.created');
        return this.#advance(step.by, this.#seq, true);
      case 'rename':
        this.#name = `Harbour ${this.#seq}`;
        return this.#append(
          step.by,
          { type: 'system', system: { kind: 'changed', name: this.#name } },
          'conversation.updated',
        );
      case 'leave':
        if (step.by === me || !this.#participants.includes(step.by) || this.#participants.length === 2) return;
        this.#participants = this.#participants.filter((userId) => userId !== step.by);
        return this.#append(
          step.by,
          { type: 'system', system: { kind: 'left', userIds: [step.by] } },
          'conversation.updated',
        );
      case 'edit':
      case 'deletion':
        if (target === undefined || target.type === 'system' || target.deletedAt !== undefined) return;
        return this.#change(target, step.kind);
      case 'reaction':
        if (target === undefined || target.type === 'system' || target.deletedAt !== undefined) return;
        return this.#react(target, step.by, step.added);
      case 'receipt':
        return this.#receive(step.by, step.index % (this.#seq + 1), step.read);
      case 'unread mark':
        return this.#markUnread(step.index % (this.#seq + 1));
    }
  }

  conversation(): Conversation {
    const lastMessage = this.messages.at(-1);
    return {
      id: 'c',
      kind: 'group',
      name: this.#name,
      participants: this.#participants.map((userId) => ({ userId, role: 'member', ...this.#watermarksOf(userId) })),
      lastSeq: this.#seq,
      ...(lastMessage === undefined ? {} : { lastMessage: this.#withStatus(lastMessage) }),
      unreadCount: this.#unread(),
      createdAt: timeOf(0),
      updatedAt: lastMessage?.createdAt ?? timeOf(0),
    };
  }

  fresh(): ChatState {
    const covers = { after: 0, through: this.#seq };
    const messages = this.messages.map((message) => this.#withStatus(message));
    const actions: ChatAction[] = [
      { type: 'conversations', conversations: [this.conversation()] },
      { type: 'page', conversationId: 'c', messages, covers },
    ];
    return actions.reduce(reduceChat, emptyChat(me));
  }

  #withStatus(message: Message): Message {
    const otherParticipants = this.#participants
      .filter((userId) => userId !== message.senderId)
      .map((userId) => this.#watermarksOf(userId));
    const all = (seqIn: (watermarks: { deliveredSeq: number; readSeq: number }) => number) =>
      otherParticipants.length > 0 && otherParticipants.every((watermarks) => seqIn(watermarks) >= message.seq);
    const status = all(({ readSeq }) => readSeq)
      ? 'read'
      : all(({ deliveredSeq }) => deliveredSeq)
        ? 'delivered'
        : 'sent';
    return { ...message, status };
  }

  #watermarksOf(userId: string) {
    return this.#watermarks.get(userId) ?? { deliveredSeq: 0, readSeq: 0 };
  }

  #append(
    by: string,
    content: Partial<Message> & Pick<Message, 'type'>,
    type: 'message.created' | 'conversation.updated',
  ) {
    this.#seq += 1;
    const seq = this.#seq;
    const ids = { conversationId: 'c', seq, senderId: by, clientMessageId: `id-${seq}`, updatedSeq: seq } as const;
    const message: Message = { ...ids, status: 'sent', createdAt: timeOf(seq), ...content };
    this.messages.push(message);
    this.events.push({ type, conversationId: 'c', at: timeOf(seq), seq, data: message });
  }

  #replace(before: Message, after: Message): void {
    this.messages[this.messages.indexOf(before)] = after;
  }

  #change(target: Message, kind: 'edit' | 'deletion'): void {
    this.#seq += 1;
    const seq = this.#seq;
    const { text: _, reactions: __, ...rest } = target;
    const deleted: Message = { ...rest, updatedSeq: seq, deletedAt: timeOf(seq) };
    const edited: Message = { ...target, text: `edit ${seq}`, updatedSeq: seq, editedAt: timeOf(seq) };
    const data = kind === 'edit' ? edited : deleted;
    this.#replace(target, data);
    const type = kind === 'edit' ? 'message.updated' : 'message.deleted';
    this.events.push({ type, conversationId: 'c', at: timeOf(seq), seq, data });
  }

  #react(target: Message, by: string, added: boolean): void {
    const before = target.reactions?.[0]?.userIds ?? [];
    if (before.includes(by) === added) return;
    this.#seq += 1;
    const seq = this.#seq;
    const userIds = added ? [...before, by] : before.filter((userId) => userId !== by);
    const reactions = userIds.length === 0 ? [] : [{ emoji: '👍', userIds }];
    const { reactions: _, ...rest } = target;
    this.#replace(target, { ...rest, updatedSeq: seq, ...(userIds.length === 0 ? {} : { reactions }) });
    const data = {
      conversationId: 'c',
      messageSeq: target.seq,
      updatedSeq: seq,
      reactions,
      userId: by,
      emoji: '👍',
      added,
    };
    this.events.push({ type: 'reaction.updated', conversationId: 'c', at: timeOf(seq), seq, data });
  }

  #receive(by: string, seq: number, isRead: boolean): void {
    if (by === me && isRead && seq === this.#watermarksOf(me).readSeq) this.#marked = 0;
    this.#advance(by, seq, isRead);
    this.#announceReceipt(by);
  }

  #announceReceipt(by: string): void {
    const own = by === me ? { unreadCount: this.#unread(), lastSeq: this.#seq } : {};
    const data = { receipts: [{ userId: by, ...this.#watermarksOf(by) }], ...own };
    this.events.push({ type: 'receipt.updated', conversationId: 'c', at: timeOf(this.#seq), data });
  }

  #markUnread(from: number): void {
    const read = this.#watermarksOf(me).readSeq;
    this.#marked = this.#othersMessages().filter(({ seq }) => seq >= from && seq <= read).length;
    this.#announceReceipt(me);
  }

  #unread(): number {
    const read = this.#watermarksOf(me).readSeq;
    return this.#marked + this.#othersMessages().filter(({ seq }) => seq > read).length;
  }

  #othersMessages(): readonly Message[] {
    return this.messages.filter(({ senderId, type }) => senderId !== me && type !== 'system');
  }

  #advance(by: string, seq: number, isRead: boolean): void {
    const before = this.#watermarksOf(by);
    const readSeq = isRead ? Math.max(before.readSeq, seq) : before.readSeq;
    if (by === me && readSeq > before.readSeq) this.#marked = 0;
    const after = { readSeq, deliveredSeq: Math.max(before.deliveredSeq, seq, readSeq) };
    this.#watermarks.set(by, after);
  }
}

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom(
    'message',
    'message',
    'edit',
    'deletion',
    'reaction',
    'receipt',
    'unread mark',
    'rename',
    'leave',
  ),
  by: fc.constantFrom(...people),
  index: fc.nat(),
  added: fc.boolean(),
  read: fc.boolean(),
});

const apply = (state: ChatState, event: ServerEvent, now = 0) => reduceChat(state, { type: 'event', event, now });

function displayed(state: ChatState) {
  const byId = (a: { userId: string }, b: { userId: string }) => (a.userId < b.userId ? -1 : 1);
  const timeline = state.timelines['c'];
  return {
    conversations: conversationsOf(state).map((conversation) => ({
      ...conversation,
      participants: conversation.participants.toSorted(byId),
    })),
    messages: messagesIn(state, 'c'),
    range: timeline && [beginningOf(timeline), positionOf(timeline)],
  };
}

describe('the chat state', () => {
  it('equals the state of fresh pages, whatever the order and repetition of events', () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 12 }),
        fc.array(step, { maxLength: 25 }),
        fc.array(fc.nat(), { maxLength: 60 }),
        fc.infiniteStream(fc.nat()),
        (before, after, repeated, chance) => {
          const server = new ModelServer();
          for (const each of before) server.perform(each);
          let state = server.fresh();
          const old = server.events.length;
          for (const each of after) server.perform(each);
          const deliveries = [
            ...server.events.slice(old),
            ...repeated.flatMap((index) => server.events[index % Math.max(1, server.events.length)] ?? []),
          ];
          const order = deliveries
            .map((event) => ({ event, at: Number(chance.next().value) }))
            .sort((a, b) => a.at - b.at);
          for (const { event } of order) state = apply(state, event);
          const entry = state.inbox['c'];
          if (entry === undefined) throw new Error('The conversation is gone');
          if (!isCertain(entry, me)) {
            state = reduceChat(state, { type: 'conversations', conversations: [server.conversation()] });
          }
          expect(displayed(state)).toEqual(displayed(server.fresh()));
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('stays the same value when an event is repeated', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        const server = new ModelServer();
        for (const each of steps) server.perform(each);
        const state = server.events.reduce((before, event) => apply(before, event), server.fresh());
        for (const event of server.events) {
          const again = apply(state, event);
          if (event.type === 'receipt.updated') expect(displayed(again)).toEqual(displayed(state));
          else expect(again).toBe(state);
        }
      }),
    );
  });

  it('keeps its values when it receives an older version of a conversation', () => {
    // Versions that differ only by an unread mark have no order.
    const steps = fc.array(
      step.filter(({ kind }) => kind !== 'unread mark'),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(steps, steps, (before, after) => {
        const server = new ModelServer();
        for (const each of before) server.perform(each);
        const older = server.conversation();
        for (const each of after) server.perform(each);
        const state = server.fresh();
        const again = reduceChat(state, { type: 'conversations', conversations: [older] });
        expect(displayed(again)).toEqual(displayed(state));
      }),
    );
  });
});

describe('typing', () => {
  const base = { conversationId: 'c', at: timeOf(1) };
  const started: ServerEvent = { ...base, type: 'typing.started', data: { userId: 'bob' } };

  it('ends six seconds after the last event', () => {
    let state = apply(emptyChat(me), started, 1000);
    expect(typingIn(state, 'c', 6999)).toEqual(['bob']);
    expect(typingIn(state, 'c', 7000)).toEqual([]);
    state = apply(state, started, 4000);
    expect(typingIn(state, 'c', 9999)).toEqual(['bob']);
    expect(reduceChat(state, { type: 'tick', now: 9999 })).toBe(state);
    expect(reduceChat(state, { type: 'tick', now: 10_000 }).typing).toEqual({});
  });

  it('ends with a typing.stopped event or a message', () => {
    const state = apply(emptyChat(me), started, 1000);
    expect(typingIn(apply(state, { ...started, type: 'typing.stopped' }), 'c', 1001)).toEqual([]);
    const server = new ModelServer();
    server.perform({ kind: 'message', by: 'bob', index: 0 });
    const [message] = server.events;
    expect(message && typingIn(apply(state, message), 'c', 1001)).toEqual([]);
  });
});

it('keeps presence until the connection is lost', () => {
  const bob = { userId: 'bob', status: 'online' } as const;
  const carol = { userId: 'carol', status: 'offline', lastSeenAt: timeOf(1) } as const;
  const connected = reduceChat(emptyChat(me), { type: 'connection', connection: 'connected' });
  const state = reduceChat(connected, { type: 'presence', users: [bob, carol] });
  expect([presenceIn(state, 'bob'), presenceIn(state, 'carol'), presenceIn(state, 'toString')]).toEqual([
    bob,
    carol,
    undefined,
  ]);
  expect(reduceChat(state, { type: 'presence', users: [{ ...carol }], hidden: ['dave'] })).toBe(state);
  const without = reduceChat(state, { type: 'presence', users: [{ ...bob, status: 'away' }], hidden: ['carol'] });
  expect(without.presence).toEqual({ bob: { ...bob, status: 'away' } });
  expect(reduceChat(state, { type: 'connection', connection: 'connecting' }).presence).toBe(state.presence);
  expect(reduceChat(state, { type: 'connection', connection: 'disconnected' }).presence).toEqual({});
});

it('raises the status of a message with the receipts of all others', () => {
  const server = new ModelServer();
  server.perform({ kind: 'message', by: me, index: 0 });
  let state = server.fresh();
  const [message] = messagesIn(state, 'c');
  if (message === undefined) throw new Error('There is no message');
  const receipt = (userId: string, deliveredSeq: number, readSeq: number): ServerEvent => ({
    type: 'receipt.updated',
    conversationId: 'c',
    at: timeOf(1),
    data: { receipts: [{ userId, deliveredSeq, readSeq }] },
  });
  const statuses = [receipt('bob', 1, 1), receipt('carol', 1, 0), receipt('carol', 0, 0), receipt('carol', 1, 1)].map(
    (event) => {
      state = apply(state, event);
      return statusIn(state, message);
    },
  );
  expect(statuses).toEqual(['sent', 'delivered', 'delivered', 'read']);
});

it('must fetch a conversation after an unread mark, which only the server can count', () => {
  const server = new ModelServer();
  server.perform({ kind: 'message', by: 'bob', index: 0 });
  server.perform({ kind: 'receipt', by: me, index: 1, read: true });
  const read = server.fresh();
  const receipts = [{ userId: me, deliveredSeq: 1, readSeq: 1 }];
  const base = { type: 'receipt.updated', conversationId: 'c', at: timeOf(1) } as const;
  const same = apply(read, { ...base, data: { receipts, unreadCount: 0, lastSeq: 1 } });
  expect(same).toBe(read);
  const marked = apply(read, { ...base, data: { receipts, unreadCount: 1, lastSeq: 1 } });
  expect(marked.inbox['c'] && isCertain(marked.inbox['c'], me)).toBe(false);
  const conversation = { ...server.conversation(), unreadCount: 1 };
  const fetched = reduceChat(marked, { type: 'conversations', conversations: [conversation] });
  expect(conversationsOf(fetched)).toMatchObject([{ unreadCount: 1 }]);
});
