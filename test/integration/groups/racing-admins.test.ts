import { marshall } from '@aws-sdk/util-dynamodb';
import { ulid } from 'ulid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keys } from '../../../shared/core/table/keys.ts';
import { tenantPrefix } from '../../../shared/core/tenancy/tenant-scope.ts';
import { newGuestPerson } from '../guests/guest-person.ts';
import type { TestRun } from '../harness.ts';
import { sharedTestRun } from '../shared-run.ts';
import { type Cast, castOf, password } from '../people.ts';
import { call, type HttpAnswer, signIn, type SignedIn } from '../raw-client.ts';
import { type StoredItem, Tables } from '../system/tables.ts';
import { groupCalls } from './group-calls.ts';

// The first of concurrent changes wins. The others are decided on its result.

let test: TestRun;
let cast: Cast;
let groups: ReturnType<typeof groupCalls>;

beforeAll(async () => {
  test = await sharedTestRun();
  cast = await castOf(test, 'races');
  groups = groupCalls(test);
});

afterAll(() => test.stop());

const rounds = 8;
const newMessage = () => ({ type: 'text', text: 'hello', clientMessageId: ulid() });

async function twoAdmins(): Promise<string> {
  const { alice, bob, carol } = cast;
  const id = await groups.started(alice, [bob, carol]);
  const promoted = await groups.role(alice, id, bob.userId, 'admin');
  if (promoted.status !== 200) throw new Error(promoted.text);
  return id;
}

async function kindsIn(who: SignedIn, id: string): Promise<string[]> {
  return ((await groups.systemMessages(who, id)) as { kind: string }[]).map(({ kind }) => kind);
}

function adminsIn(answer: HttpAnswer): string[] {
  return Object.entries(groups.roles(answer)).flatMap(([userId, role]) => (role === 'admin' ? [userId] : []));
}

describe('one of two admins', () => {
  it('stays when both remove each other', async () => {
    const { alice, bob, carol } = cast;
    for (let round = 0; round < rounds; round += 1) {
      const id = await twoAdmins();
      const answers = await Promise.all([groups.remove(alice, id, bob.userId), groups.remove(bob, id, alice.userId)]);
      expect(answers.map(({ status }) => status).sort()).toEqual([204, 404]);
      const left = answers[0]?.status === 204 ? alice : bob;
      const seen = await groups.get(carol, id);
      expect(groups.roles(seen)).toEqual({ [left.userId]: 'admin', [carol.userId]: 'member' });
      expect(await kindsIn(carol, id)).toEqual(['created', 'role-changed', 'removed']);
    }
  });

  it('is followed by the next admin when both leave at once', async () => {
    const { alice, bob, carol } = cast;
    for (let round = 0; round < rounds; round += 1) {
      const id = await twoAdmins();
      const answers = await Promise.all([groups.remove(alice, id, 'me'), groups.remove(bob, id, 'me')]);
      expect(answers.map(({ status }) => status)).toEqual([204, 204]);
      expect(groups.roles(await groups.get(carol, id))).toEqual({ [carol.userId]: 'admin' });
    }
  });

  it('stays admin or is followed by one when both demote each other at once', async () => {
    const { alice, bob, carol } = cast;
    for (let round = 0; round < rounds; round += 1) {
      const id = await twoAdmins();
      const demoted = (by: SignedIn, who: SignedIn) => groups.role(by, id, who.userId, 'member');
      await Promise.all([demoted(alice, bob), demoted(bob, alice)]);
      expect(adminsIn(await groups.get(carol, id)).length).toBeGreaterThan(0);
    }
  });
});

describe('a user who is removed while writing', () => {
  it('has each message either stored before the removal or rejected', async () => {
    const { alice, bob } = cast;
    for (let round = 0; round < rounds; round += 1) {
      const id = await twoAdmins();
      const [removed, ...sent] = await Promise.all([
        groups.remove(alice, id, bob.userId),
        ...Array.from({ length: 4 }, () => groups.send(bob, id, newMessage())),
      ]);
      expect(removed.status).toBe(204);
      const page = await groups.get(alice, id, '/messages?limit=100');
      const items = page.body.items as { seq: number; senderId: string; system?: { kind: string } }[];
      const gone = items.find(({ system }) => system?.kind === 'removed')?.seq ?? 0;
      const written = items.filter(({ senderId, system }) => senderId === bob.userId && system === undefined);
      expect(written.every(({ seq }) => seq < gone)).toBe(true);
      expect(sent.filter(({ status }) => status === 201)).toHaveLength(written.length);
      expect(sent.every(({ status }) => status === 201 || status === 404)).toBe(true);
    }
  });
});

