import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Notification, NotificationCount } from '../contract/schemas/notification.ts';
import {
  noNotifications,
  type NotificationAction,
  type NotificationPage,
  type NotificationsState,
  reduceNotifications,
} from './notification-rules.ts';

const idOf = (time: number) => `01KAJ7F5T7M0R3V6X9A2C5${String(time).padStart(4, '0')}`;
const at = (revision: number) => new Date(revision * 1000).toISOString();

/** Computes what the server would store and announce. */
class ModelServer {
  readonly items = new Map<string, Notification>();
  readonly events: { readonly action: NotificationAction; readonly revision: number }[] = [];
  #revision = 0;

  create(time: number): void {
    const id = idOf(time);
    if (this.items.has(id)) return;
    const notification = { id, kind: 'mention', conversationId: 'c', createdAt: at(time) } as const;
    this.items.set(id, notification);
    this.#revision += 1;
    this.#announce({ type: 'notification-created', notification, count: this.count() });
  }

  read(upTo: string, all: boolean): void {
    const unread = [...this.items.values()].filter(
      ({ id, readAt }) => readAt === undefined && (all ? id <= upTo : id === upTo),
    );
    if (unread.length === 0) return;
    this.#revision += 1;
    const readAt = at(this.#revision);
    for (const item of unread) this.items.set(item.id, { ...item, readAt });
    const notificationIds = unread.map(({ id }) => id);
    this.#announce({ type: 'notifications-read', read: { ...this.count(), notificationIds, readAt } });
  }

  count(): NotificationCount {
    const unreadCount = [...this.items.values()].filter(({ readAt }) => readAt === undefined).length;
    return { unreadCount, revision: this.#revision };
  }

  page(limit = Infinity, before = '~'): NotificationPage {
    const sorted = [...this.items.values()].filter(({ id }) => id < before).sort((a, b) => (a.id < b.id ? 1 : -1));
    const items = sorted.slice(0, limit);
    return { items, nextCursor: sorted.length > items.length ? (items.at(-1)?.id ?? null) : null, ...this.count() };
  }

  #announce(action: NotificationAction): void {
    this.events.push({ action, revision: this.#revision });
  }
}

const loaded = (page: NotificationPage) => reduceNotifications(noNotifications, { type: 'newest-notifications', page });
const withAll = (state: NotificationsState, actions: readonly NotificationAction[]) =>
  actions.reduce(reduceNotifications, state);

const ranks = fc.array(fc.nat(), { minLength: 100, maxLength: 100 });
const operation = fc.record({
  kind: fc.constantFrom('create', 'create', 'read', 'read-all'),
  time: fc.integer({ min: 0, max: 40 }),
});
const operations = fc.array(operation, { maxLength: 40 });

function perform(server: ModelServer, done: readonly { readonly kind: string; readonly time: number }[]): void {
  for (const { kind, time } of done) {
    if (kind === 'create') server.create(time);
    else server.read(idOf(time), kind === 'read-all');
  }
}

describe('a client with a snapshot and all later events, repeated and in any order', () => {
  it('has the same state as a later snapshot', () => {
    fc.assert(
      fc.property(operations, operations, ranks, (before, after, order) => {
        const server = new ModelServer();
        perform(server, before);
        const snapshot = loaded(server.page());
        const known = server.events.length;
        perform(server, after);
        // Events of just before the snapshot may arrive after it.
        const late = server.events.slice(Math.max(0, known - 3));
        const arriving = [...late, ...late]
          .map((event, index) => ({ event, rank: order[index % order.length] ?? 0 }))
          .sort((first, second) => first.rank - second.rank)
          .map(({ event }) => event.action);
        expect(withAll(snapshot, arriving)).toEqual(loaded(server.page()));
      }),
    );
  });

  it('has the same state within the loaded part of a longer list, and after it loads the rest', () => {
    fc.assert(
      fc.property(operations, operations, fc.integer({ min: 1, max: 5 }), (before, after, limit) => {
        const server = new ModelServer();
        perform(server, before);
        const snapshot = loaded(server.page(limit));
        const known = server.events.length;
        perform(server, after);
        const late = server.events.slice(known).map(({ action }) => action);
        const live = withAll(snapshot, late.toReversed());
        const oldest = snapshot.nextCursor === null ? '' : (snapshot.items.at(-1)?.id ?? '');
        const fresh = loaded(server.page());
        expect(live.items).toEqual(fresh.items.filter(({ id }) => id >= oldest));
        expect(live.unreadCount).toBe(fresh.unreadCount);
        const rest = { type: 'older-notifications', page: server.page(Infinity, live.items.at(-1)?.id) } as const;
        expect(reduceNotifications(live, rest)).toEqual(fresh);
        const again = { type: 'newest-notifications', page: server.page(limit) } as const;
        expect(reduceNotifications(live, again)).toMatchObject({ ...loaded(server.page(limit)) });
      }),
    );
  });
});

it('keeps a notification read, whatever arrives later', () => {
  const server = new ModelServer();
  server.create(1);
  const page = server.page();
  server.read(idOf(1), false);
  const [created, read] = server.events.map(({ action }) => action);
  const state = withAll(
    noNotifications,
    [read, created].filter((action) => action !== undefined),
  );
  expect(state).toMatchObject({ items: [{ readAt: at(2) }], unreadCount: 0, revision: 2, readEarly: {} });
  expect(reduceNotifications(state, { type: 'newest-notifications', page })).toMatchObject({
    items: [{ readAt: at(2) }],
    unreadCount: 0,
  });
});
