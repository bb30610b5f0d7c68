import { ulid } from 'ulid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AwsCall } from '../../../local/contract.ts';
import type { Fault, PlannedCall } from '../../../local/fault-plan.ts';
import { keys } from '../../../shared/core/table/keys.ts';
import { tenantPrefix } from '../../../shared/core/tenancy/tenant-scope.ts';
import type { TestRun } from '../harness.ts';
import { sharedTestRun } from '../shared-run.ts';
import { type Cast, castOf, connect } from '../people.ts';
import { Faults } from '../system/faults.ts';
import { report } from '../system/report.ts';
import { Tables } from '../system/tables.ts';
import { catchUpCalls, timeless } from '../sync/catch-up-calls.ts';
import { groupCalls } from './group-calls.ts';

// The largest group. The tests count calls, because times depend on the machine.

const size = 500;

const faults = new Faults();
let test: TestRun;
let cast: Cast;
let tables: Tables;
let groups: ReturnType<typeof groupCalls>;
let crowd: string[];
let id: string;
let founding: readonly AwsCall[];
let prefix: string;

beforeAll(async () => {
  test = await sharedTestRun(faults.plan);
  cast = await castOf(test, 'crowd', { messagesPerMinute: null, textLength: 10_000 });
  tables = new Tables(test.run);
  groups = groupCalls(test);
  prefix = `${tenantPrefix}${cast.alice.tenantId}#`;
  // Full accounts are expensive to create. Groups only need access items.
  crowd = Array.from({ length: size - 2 }, () => ulid());
  for (let start = 0; start < crowd.length; start += 50) {
    await Promise.all(crowd.slice(start, start + 50).map(makePerson));
  }
  await test.run.settled();
  test.run.recorder.clear();
  const participants = [...crowd, cast.bob.userId].map((userId) => ({ userId }));
  const answer = await groups.create(cast.alice, { participants });
  if (answer.status !== 201) throw new Error(answer.text);
  id = answer.body.id;
  founding = test.run.recorder.calls().filter((call) => call.functionName.endsWith('-conversations'));
  await test.run.settled();
}, 300_000);

afterAll(() => test.stop());

async function makePerson(userId: string): Promise<void> {
  const access = keys.userAccess(userId);
  await tables.put({ pk: prefix + access.pk, sk: access.sk, userId, role: 'member', status: 'active' });
}

/** The connection ended without a `$disconnect`. */
async function makeSocket(userId: string): Promise<void> {
  const { pk, sk } = keys.userConnections(userId);
  const socket = { sessionId: ulid(), sessionVersion: 1, connectedAt: Date.now(), leaseUntil: Date.now() + 3_600_000 };
  await tables.put({ pk: prefix + pk, sk, [`c:${ulid()}`]: socket });
}

const callsOf = (calls: readonly AwsCall[], operation: string) => calls.filter((call) => call.operation === operation);