describe('a user who is added and removed several times at once', () => {
  it('has the group in the list of conversations exactly when a participant', async () => {
    const { alice, bob, carol } = cast;
    const id = await groups.started(alice, [bob]);
    const add = () => groups.add(alice, id, [{ userId: carol.userId }]);
    const remove = () => groups.remove(alice, id, carol.userId);
    for (let round = 0; round < rounds; round += 1) {
      await Promise.all([add(), remove(), add(), remove(), add()]);
      await test.run.settled();
      const isIn = Object.keys(groups.roles(await groups.get(alice, id))).includes(carol.userId);
      const list = await groups.list(carol);
      expect(list.body.items.some((item: { id: string }) => item.id === id)).toBe(isIn);
    }
  });
});

describe('a group under concurrent requests', () => {
  it('adds a user once', async () => {
    const { alice, bob, carol } = cast;
    const id = await groups.started(alice, [bob]);
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => groups.add(alice, id, [{ userId: carol.userId }, { userId: carol.userId }])),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(await kindsIn(carol, id)).toEqual(['created', 'joined']);
  });

  it('never exceeds the size of the group', async () => {
    const small = await castOf(test, 'small', { messagesPerMinute: null, groupSize: 2 });
    const { alice, bob, carol } = small;
    for (let round = 0; round < rounds; round += 1) {
      const id = await groups.started(alice, []);
      const answers = await Promise.all([bob, carol].map(({ userId }) => groups.add(alice, id, [{ userId }])));
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
      expect(answers.find(({ status }) => status === 409)?.body.code).toBe('GROUP_FULL');
      expect(await kindsIn(alice, id)).toEqual(['created', 'joined']);
      expect(Object.keys(groups.roles(await groups.get(alice, id)))).toHaveLength(2);
    }
  });

  it('announces each change of the name once, and keeps the last name', async () => {
    const { alice, bob } = cast;
    const id = await groups.started(alice, [bob]);
    const names = ['Day watch', 'Night watch', 'Dog watch'];
    const answers = await Promise.all([...names, ...names].map((name) => groups.change(alice, id, { name })));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    const announced = ((await groups.systemMessages(bob, id)) as { kind: string; name?: string }[])
      .slice(1)
      .map(({ name }) => name);
    expect(new Set(announced)).toEqual(new Set(names));
    // A repeated name changes nothing.
    expect(announced.every((name, index) => name !== announced[index - 1])).toBe(true);
    const seen = await groups.get(bob, id);
    expect(seen.body).toMatchObject({ name: announced.at(-1), lastSeq: announced.length + 1 });
  });

  it('lets the last participant leave once', async () => {
    const { alice } = cast;
    const id = await groups.started(alice, []);
    const answers = await Promise.all(Array.from({ length: 3 }, () => groups.remove(alice, id, 'me')));
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 404, 404]);
    expect((await groups.get(alice, id)).status).toBe(404);
    const { pk } = keys.logEntry(id, 1);
    const key = `${tenantPrefix}${alice.tenantId}#${pk}`;
    const entries = (await new Tables(test.run).items()).filter(({ pk, sk }) => pk === key && sk.startsWith('L#'));
    expect(entries).toHaveLength(2);
  });
});

