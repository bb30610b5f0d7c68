import { ulid } from 'ulid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestRun, type TestRun } from '../harness.ts';
import { changeSettings, DeskClock, logOf, minute, noticesOf, second } from './desk-clock.ts';
import { type Desk, deskOf } from './desk-people.ts';

const targets = { firstResponseMinutes: 10, nextResponseMinutes: 5, resolutionMinutes: 30 };
const latest = 5 * second;

let test: TestRun;
let clock: DeskClock;

beforeAll(async () => {
  test = await startTestRun({ pace: { queueRetryAfterMs: 10 } });
  clock = new DeskClock(test);
});
afterAll(() => test.stop());

function deskWith(name: string, policy: object = targets): Promise<Desk> {
  return deskOf(test, name, { autoAssign: 'off', sla: { medium: policy } });
}

/** `<kind> <metric> <minutes since the start>` */
async function noticesSince(desk: Desk, id: string, start: number, late = latest): Promise<readonly string[]> {
  const entries = await logOf(desk, await clock.signedIn(desk, 'boss'), id);
  return ['sla-warning', 'sla-breach']
    .flatMap((kind) => noticesOf(entries, kind))
    .toSorted((one, other) => one.seq - other.seq)
    .map(({ system, createdAt }) => {
      const minutes = (Date.parse(createdAt) - start) / minute;
      const whole = Math.floor(minutes);
      expect((minutes - whole) * minute).toBeLessThanOrEqual(late);
      return `${system?.kind ?? ''} ${system?.metric ?? ''} ${whole}`;
    });
}

async function startedAt(desk: Desk, id: string): Promise<number> {
  return Date.parse((await desk.get(desk.admin, `/conversations/${id}`)).body.createdAt as string);
}

describe('the service level', () => {
  it('warns at 80 % and reports a breach at 100 % of the time, each once', async () => {
    const desk = await deskWith('levels');
    const id = await desk.start(desk.customer);
    const start = await startedAt(desk, id);
    await clock.advanceTo(start + 40 * minute);
    expect(await noticesSince(desk, id, start)).toEqual([
      'sla-warning first-response 8',
      'sla-breach first-response 10',
      'sla-warning resolution 24',
      'sla-breach resolution 30',
    ]);
    const boss = await clock.signedIn(desk, 'boss');
    expect((await desk.get(boss, `/conversations/${id}`)).body.sla).toMatchObject({ state: 'breached' });
  });

  it('records each of several warnings and breaches that are due at once', async () => {
    const desk = await deskWith('at-once', { ...targets, resolutionMinutes: 10 });
    const id = await desk.start(desk.customer);
    const start = await startedAt(desk, id);
    await clock.advanceTo(start + 20 * minute);
    expect((await noticesSince(desk, id, start)).toSorted()).toEqual([
      'sla-breach first-response 10',
      'sla-breach resolution 10',
      'sla-warning first-response 8',
      'sla-warning resolution 8',
    ]);
  });

  it('pauses for the customer, measures the next reply, and goes on after a reopening', async () => {
    const desk = await deskWith('pauses');
    const id = await desk.start(desk.customer);
    const start = await startedAt(desk, id);
    const said = async (username: string, text: string): Promise<number> => {
      const answer = await desk.say(await clock.signedIn(desk, username), id, text);
      expect(answer.status, answer.text).toBe(201);
      return Date.parse(answer.body.createdAt as string);
    };
    await desk.post(desk.admin, `/conversations/${id}/assign`, { agentId: 'me' });
    const firstReply = await said('boss', 'How can I help?');
    await clock.advanceTo(start + 100 * minute);
    expect(await noticesSince(desk, id, start)).toEqual([]);

    const question = await said('customer', 'Like this');
    await clock.advanceTo(question + 4.5 * minute);
    expect(await noticesSince(desk, id, question)).toEqual(['sla-warning next-response 4']);
    const secondReply = await said('boss', 'Thank you');
    await desk.post(await clock.signedIn(desk, 'boss'), `/conversations/${id}/resolve`);
    await clock.advanceTo(start + 300 * minute);
    expect(await noticesSince(desk, id, question)).toHaveLength(1);

    const reopening = await said('customer', 'It happened again');
    await clock.advanceTo(reopening + 40 * minute);
    const later = (await noticesSince(desk, id, reopening, minute)).slice(1, 3);
    expect(later).toEqual(['sla-warning next-response 4', 'sla-breach next-response 5']);
    const used = firstReply - start + (secondReply - question);
    const ofResolution = (await noticesSince(desk, id, reopening - used, minute)).slice(3);
    expect(ofResolution).toEqual(['sla-warning resolution 24', 'sla-breach resolution 30']);
  });

  it('reports nothing about a conversation that was resolved or closed in time', async () => {
    const desk = await deskWith('in-time');
    const [resolved, closed] = [await desk.start(desk.customer), await desk.start(desk.customer)];
    const start = await startedAt(desk, resolved);
    await desk.post(desk.admin, `/conversations/${resolved}/assign`, { agentId: 'me' });
    await desk.post(desk.admin, `/conversations/${resolved}/resolve`);
    await desk.post(desk.admin, `/conversations/${closed}/close`);
    await clock.advanceTo(start + 60 * minute);
    expect(await noticesSince(desk, resolved, start)).toEqual([]);
    expect(await noticesSince(desk, closed, start)).toEqual([]);
  });
});

describe('a change of the policy', () => {
  it('reaches open conversations within a minute, whether the time is shorter or longer', async () => {
    const [shorter, longer] = [
      await deskWith('shorter', { ...targets, firstResponseMinutes: 600 }),
      await deskWith('longer'),
    ];
    const [early, late] = [await shorter.start(shorter.customer), await longer.start(longer.customer)];
    const [earlyStart, lateStart] = [await startedAt(shorter, early), await startedAt(longer, late)];
    const resolutionMinutes = 10_000;
    await changeSettings(test, shorter, { sla: { medium: { firstResponseMinutes: 5, resolutionMinutes } } });
    await changeSettings(test, longer, { sla: { medium: { firstResponseMinutes: 50, resolutionMinutes } } });
    await changeSettings(test, longer, { textLength: 500 });
    await clock.advance(minute);
    const { sla } = (await shorter.get(shorter.admin, `/conversations/${early}`)).body;
    expect(Date.parse(sla.dueAt as string) - earlyStart).toBe(5 * minute);
    await clock.advanceTo(lateStart + 60 * minute);
    expect(await noticesSince(shorter, early, earlyStart)).toEqual([
      'sla-warning first-response 4',
      'sla-breach first-response 5',
    ]);
    expect(await noticesSince(longer, late, lateStart)).toEqual([
      'sla-warning first-response 40',
      'sla-breach first-response 50',
    ]);
    const boss = await clock.signedIn(shorter, 'boss');
    const changes = noticesOf(await logOf(shorter, boss, early), 'changed');
    expect(changes).toHaveLength(1);
  });

  it('changes nothing if the times stay the same', async () => {
    const desk = await deskWith('same');
    const id = await desk.start(desk.customer, {
      message: { type: 'text', text: 'Hello?', clientMessageId: ulid() },
    });
    await test.run.settled();
    const before = (await desk.get(desk.admin, `/conversations/${id}`)).body;
    await changeSettings(test, desk, { autoAssign: 'off' });
    await clock.advance(minute);
    const after = (await desk.get(desk.admin, `/conversations/${id}`)).body;
    expect(after).toMatchObject({ lastSeq: before.lastSeq, sla: before.sla });
  });
});
