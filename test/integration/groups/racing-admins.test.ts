import { ulid } from 'ulid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestRun, type TestRun } from '../harness.ts';
import { type Cast, castOf } from '../people.ts';
import type { HttpAnswer, SignedIn } from '../raw-client.ts';
import { groupCalls } from './group-calls.ts';

/** Changes of one group at the same moment: whichever is first, the others are decided on what it left. */

let test: TestRun;
let cast: Cast;
let groups: ReturnType<typeof groupCalls>;

beforeAll(async () => {
  test = await startTestRun();
  cast = await castOf(test, 'races');
  groups = groupCalls(test);
});

afterAll(() => test.stop());

const rounds = 8;
const draft = () => ({ type: 'text', text: 'hello', clientMessageId: ulid() });

/** A group of Alice and Bob, who are both admins, and Carol. */
async function twoAdmins(): Promise<string> {
  const { alice, bob, carol } = cast;
  const id = await groups.started(alice, [bob, carol]);
  const promoted = await groups.role(alice, id, bob.userId, 'admin');
  if (promoted.status !== 200) throw new Error(promoted.text);
  return id;
}

function adminsIn(answer: HttpAnswer): string[] {
  return Object.entries(groups.roles(answer)).flatMap(([userId, role]) => (role === 'admin' ? [userId] : []));
}

describe('two admins', () => {
  it('who remove one another: one of them does', async () => {
    const { alice, bob, carol } = cast;
    for (let round = 0; round < rounds; round += 1) {
      const id = await twoAdmins();
      const answers = await Promise.all([groups.remove(alice, id, bob.userId), groups.remove(bob, id, alice.userId)]);
      expect(answers.map(({ status }) => status).sort()).toEqual([204, 404]);
      const left = answers[0]?.status === 204 ? alice : bob;
      const seen = await groups.get(carol, id);
      expect(groups.roles(seen)).toEqual({ [left.userId]: 'admin', [carol.userId]: 'member' });
    }
  });

  it('who leave at once: somebody is left to lead', async () => {
    const { alice, bob, carol } = cast;
    for (let round = 0; round < rounds; round += 1) {
      const id = await twoAdmins();
      const answers = await Promise.all([groups.remove(alice, id, 'me'), groups.remove(bob, id, 'me')]);
      expect(answers.map(({ status }) => status)).toEqual([204, 204]);
      expect(groups.roles(await groups.get(carol, id))).toEqual({ [carol.userId]: 'admin' });
    }
  });

  it('who both become members: one does, and then the other is asked again', async () => {
    const { alice, bob, carol } = cast;
    for (let round = 0; round < rounds; round += 1) {
      const id = await twoAdmins();
      const demoted = (who: SignedIn, other: SignedIn) => groups.role(who, id, other.userId, 'member');
      await Promise.all([demoted(alice, bob), demoted(bob, alice)]);
      expect(adminsIn(await groups.get(carol, id)).length).toBeGreaterThan(0);
    }
  });
});

describe('somebody who is removed while writing', () => {
  it('has the message before the notice, or not at all', async () => {
    const { alice, bob } = cast;
    for (let round = 0; round < rounds; round += 1) {
      const id = await twoAdmins();
      const [removed, ...sent] = await Promise.all([
        groups.remove(alice, id, bob.userId),
        ...Array.from({ length: 4 }, () => groups.send(bob, id, draft())),
      ]);
      expect(removed.status).toBe(204);
      const page = await groups.get(alice, id, '/messages?limit=100');
      const items = page.body.items as { seq: number; senderId: string; notice?: { kind: string } }[];
      const gone = items.find(({ notice }) => notice?.kind === 'removed')?.seq ?? 0;
      const written = items.filter(({ senderId, notice }) => senderId === bob.userId && notice === undefined);
      expect(written.every(({ seq }) => seq < gone)).toBe(true);
      expect(sent.filter(({ status }) => status === 201)).toHaveLength(written.length);
      expect(sent.every(({ status }) => status === 201 || status === 404)).toBe(true);
    }
  });
});

describe('one person who is added, removed and added at once', () => {
  it('is in the list of conversations if in the group', async () => {
    const { alice, bob, carol } = cast;
    const id = await groups.started(alice, [bob]);
    const add = () => groups.add(alice, id, [{ userId: carol.userId }]);
    const remove = () => groups.remove(alice, id, carol.userId);
    for (let round = 0; round < rounds; round += 1) {
      await Promise.all([add(), remove(), add(), remove(), add()]);
      await test.run.settled();
      const isIn = Object.keys(groups.roles(await groups.get(alice, id))).includes(carol.userId);
      const list = await groups.list(carol);
      expect(list.body.items.some((one: { id: string }) => one.id === id)).toBe(isIn);
    }
  });
});
