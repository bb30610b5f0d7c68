import { ulid } from 'ulid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { weekdays } from '../../../shared/contract/schemas/notification.ts';
import { notificationKeys } from '../../../shared/core/table/keys.ts';
import { tenantPrefix } from '../../../shared/core/tenancy/tenant-scope.ts';
import { seed } from '../../reporting/seed.ts';
import { groupCalls } from '../groups/group-calls.ts';
import type { TestRun } from '../harness.ts';
import { seededRandom } from '../log/seeded-random.ts';
import { castOf, connect, conversationOf } from '../people.ts';
import { call, type SignedIn } from '../raw-client.ts';
import { sharedTestRun } from '../shared-run.ts';
import { newMessage } from '../system/new-message.ts';
import { Tables } from '../system/tables.ts';
import { mention, storeNotification } from './mentioning.ts';
import { framesOf, NotifiedPerson, publishMessageCreated } from './notified-person.ts';

const dayMs = 24 * 60 * 60 * 1000;
const consumerName = 'switchboard-dev-notify';
const random = seededRandom(seed);

let test: TestRun;
let tables: Tables;
/** Of each event, to the consumer of notifications. */
let deliveries = 1;

beforeAll(async () => {
  test = await sharedTestRun({ deliveries: (ruleName) => (ruleName === consumerName ? deliveries : 1) });
  tables = new Tables(test.run);
});

afterAll(() => test.stop());

async function pairOf(name: string) {
  const { alice, bob, carol } = await castOf(test, name);
  return { alice, bob, carol, person: new NotifiedPerson(test, bob), id: await conversationOf(test, alice, bob) };
}

const prefixOf = ({ tenantId }: SignedIn) => `${tenantPrefix}${tenantId}#`;

describe('a mention', () => {
  it('notifies the mentioned user on every device, once, with ids only', async () => {
    const { alice, bob, carol, person } = await pairOf('mentions');
    const id = await groupCalls(test).started(alice, [bob, carol]);
    const [first, second, others] = await Promise.all([connect(test, bob), connect(test, bob), connect(test, carol)]);
    const mentioned = await mention(test, alice, bob, id);
    await test.run.settled();
    const expected = {
      ...{ id: mentioned.id, kind: 'mention', conversationId: id, seq: mentioned.seq, actorId: alice.userId },
      createdAt: expect.any(String) as string,
    };
    expect(await person.list()).toEqual({ items: [expected], nextCursor: null, unreadCount: 1, revision: 1 });
    for (const socket of [first, second]) {
      const data = { notification: expected, unreadCount: 1, revision: 1 };
      expect(framesOf(socket, 'notification.created')).toEqual([{ type: 'notification.created', data }]);
    }
    expect(framesOf(others, 'notification.created')).toEqual([]);
    expect(await new NotifiedPerson(test, alice).unread()).toBe(0);
    await Promise.all([first.close(), second.close(), others.close()]);
  });

  it('is stored and counted once, and delivered again, when its event arrives several times', async () => {
    const { alice, bob, person, id } = await pairOf('repeated');
    const socket = await connect(test, bob);
    deliveries = 3;
    await Promise.all(Array.from({ length: 4 }, () => mention(test, alice, bob, id)));
    await test.run.settled();
    deliveries = 1;
    const { items, unreadCount, revision } = await person.list();
    expect(items).toHaveLength(4);
    expect([unreadCount, revision]).toEqual([4, 4]);
    const ids = framesOf(socket, 'notification.created').map(({ data }) => data.notification.id as string);
    expect(ids).toHaveLength(12);
    expect(new Set(ids)).toEqual(new Set(items.map((item) => item.id)));
    await socket.close();
  });

  it('is the only kind of message that starts the consumer', async () => {
    const { alice, bob, id } = await pairOf('consumer');
    const runs = () =>
      test.run.recorder.invocations().filter(({ functionName }) => functionName === consumerName).length;
    const before = runs();
    for (const body of [newMessage(), { ...newMessage(), mentions: [] }, { ...newMessage(), urgent: true }]) {
      const path = `/api/v1/conversations/${id}/messages`;
      expect((await call(test.url, 'POST', path, { token: alice.token, body })).status).toBe(201);
    }
    await test.run.settled();
    expect(runs()).toBe(before);
    await mention(test, alice, bob, id);
    await test.run.settled();
    expect(runs()).toBe(before + 1);
  });

  it('does not notify the sender, users without access, or anyone of a deleted message', async () => {
    const { alice, bob, carol, person, id } = await pairOf('unfit');
    const path = `/api/v1/conversations/${id}/messages`;
    const { body } = await call(test.url, 'POST', path, { token: alice.token, body: newMessage() });
    const data = { conversationId: id, seq: body.seq as number, senderId: alice.userId };
    await publishMessageCreated(test, alice, { ...data, mentionedIds: [alice.userId, carol.userId] }, ulid());
    expect((await call(test.url, 'DELETE', `${path}/${body.seq}`, { token: alice.token })).status).toBe(200);
    await publishMessageCreated(test, alice, { ...data, mentionedIds: [bob.userId] }, ulid());
    for (const who of [alice, bob, carol]) expect(await new NotifiedPerson(test, who).unread()).toBe(0);
    expect(await person.stored(tables)).toEqual([]);
  });

  it('notifies each of several mentioned users', async () => {
    const { alice, bob, carol } = await castOf(test, 'many');
    const id = await groupCalls(test).started(alice, [bob, carol]);
    const body = { ...newMessage(), mentions: [alice.userId, bob.userId, carol.userId] };
    const path = `/api/v1/conversations/${id}/messages`;
    expect((await call(test.url, 'POST', path, { token: alice.token, body })).status).toBe(201);
    await test.run.settled();
    const counts = await Promise.all([alice, bob, carol].map((who) => new NotifiedPerson(test, who).unread()));
    expect(counts).toEqual([0, 1, 1]);
  });
});