describe('the next admin', () => {
  async function person(username: string, role: 'member' | 'admin'): Promise<SignedIn> {
    const email = `${username}@races.test`;
    const name = { username, email, firstName: username, lastName: 'Test' };
    const made = await test.provision({
      command: 'createUser',
      tenant: cast.slug,
      ...name,
      password,
      role,
      active: true,
    });
    if (!made.ok) throw new Error(made.problem.detail);
    return signIn(test.url, cast.slug, email, password);
  }

  it('is a guest only when no other participant is left', async () => {
    const { alice, bob } = cast;
    const [early, late] = [
      await newGuestPerson(test, cast.slug, 'early'),
      await newGuestPerson(test, cast.slug, 'late'),
    ];
    const id = await groups.started(alice, [early]);
    expect((await groups.add(alice, id, [{ userId: late.userId }])).status).toBe(200);
    expect((await groups.add(alice, id, [{ userId: bob.userId }])).status).toBe(200);
    expect((await groups.remove(alice, id, 'me')).status).toBe(204);
    expect(adminsIn(await groups.get(bob, id))).toEqual([bob.userId]);
    expect(adminsIn(await groups.role(bob, id, bob.userId, 'member'))).toEqual([early.userId]);
    // Guests cannot manage groups, even as admin.
    expect((await groups.role(early, id, bob.userId, 'admin')).status).toBe(403);
    expect((await groups.remove(bob, id, 'me')).status).toBe(204);
    expect(groups.roles(await groups.get(late, id))).toEqual({ [early.userId]: 'admin', [late.userId]: 'member' });
  });

  it('acts beside the only admin while that admin’s account is suspended', async () => {
    const { bob, carol } = cast;
    const [owner, admin] = [await person('owner', 'member'), await person('administrator', 'admin')];
    const id = await groups.started(owner, []);
    for (const { userId } of [carol, bob]) await groups.add(owner, id, [{ userId }]);
    expect((await groups.change(carol, id, { name: 'Mine' })).body.code).toBe('NOT_GROUP_ADMIN');
    const suspension = `/api/v1/admin/users/${owner.userId}/suspend`;
    expect((await call(test.url, 'POST', suspension, { token: admin.token, body: {} })).status).toBe(200);
    // Carol has the highest seniority.
    expect((await groups.change(bob, id, { name: 'Mine' })).body.code).toBe('NOT_GROUP_ADMIN');
    const answers = await Promise.all(Array.from({ length: 3 }, () => groups.change(carol, id, { name: 'Ours' })));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect((await groups.systemMessages(bob, id)).slice(3)).toEqual([
      { kind: 'changed', name: 'Ours', successorId: carol.userId },
    ]);
    expect(adminsIn(await groups.get(bob, id)).sort()).toEqual([owner.userId, carol.userId].sort());
    // The next active participant becomes admin.
    expect((await groups.remove(carol, id, 'me')).status).toBe(204);
    expect((await groups.role(bob, id, bob.userId, 'admin')).status).toBe(200);
    expect((await groups.systemMessages(bob, id)).at(-1)).toEqual({
      kind: 'role-changed',
      userIds: [bob.userId],
      role: 'admin',
    });
  });
});

describe('a stream record that is repeated much later', () => {
  const recordOf = (item: StoredItem) => {
    const image = JSON.parse(
      JSON.stringify(marshall(item), (_key, value: unknown) =>
        value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value,
      ),
    ) as Readonly<Record<string, unknown>>;
    const change = { Keys: { pk: image['pk'], sk: image['sk'] }, NewImage: image, SequenceNumber: '1' };
    return { eventName: 'INSERT', eventSource: 'aws:dynamodb', dynamodb: change };
  };

  it('reverts no removal, summary or receipt', async () => {
    const { alice, bob } = cast;
    const id = await groups.started(alice, [bob]);
    expect((await groups.send(bob, id, newMessage())).status).toBe(201);
    await test.run.settled();
    const tables = new Tables(test.run);
    const isOfGroup = ({ pk, sk }: StoredItem) => pk.includes(id) || sk.includes(id);
    const before = (await tables.items()).filter(isOfGroup);

    expect((await groups.send(bob, id, newMessage())).status).toBe(201);
    expect((await groups.remove(alice, id, bob.userId)).status).toBe(204);
    expect((await groups.send(alice, id, newMessage())).status).toBe(201);
    await test.run.settled();
    const now = await tables.dump(isOfGroup);
    expect(now.size).toBeGreaterThan(before.length);
    const outcome = await test.run.functions.invoke(
      'switchboard-dev-stream-projector',
      { Records: before.map(recordOf) },
      '',
    );
    expect(outcome).toMatchObject({ kind: 'returned', payload: { batchItemFailures: [] } });
    await test.run.settled();
    expect(await tables.dump(isOfGroup)).toEqual(now);
    expect((await groups.list(bob)).body.items.map((item: { id: string }) => item.id)).not.toContain(id);
    const mine = (await groups.list(alice)).body.items.find((item: { id: string }) => item.id === id);
    expect(mine.lastSeq).toBe((await groups.get(alice, id)).body.lastSeq);
  });
});
