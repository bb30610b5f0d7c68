import { ulid } from 'ulid';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PlannedCall } from '../../../local/fault-plan.ts';
import { logEntryPrefix } from '../../../shared/core/table/schema.ts';
import type { TestRun } from '../harness.ts';
import { type Cast, castOf } from '../people.ts';
import { call, type HttpAnswer, type SignedIn } from '../raw-client.ts';
import { sharedTestRun } from '../shared-run.ts';
import { Faults } from '../system/faults.ts';
import { groupCalls } from './group-calls.ts';

/** A read fetches the conversation's item, then its log. These tests change the group in between. */
const faults = new Faults();
let test: TestRun;
let cast: Cast;
let groups: ReturnType<typeof groupCalls>;
let id: string;

beforeAll(async () => {
  test = await sharedTestRun(faults.plan);
  cast = await castOf(test, test.slugOf('changing'));
  groups = groupCalls(test);
});

beforeEach(async () => {
  id = await groups.started(cast.alice, [cast.bob]);
});

afterAll(() => test.stop());

async function readDuring(change: () => Promise<void>, read: () => Promise<HttpAnswer>): Promise<HttpAnswer> {
  const reached = Promise.withResolvers<undefined>();
  const changed = Promise.withResolvers<undefined>();
  let held: PlannedCall | undefined;
  const isHeld = (planned: PlannedCall): boolean => {
    if (/stream-projector|checkpoint-logs|index-messages/.test(planned.functionName)) return false;
    const input = JSON.stringify(planned.input);
    const readsLog = /^(Query|GetItem|BatchGetItem)$/.test(planned.operation) && input.includes(`C#${id}`);
    return readsLog && input.includes(`"${logEntryPrefix}`) && (held ??= planned) === planned;
  };
  return faults.during(
    (planned) => {
      if (!isHeld(planned)) return undefined;
      reached.resolve(undefined);
      return { kind: 'wait', until: changed.promise };
    },
    async () => {
      const answer = read();
      await Promise.race([
        reached.promise,
        answer.then(({ text }) => {
          throw new Error(`The request read no log: ${text}`);
        }),
      ]);
      // The change's own calls are not held back.
      await change().finally(() => changed.resolve(undefined));
      return answer;
    },
  );
}

const secret = 'Only for those who stayed';

async function sendText(who: SignedIn, text: string): Promise<void> {
  const sent = await groups.send(who, id, { type: 'text', text, clientMessageId: ulid() });
  expect(sent.status).toBe(201);
}

async function removeBobAndSend(): Promise<void> {
  await groups.remove(cast.alice, id, cast.bob.userId);
  await sendText(cast.alice, secret);
}

describe('a user who is removed while a request reads', () => {
  it.each([
    ['lists messages', () => groups.get(cast.bob, id, '/messages'), 404],
    ['lists messages after a number', () => groups.get(cast.bob, id, '/messages?after=0'), 404],
    ['lists messages around a number', () => groups.get(cast.bob, id, '/messages?around=3'), 404],
    ['gets a message', () => groups.get(cast.bob, id, '/messages/3'), 404],
    ['lists the versions of a message', () => groups.get(cast.bob, id, '/messages/3/versions'), 404],
    ['gets the conversation', () => groups.get(cast.bob, id), 404],
    ['catches up', () => call(test.url, 'GET', `/api/v1/sync?positions=${id}:0`, { token: cast.bob.token }), 200],
  ])('receives no later message when it %s', async (_name, read, status) => {
    const answer = await readDuring(removeBobAndSend, read);
    expect(answer.text).not.toContain(secret);
    expect(answer.status).toBe(status);
  });
});

describe('a user who is removed while a request reads an older message', () => {
  beforeEach(async () => {
    await sendText(cast.alice, 'Before the removal');
  });

  async function removeBobAndEdit(): Promise<void> {
    await groups.remove(cast.alice, id, cast.bob.userId);
    const edit = { text: secret, clientMessageId: ulid() };
    const edited = await call(test.url, 'PATCH', `/api/v1/conversations/${id}/messages/2`, {
      token: cast.alice.token,
      body: edit,
    });
    expect(edited.status).toBe(200);
  }

  it.each([
    ['lists messages before a number', () => groups.get(cast.bob, id, '/messages?before=3'), 404],
    ['gets a message', () => groups.get(cast.bob, id, '/messages/2'), 404],
    ['lists the versions of a message', () => groups.get(cast.bob, id, '/messages/2/versions'), 404],
  ])('receives no later edit of it when it %s', async (_name, read, status) => {
    const answer = await readDuring(removeBobAndEdit, read);
    expect(answer.text).not.toContain(secret);
    expect(answer.status).toBe(status);
  });
});

describe('a group that changes while a request reads', () => {
  it('has the name and the participants of its last entry', async () => {
    const answer = await readDuring(
      async () => {
        await groups.change(cast.alice, id, { name: 'Harbour team' });
        await groups.add(cast.alice, id, [{ userId: cast.carol.userId }]);
      },
      () => groups.get(cast.bob, id),
    );
    expect(answer.body).toMatchObject({ name: 'Harbour team', lastSeq: 3 });
    expect(Object.keys(groups.roles(answer))).toContain(cast.carol.userId);
  });

  it('still lists its messages to participants', async () => {
    const answer = await readDuring(
      async () => void (await groups.change(cast.alice, id, { name: 'Harbour team' })),
      () => groups.get(cast.bob, id, '/messages'),
    );
    expect(answer.status).toBe(200);
    expect(answer.body.items).toHaveLength(2);
  });
});