describe('a request to mark as read', () => {
  it('marks one notification on all devices and keeps its first time', async () => {
    const { alice, bob, person, id } = await pairOf('reading');
    const socket = await connect(test, bob);
    const mentioned = await mention(test, alice, bob, id);
    await test.run.settled();
    const answer = await person.ask('POST', `/${mentioned.id}/read`);
    expect(answer.body).toEqual({ unreadCount: 0, revision: 2 });
    const [item] = (await person.list()).items;
    expect(item?.readAt).toBeDefined();
    const frame = await socket.frame(({ type }) => type === 'notification.read');
    expect(frame.data).toEqual({
      ...{ notificationIds: [mentioned.id], readAt: item?.readAt, unreadCount: 0, revision: 2 },
    });
    expect((await person.ask('POST', `/${mentioned.id}/read`)).body).toEqual({ unreadCount: 0, revision: 2 });
    expect((await person.list()).items[0]?.readAt).toBe(item?.readAt);
    expect((await new NotifiedPerson(test, alice).ask('POST', `/${mentioned.id}/read`)).status).toBe(404);
    await socket.close();
  });

  it('leaves notifications unread that are later than its `upTo`', async () => {
    const { alice, bob, person, id } = await pairOf('upto');
    await mention(test, alice, bob, id);
    const second = await mention(test, alice, bob, id);
    const meanwhile = await mention(test, alice, bob, id);
    await test.run.settled();
    const answer = await person.ask('POST', '/read-all', { upTo: second.id });
    expect(answer.body).toMatchObject({ unreadCount: 1 });
    expect((await person.list('&unread=true')).items.map((item) => item.id)).toEqual([meanwhile.id]);
  });

  it('marks hundreds at once, whatever other requests do meanwhile, and counts exactly', async () => {
    const { alice, bob, person, id } = await pairOf('hundreds');
    const start = Date.now() - dayMs;
    const ids: string[] = [];
    for (let index = 0; index < 250; index += 1) {
      ids.push(await storeNotification(tables, prefixOf(bob), bob.userId, id, { at: start + index * 300_000 }));
    }
    const upTo = ids.toSorted().at(-1) ?? '';
    expect(await person.unread()).toBe(250);
    const socket = await connect(test, bob);
    const single = ids.filter((_, index) => index % 40 === 0);
    const answers = await Promise.all([
      ...[1, 2, 3].map(() => person.ask('POST', '/read-all', { upTo })),
      ...single.map((each) => person.ask('POST', `/${each}/read`)),
      mention(test, alice, bob, id).then(() => ({ status: 200 })),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    await test.run.settled();
    expect(await person.unread()).toBe(await person.storedUnread(tables));
    expect((await person.listAll()).filter(({ readAt }) => readAt === undefined).length).toBe(await person.unread());
    expect((await person.listAll()).filter((item) => ids.includes(item.id) && item.readAt === undefined)).toEqual([]);
    const announced = framesOf(socket, 'notification.read').flatMap(({ data }) => data.notificationIds as string[]);
    expect(announced.toSorted()).toEqual(ids.toSorted());
    await socket.close();
  });

  it(`keeps the count exact among others and new notifications at random (seed ${seed})`, async () => {
    const { alice, bob, person, id } = await pairOf('random');
    const actions = Array.from({ length: 40 }, () => random());
    const known: string[] = [];
    for (let first = 0; first < actions.length; first += 8) {
      await Promise.all(
        actions.slice(first, first + 8).map(async (choice) => {
          const one = known[Math.floor(choice * 1000) % Math.max(1, known.length)];
          if (choice < 0.5 || one === undefined) known.push((await mention(test, alice, bob, id)).id);
          else if (choice < 0.9) await person.ask('POST', `/${one}/read`);
          else await person.ask('POST', '/read-all', { upTo: one });
        }),
      );
    }
    await test.run.settled();
    const { items, unreadCount } = await person.list();
    expect(items.map((item) => item.id).toSorted()).toEqual(known.toSorted());
    expect(unreadCount).toBe(items.filter(({ readAt }) => readAt === undefined).length);
    expect(unreadCount).toBe(await person.storedUnread(tables));
  });
});

describe('the list', () => {
  it('is sorted by time, paged and filtered', async () => {
    const { alice, bob, person, id } = await pairOf('paging');
    const start = Date.now() - dayMs;
    const queued: string[] = [];
    for (let index = 0; index < 5; index += 1) {
      queued.push(await storeNotification(tables, prefixOf(bob), bob.userId, id, { at: start + index }));
    }
    const mentioned = await mention(test, alice, bob, id);
    await test.run.settled();
    await person.ask('POST', `/${queued[2]}/read`);
    const newestFirst = [mentioned.id, ...queued.toReversed()];
    expect((await person.list()).items.map((item) => item.id)).toEqual(newestFirst);
    const paged = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const { body } = await person.ask('GET', `?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`);
      expect(body.items.length).toBe(2);
      paged.push(...(body.items as { id: string }[]).map((item) => item.id));
      cursor = body.nextCursor;
    }
    expect(paged).toEqual(newestFirst);
    const ids = async (query: string) => (await person.listAll(query)).map((item) => item.id);
    expect(await ids('&kind=mention')).toEqual([mentioned.id]);
    expect(await ids('&kind=queue&unread=true')).toEqual(
      newestFirst.filter((each) => queued.includes(each) && each !== queued[2]),
    );
    const { body: first } = await person.ask('GET', '?limit=1&unread=true&kind=queue');
    expect(first.items).toMatchObject([{ id: queued[4] }]);
    const { body: next } = await person.ask('GET', `?limit=1&unread=true&kind=queue&cursor=${first.nextCursor}`);
    expect(next.items).toMatchObject([{ id: queued[3] }]);
  });

  it('does not contain or count expired notifications, which the next one removes from the count', async () => {
    const { alice, bob, person, id } = await pairOf('expired');
    const old = await storeNotification(tables, prefixOf(bob), bob.userId, id, { at: Date.now() - 92 * dayMs });
    const recent = await storeNotification(tables, prefixOf(bob), bob.userId, id, { at: Date.now() - 89 * dayMs });
    expect(await person.list()).toMatchObject({ items: [{ id: recent }], unreadCount: 1 });
    expect((await person.ask('POST', `/${old}/read`)).status).toBe(404);
    await mention(test, alice, bob, id);
    await test.run.settled();
    const { pk, sk } = notificationKeys.count(bob.userId);
    const count = await tables.get(prefixOf(bob) + pk, sk);
    const days = Object.keys(count ?? {}).filter((name) => /^d[0-9]+$/.test(name));
    expect(days).toHaveLength(2);
    expect(await person.unread()).toBe(2);
  });
});

describe('a change of preferences', () => {
  const quietHours = { timeZone: 'UTC', from: '00:00', to: '00:00', days: [...weekdays] };

  it('switches kinds off and makes others silent in quiet hours', async () => {
    const { alice, bob, person, id } = await pairOf('quiet');
    const off = await person.ask('PUT', '/preferences', { kinds: { mention: 'off' } });
    expect(off.body).toMatchObject({ kinds: { mention: 'off', urgent: 'on', assigned: 'on' } });
    await mention(test, alice, bob, id);
    await test.run.settled();
    expect(await person.list()).toMatchObject({ items: [], unreadCount: 0, revision: 0 });

    expect((await person.ask('PUT', '/preferences', { kinds: {}, quietHours })).body).toMatchObject({ quietHours });
    const socket = await connect(test, bob);
    const quiet = await mention(test, alice, bob, id);
    await test.run.settled();
    expect((await person.list()).items).toMatchObject([{ id: quiet.id, silent: true }]);
    expect(framesOf(socket, 'notification.created')).toMatchObject([{ data: { notification: { silent: true } } }]);
    await socket.close();

    const { body } = await person.ask('GET', '/preferences');
    expect((await person.ask('PUT', '/preferences', body)).body).toEqual(body);
    await person.ask('PUT', '/preferences', { kinds: {} });
    const loud = await mention(test, alice, bob, id);
    await test.run.settled();
    const found = (await person.list()).items.find((item) => item.id === loud.id);
    expect(found).toBeDefined();
    expect(found).not.toHaveProperty('silent');
  });

  it('is rejected with the field and the fix if it is not valid', async () => {
    const { person } = await pairOf('invalid');
    const invalid = [
      [{ kinds: { urgent: 'off' } }, '/body/kinds/urgent', 'cannot be switched off'],
      [{ kinds: { dinner: 'off' } }, '/body/kinds/dinner', ''],
      [
        { kinds: {}, quietHours: { ...quietHours, timeZone: 'Mars/Base' } },
        '/body/quietHours/timeZone',
        'Europe/Berlin',
      ],
      [{ kinds: {}, quietHours: { ...quietHours, timeZone: '+01:00' } }, '/body/quietHours/timeZone', 'Europe/Berlin'],
      [{ kinds: {}, quietHours: { ...quietHours, from: '24:00' } }, '/body/quietHours/from', '00:00 to 23:59'],
      [{ kinds: {}, quietHours: { ...quietHours, days: ['sunday', 'sunday'] } }, '/body/quietHours/days', 'twice'],
      [{ kinds: {}, quietHours: { ...quietHours, days: [] } }, '/body/quietHours/days', ''],
    ] as const;
    for (const [body, pointer, detail] of invalid) {
      const answer = await person.ask('PUT', '/preferences', body);
      expect(answer.status, pointer).toBe(422);
      expect(answer.body.errors).toContainEqual(
        expect.objectContaining({ pointer, detail: expect.stringContaining(detail) as string }),
      );
    }
    expect((await person.ask('GET', '/preferences')).body).not.toHaveProperty('quietHours');
  });
});
