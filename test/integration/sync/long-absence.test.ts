import { ulid } from 'ulid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mostMissed } from '../../../shared/features/sync/first-missed.ts';
import { largestFrame } from '../../../shared/contract/sockets/frame-limit.ts';
import { groupCalls } from '../groups/group-calls.ts';
import type { TestRun } from '../harness.ts';
import { sharedTestRun } from '../shared-run.ts';
import { castOf, connect, conversationOf } from '../people.ts';
import type { Frame, SignedIn } from '../raw-client.ts';
import { catchUpCalls, timeless } from './catch-up-calls.ts';
import { writeMessages } from './long-log.ts';

let test: TestRun;
let groups: ReturnType<typeof groupCalls>;
let sync: ReturnType<typeof catchUpCalls>;

beforeAll(async () => {
  test = await sharedTestRun();
  groups = groupCalls(test);
  sync = catchUpCalls(test);
});

afterAll(() => test.stop());

const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);
const seqsOf = (events: readonly Frame[]) =>
  events.flatMap((event): number[] => (event.seq === undefined ? [] : [event.seq]));
const typesOf = (events: readonly Frame[]) => events.map((event) => event.type as string);
const named = ({ userId }: SignedIn) => ({ userId });

async function send(who: SignedIn, id: string, text = 'x'): Promise<number> {
  const answer = await groups.send(who, id, { type: 'text', text, clientMessageId: ulid() });
  if (answer.status !== 201) throw new Error(answer.text);
  return answer.body.seq as number;
}

/** Checks that both transports return the same events. */
async function missedBy(who: SignedIn, resume: Record<string, number>, since?: string): Promise<Frame[]> {
  const { events, pages } = await sync.overSocket(who, { resume, ...(since === undefined ? {} : { since }) });
  for (const page of pages) expect(Buffer.byteLength(JSON.stringify(page))).toBeLessThanOrEqual(largestFrame);
  expect(timeless((await sync.overHttp(who, resume, since)).events)).toEqual(timeless(events));
  return events;
}

describe('a client that resumes after a long absence', () => {
  it('receives each missed entry up to a limit, and beyond it the newest entries', async () => {
    const { alice, bob } = await castOf(test, 'long');
    const id = await conversationOf(test, alice, bob);
    await writeMessages(
      test,
      alice,
      id,
      numbers(1, mostMissed + 1).map((seq) => `message ${seq}`),
    );
    await test.run.settled();

    const all = await missedBy(bob, { [id]: 1 });
    expect(seqsOf(all)).toEqual(numbers(2, mostMissed + 1));
    expect(all.at(-1)).toMatchObject({ type: 'receipt.updated', data: { unreadCount: mostMissed + 1 } });

    const [snapshot, ...more] = await missedBy(bob, { [id]: 0 });
    expect(more).toEqual([]);
    const { conversation, messages, covers } = snapshot.data;
    expect(snapshot.type).toBe('snapshot.required');
    expect(conversation).toMatchObject({ id, lastSeq: mostMissed + 1, unreadCount: mostMissed + 1 });
    expect(seqsOf(messages)).toEqual(numbers(covers.after + 1, covers.through));
    expect(covers.through).toBe(mostMissed + 1);
    expect(messages.length).toBeGreaterThan(50);
    const before: Frame[] = [];
    for (let next = covers.after + 1; next > 1; next = before[0].seq) {
      const page = await sync.ask(bob, 'GET', `/conversations/${id}/messages?limit=100&before=${next}`);
      before.unshift(...page.items);
    }
    await send(alice, id, 'one more');
    await test.run.settled();
    const after = await missedBy(bob, { [id]: covers.through });
    const texts = [...before, ...messages, ...after.flatMap((event) => (event.seq === undefined ? [] : [event.data]))];
    expect(texts.map(({ text }: Frame) => text as string)).toEqual([
      ...numbers(1, mostMissed + 1).map((seq) => `message ${seq}`),
      'one more',
    ]);
  }, 120_000);

  it('receives an unread mark that another device set or removed, with the receipts', async () => {
    const { alice, bob } = await castOf(test, 'marks');
    const id = await conversationOf(test, alice, bob);
    for (let count = 0; count < 4; count += 1) await send(alice, id);
    const receipt = (update: object) => sync.ask(bob, 'POST', `/conversations/${id}/receipts`, update);
    const own = { userId: bob.userId, deliveredSeq: 4, readSeq: 4 };
    const received = async (who: SignedIn): Promise<Frame> =>
      (await missedBy(who, { [id]: 4 })).map(({ data }) => data)[0];
    expect(await receipt({ readSeq: 4 })).toMatchObject({ unreadCount: 0 });
    await test.run.settled();
    expect(await received(bob)).toMatchObject({ unreadCount: 0 });
    expect(await receipt({ unreadFrom: 3 })).toMatchObject({ unreadCount: 2 });
    expect(await received(bob)).toMatchObject({ unreadCount: 2, receipts: expect.arrayContaining([own]) as unknown });
    expect(await received(alice)).toMatchObject({ unreadCount: 0, receipts: expect.arrayContaining([own]) as unknown });
    expect(await receipt({ readSeq: 4 })).toMatchObject({ unreadCount: 0 });
    expect(await received(bob)).toMatchObject({ unreadCount: 0, receipts: expect.arrayContaining([own]) as unknown });
    // A message from the user's other device clears the count at once.
    const atOnce = async () => (await sync.overSocket(bob, { resume: { [id]: 4 } })).events.at(-1);
    await receipt({ unreadFrom: 4 });
    await send(alice, id);
    expect(await atOnce()).toMatchObject({ data: { unreadCount: 2, lastSeq: 5 } });
    await send(bob, id);
    expect(await atOnce()).toMatchObject({ data: { unreadCount: 0, lastSeq: 6 } });
  });
});

