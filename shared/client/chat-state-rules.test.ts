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
  | { readonly kind: 'message' | 'edit' | 'deletion' | 'leave'; readonly by: Person; readonly about: number }
  | { readonly kind: 'reaction'; readonly by: Person; readonly about: number; readonly added: boolean }
  | { readonly kind: 'receipt'; readonly by: Person; readonly about: number; readonly read: boolean }
  | { readonly kind: 'mark'; readonly by: Person; readonly about: number }
  | { readonly kind: 'rename'; readonly by: Person; readonly about: number };

/** The server's side: a log, and what it tells of it. */
class ModelServer {
  readonly messages: Message[] = [];
  readonly events: ServerEvent[] = [];
  readonly #marks = new Map<string, { deliveredSeq: number; readSeq: number }>();
  #participants: string[] = [...people];
  /** Messages that the user has marked as unread. */
  #marked = 0;
  #name = 'Harbour';
  #seq = 0;

  take(step: Step): void {
    const target = this.messages[step.about % Math.max(1, this.messages.length)];
    switch (step.kind) {
      case 'message':
        this.#append(step.by, { type: 'text', text: `text ${this.#seq}` }, 'message.created');
        // No receipt says so.
        return this.#reach(step.by, this.#seq, true);
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
        return this.#receive(step.by, step.about % (this.#seq + 1), step.read);
      case 'mark':
        return this.#markUnread(step.about % (this.#seq + 1));
    }
  }

  conversation(): Conversation {
    const lastMessage = this.messages.at(-1);
    return {
      id: 'c',
      kind: 'group',
      name: this.#name,
      participants: this.#participants.map((userId) => ({ userId, role: 'member', ...this.#mark(userId) })),
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
    const others = this.#participants
      .filter((userId) => userId !== message.senderId)
      .map((userId) => this.#mark(userId));
    const all = (reached: (mark: { deliveredSeq: number; readSeq: number }) => number) =>
      others.length > 0 && others.every((mark) => reached(mark) >= message.seq);
    const status = all(({ readSeq }) => readSeq)
      ? 'read'
      : all(({ deliveredSeq }) => deliveredSeq)
        ? 'delivered'
        : 'sent';
    return { ...message, status };
  }

  #mark(userId: string) {
    return this.#marks.get(userId) ?? { deliveredSeq: 0, readSeq: 0 };
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
    if (by === me && isRead && seq === this.#mark(me).readSeq) this.#marked = 0;
    this.#reach(by, seq, isRead);
    this.#tellReceipt(by);
  }

  #tellReceipt(by: string): void {
    const own = by === me ? { unreadCount: this.#unread(), lastSeq: this.#seq } : {};
    const data = { receipts: [{ userId: by, ...this.#mark(by) }], ...own };
    this.events.push({ type: 'receipt.updated', conversationId: 'c', at: timeOf(this.#seq), data });
  }

  /** For the user alone: the watermark stays. */
  #markUnread(from: number): void {
    const read = this.#mark(me).readSeq;
    this.#marked = this.#othersMessages().filter(({ seq }) => seq >= from && seq <= read).length;
    this.#tellReceipt(me);
  }

  #unread(): number {
    const read = this.#mark(me).readSeq;
    return this.#marked + this.#othersMessages().filter(({ seq }) => seq > read).length;
  }

  #othersMessages(): readonly Message[] {
    return this.messages.filter(({ senderId, type }) => senderId !== me && type !== 'system');
  }

  #reach(by: string, seq: number, isRead: boolean): void {
    const before = this.#mark(by);
    const readSeq = isRead ? Math.max(before.readSeq, seq) : before.readSeq;
    if (by === me && readSeq > before.readSeq) this.#marked = 0;
    const after = { readSeq, deliveredSeq: Math.max(before.deliveredSeq, seq, readSeq) };
    this.#marks.set(by, after);
  }
}

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom('message', 'message', 'edit', 'deletion', 'reaction', 'receipt', 'mark', 'rename', 'leave'),
  by: fc.constantFrom(...people),
  about: fc.nat(),
  added: fc.boolean(),
  read: fc.boolean(),
});

const take = (state: ChatState, event: ServerEvent, now = 0) => reduceChat(state, { type: 'event', event, now });

/** What a screen shows of a state. */
function shown(state: ChatState) {
  const byId = (one: { userId: string }, other: { userId: string }) => (one.userId < other.userId ? -1 : 1);
  const timeline = state.timelines['c'];
  return {
    conversations: conversationsOf(state).map((conversation) => ({
      ...conversation,
      participants: conversation.participants.toSorted(byId),
    })),
    messages: messagesIn(state, 'c'),
    known: timeline && [beginningOf(timeline), positionOf(timeline)],
  };
}

describe('whatever the order and the repetition of news', () => {
  it('the state is the one that fresh pages make', () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 12 }),
        fc.array(step, { maxLength: 25 }),
        fc.array(fc.nat(), { maxLength: 60 }),
        fc.infiniteStream(fc.nat()),
        (before, after, repeated, chance) => {
          const server = new ModelServer();
          for (const one of before) server.take(one);
          let state = server.fresh();
          const old = server.events.length;
          for (const one of after) server.take(one);
          // What was told before may come again; what comes after the page comes at least once.
          const deliveries = [
            ...server.events.slice(old),
            ...repeated.flatMap((index) => server.events[index % Math.max(1, server.events.length)] ?? []),
          ];
          const order = deliveries
            .map((event) => ({ event, at: Number(chance.next().value) }))
            .sort((one, other) => one.at - other.at);
          for (const { event } of order) state = take(state, event);
          const entry = state.inbox['c'];
          if (entry === undefined) throw new Error('The conversation is gone');
          // What cannot be computed is asked for.
          if (!isCertain(entry, me)) {
            state = reduceChat(state, { type: 'conversations', conversations: [server.conversation()] });
          }
          expect(shown(state)).toEqual(shown(server.fresh()));
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('what is known already changes not even the value', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        const server = new ModelServer();
        for (const one of steps) server.take(one);
        const state = server.events.reduce((known, event) => take(known, event), server.fresh());
        // An old count may be another one: then it is asked for, and shows what it did before.
        for (const event of server.events) {
          const again = take(state, event);
          if (event.type === 'receipt.updated') expect(shown(again)).toEqual(shown(state));
          else expect(again).toBe(state);
        }
      }),
    );
  });

  it('a page that is older than the news takes nothing back', () => {
    // Of pages that differ by a mark alone only the inbox knows which is older: it does not take the one.
    const steps = fc.array(
      step.filter(({ kind }) => kind !== 'mark'),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(steps, steps, (before, after) => {
        const server = new ModelServer();
        for (const one of before) server.take(one);
        const older = server.conversation();
        for (const one of after) server.take(one);
        const state = server.fresh();
        const again = reduceChat(state, { type: 'conversations', conversations: [older] });
        expect(shown(again)).toEqual(shown(state));
      }),
    );
  });
});