describe('a group of 500', () => {
  it('is created with one transaction and one write for each membership', async () => {
    expect(callsOf(founding, 'TransactWriteItems')).toHaveLength(1);
    expect(callsOf(founding, 'UpdateItem')).toHaveLength(size);
    const memberships = (await tables.items()).filter(({ sk }) => sk === `M#${id}`);
    expect(memberships).toHaveLength(size);
    report(`group of ${size} founded: ${founding.length} calls, ${Math.round(unitsOf(founding))} write units`);
  });

  it('accepts no further participant', async () => {
    const refused = await groups.add(cast.alice, id, [{ userId: cast.carol.userId }]);
    expect(refused).toMatchObject({ status: 409, body: { code: 'GROUP_FULL' } });
  });

  it('receives a message with one read per 100 people and concurrent posts to all of them', async () => {
    const bob = await connect(test, cast.bob);
    for (let start = 0; start < crowd.length; start += 50) {
      await Promise.all(crowd.slice(start, start + 50).map(makeSocket));
    }
    await groups.send(cast.alice, id, { type: 'text', text: 'warm', clientMessageId: ulid() });
    await test.run.settled();
    // The projection removes sockets whose post failed.
    for (let start = 0; start < crowd.length; start += 50) {
      await Promise.all(crowd.slice(start, start + 50).map(makeSocket));
    }
    test.run.recorder.clear();
    // Sequential posts would never be answered.
    const arrived = gate(10);
    const heldBack = ({ operation }: PlannedCall): Fault | undefined =>
      operation === 'PostToConnection' ? { kind: 'wait', until: arrived() } : undefined;
    const message = { type: 'text', text: 'all hands', clientMessageId: ulid() };
    const sent = await faults.during(heldBack, () => groups.send(cast.alice, id, message));
    expect(sent.status).toBe(201);
    await bob.frame((frame) => frame.type === 'message.created' && frame.data.text === 'all hands');
    await test.run.settled();
    const calls = test.run.recorder.calls().filter((call) => call.functionName === 'switchboard-dev-messages');
    const posts = callsOf(calls, 'PostToConnection');
    expect(callsOf(calls, 'BatchGetItem')).toHaveLength(5);
    expect(callsOf(calls, 'PutItem')).toHaveLength(1);
    expect(posts).toHaveLength(crowd.length + 1);
    const firstEnd = Math.min(...posts.map(({ endedAt }) => endedAt));
    const atOnce = posts.filter(({ startedAt }) => startedAt <= firstEnd).length;
    expect(atOnce).toBeGreaterThanOrEqual(10);
    report(`message to ${size}: ${calls.length} calls, ${posts.length} posts, ${atOnce} at once`);
    await bob.close();
  });

  it('is sent to a new participant in one event, with all participants', async () => {
    await test.run.settled();
    expect((await groups.remove(cast.alice, id, crowd[0] ?? '')).status).toBe(204);
    const carol = await connect(test, cast.carol);
    test.run.recorder.clear();
    expect((await groups.add(cast.alice, id, [{ userId: cast.carol.userId }])).status).toBe(200);
    const calls = test.run.recorder.calls().filter((call) => call.functionName.endsWith('-groups'));
    expect(callsOf(calls, 'UpdateItem').filter(({ resource }) => resource.includes('table/')).length).toBeLessThan(
      crowd.length,
    );
    const frame = await carol.frame((frame) => frame.type === 'conversation.created' && frame.conversationId === id);
    expect(frame.data.participants).toHaveLength(size);
    await carol.close();
  });

  it('fits into one frame with the longest text, as an event and as a snapshot', async () => {
    const text = '👋'.repeat(10_000);
    const sent = await groups.send(cast.alice, id, { type: 'text', text, clientMessageId: ulid() });
    expect(sent.status).toBe(201);
    await test.run.settled();
    const { overSocket, overHttp } = catchUpCalls(test);
    const [since, resume] = ['W10', { [id]: 999 }];
    const { pages, events } = await overSocket(cast.bob, { since, resume });
    expect(events.map(({ type }) => type as string).sort()).toEqual(['conversation.created', 'snapshot.required']);
    for (const page of pages) expect(Buffer.byteLength(JSON.stringify(page))).toBeLessThanOrEqual(128 * 1024);
    const [snapshot, created] = events;
    expect(created.data.participants).toHaveLength(size);
    expect(created.data.lastMessage).toMatchObject({ text });
    expect(snapshot.data.conversation.participants).toHaveLength(size);
    // The text would not fit twice.
    expect(snapshot.data).toMatchObject({ messages: [], covers: { after: sent.body.seq, through: sent.body.seq } });
    expect(timeless((await overHttp(cast.bob, resume, since)).events)).toEqual(timeless(events));
    report(
      `group of ${size} in an event: ${Math.round(Buffer.byteLength(JSON.stringify({ ...created.data, lastMessage: undefined })) / 1024)} KiB`,
    );
  });
});

/** Resolves once `people` have called. */
function gate(people: number): () => Promise<void> {
  let coming = 0;
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return () => {
    coming += 1;
    if (coming === people) open();
    return opened;
  };
}

function unitsOf(calls: readonly AwsCall[]): number {
  return calls.reduce((sum, call) => sum + call.writeUnits, 0);
}