describe('a participant of a group who resumes', () => {
  it('receives no content from before joining when the history is hidden, from any position', async () => {
    const { alice, bob, carol } = await castOf(test, 'later');
    const id = await groups.started(alice, [bob], { history: 'since-joining' });
    for (let count = 0; count < 3; count += 1) await send(alice, id, 'hidden');
    expect((await groups.add(alice, id, [named(carol)])).status).toBe(200);
    const path = `/conversations/${id}/messages`;
    await sync.ask(bob, 'PUT', `${path}/2/reactions/${encodeURIComponent('👍')}`);
    await sync.ask(alice, 'PATCH', `${path}/3`, { text: 'hidden as well' });
    await send(bob, id, 'seen');
    await test.run.settled();
    for (const position of [0, 2, 4]) {
      const events = await missedBy(carol, { [id]: position });
      expect(typesOf(events)).toEqual([
        'conversation.updated',
        'entry.hidden',
        'entry.hidden',
        'message.created',
        'receipt.updated',
      ]);
      expect(seqsOf(events)).toEqual([5, 6, 7, 8]);
      expect(JSON.stringify(events)).not.toContain('hidden as');
      expect(events.at(-1)).toMatchObject({ data: { unreadCount: 1 } });
    }
    const [snapshot] = await missedBy(carol, { [id]: 99 });
    expect(snapshot).toMatchObject({ type: 'snapshot.required', data: { covers: { after: 4, through: 8 } } });
    expect(seqsOf(snapshot.data.messages)).toEqual([5, 8]);
  });

  it('receives a removal and nothing later, and everything visible after being added again', async () => {
    const { alice, bob, carol } = await castOf(test, 'removed');
    const id = await groups.started(alice, [bob, carol]);
    const hidden = await groups.started(alice, [bob, carol], { history: 'since-joining' });
    const { since } = await sync.overSocket(carol, {});
    const seen = { [id]: await send(bob, id), [hidden]: await send(bob, hidden) };
    await test.run.settled();
    for (const group of [id, hidden]) {
      expect((await groups.remove(alice, group, carol.userId)).status).toBe(204);
      await send(bob, group, 'not for her');
    }
    await test.run.settled();
    const gone = await missedBy(carol, seen, since);
    expect(gone.map(({ type, conversationId }) => [type, conversationId])).toEqual([
      ['conversation.removed', id],
      ['conversation.removed', hidden],
    ]);

    for (const group of [id, hidden]) {
      expect((await groups.add(alice, group, [named(carol)])).status).toBe(200);
      await send(bob, group, 'for her');
    }
    await test.run.settled();
    const back = await missedBy(carol, seen, since);
    const of = (group: string) => back.filter(({ conversationId }) => conversationId === group);
    expect(seqsOf(of(id))).toEqual([3, 4, 5, 6]);
    expect(seqsOf(of(hidden))).toEqual([5, 6]);
    for (const group of [id, hidden]) {
      expect(typesOf(of(group))).toContain('conversation.created');
      expect(typesOf(of(group))).not.toContain('conversation.removed');
    }
    expect(JSON.stringify(of(hidden))).not.toContain('not for her');
  });

  it('receives changes of names, roles and participants as they were sent live', async () => {
    const { alice, bob, carol } = await castOf(test, 'changed');
    const id = await groups.started(alice, [bob]);
    const socket = await connect(test, bob);
    const changes = [
      await groups.change(alice, id, { name: 'Night watch' }),
      await groups.role(alice, id, bob.userId, 'admin'),
      await groups.add(alice, id, [named(carol)], { role: 'admin' }),
      await groups.change(alice, id, { history: 'since-joining' }),
      await groups.role(alice, id, alice.userId, 'member'),
      await groups.remove(carol, id, 'me'),
    ];
    expect(changes.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 204]);
    await test.run.settled();
    const live = await Promise.all(numbers(2, 7).map((seq) => socket.frame((frame) => frame.seq === seq)));
    await socket.close();
    const events = await missedBy(bob, { [id]: 1 });
    expect(events.slice(0, 6)).toEqual(live);
    expect(events.slice(0, 6).map(({ data }) => data.system)).toEqual([
      { kind: 'changed', name: 'Night watch' },
      { kind: 'role-changed', userIds: [bob.userId], role: 'admin' },
      { kind: 'joined', userIds: [carol.userId], role: 'admin' },
      { kind: 'changed', history: 'since-joining' },
      { kind: 'role-changed', userIds: [alice.userId], role: 'member' },
      { kind: 'left', userIds: [carol.userId] },
    ]);
  });
});