describe('typing', () => {
  const place = { conversationId: 'c', at: timeOf(1) };
  const started: ServerEvent = { ...place, type: 'typing.started', data: { userId: 'bob' } };

  it('ends after six seconds without news of it', () => {
    let state = take(emptyChat(me), started, 1000);
    expect(typingIn(state, 'c', 6999)).toEqual(['bob']);
    expect(typingIn(state, 'c', 7000)).toEqual([]);
    state = take(state, started, 4000);
    expect(typingIn(state, 'c', 9999)).toEqual(['bob']);
    expect(reduceChat(state, { type: 'tick', now: 9999 })).toBe(state);
    expect(reduceChat(state, { type: 'tick', now: 10_000 }).typing).toEqual({});
  });

  it('ends when it is said, and with a message', () => {
    const state = take(emptyChat(me), started, 1000);
    expect(typingIn(take(state, { ...started, type: 'typing.stopped' }), 'c', 1001)).toEqual([]);
    const server = new ModelServer();
    server.take({ kind: 'message', by: 'bob', about: 0 });
    const [message] = server.events;
    expect(message && typingIn(take(state, message), 'c', 1001)).toEqual([]);
  });
});

it('who is there is known as long as there is a connection that tells', () => {
  const bob = { userId: 'bob', status: 'online' } as const;
  const carol = { userId: 'carol', status: 'offline', lastSeenAt: timeOf(1) } as const;
  const connected = reduceChat(emptyChat(me), { type: 'connection', connection: 'connected' });
  const told = reduceChat(connected, { type: 'presence', users: [bob, carol] });
  expect([presenceIn(told, 'bob'), presenceIn(told, 'carol'), presenceIn(told, 'toString')]).toEqual([
    bob,
    carol,
    undefined,
  ]);
  expect(reduceChat(told, { type: 'presence', users: [{ ...carol }], absent: ['nobody'] })).toBe(told);
  const without = reduceChat(told, { type: 'presence', users: [{ ...bob, status: 'away' }], absent: ['carol'] });
  expect(without.presence).toEqual({ bob: { ...bob, status: 'away' } });
  expect(reduceChat(told, { type: 'connection', connection: 'connecting' }).presence).toBe(told.presence);
  expect(reduceChat(told, { type: 'connection', connection: 'disconnected' }).presence).toEqual({});
});

it('a message’s status rises with the receipts of all others', () => {
  const server = new ModelServer();
  server.take({ kind: 'message', by: me, about: 0 });
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
      state = take(state, event);
      return statusIn(state, message);
    },
  );
  expect(statuses).toEqual(['sent', 'delivered', 'delivered', 'read']);
});

it('a mark as unread is asked for, since only the server can count it', () => {
  const server = new ModelServer();
  server.take({ kind: 'message', by: 'bob', about: 0 });
  server.take({ kind: 'receipt', by: me, about: 1, read: true });
  const read = server.fresh();
  const receipts = [{ userId: me, deliveredSeq: 1, readSeq: 1 }];
  const place = { type: 'receipt.updated', conversationId: 'c', at: timeOf(1) } as const;
  const same = take(read, { ...place, data: { receipts, unreadCount: 0, lastSeq: 1 } });
  expect(same).toBe(read);
  const marked = take(read, { ...place, data: { receipts, unreadCount: 1, lastSeq: 1 } });
  expect(marked.inbox['c'] && isCertain(marked.inbox['c'], me)).toBe(false);
  const told = { ...server.conversation(), unreadCount: 1 };
  const asked = reduceChat(marked, { type: 'conversations', conversations: [told] });
  expect(conversationsOf(asked)).toMatchObject([{ unreadCount: 1 }]);
});
