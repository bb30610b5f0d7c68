import { ulid } from 'ulid';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Fault, PlannedCall } from '../../../local/fault-plan.ts';
import { sampled } from '../../faults/scale.ts';
import { Trap } from '../crashes/trap.ts';
import { startTestRun, type TestRun } from '../harness.ts';
import { connect } from '../people.ts';
import type { Frame, RawSocket, SignedIn } from '../raw-client.ts';
import { DeskClock, logOf, minute, noticesOf, second } from './desk-clock.ts';
import { type Desk, deskOf } from './desk-people.ts';

const prefix = 'switchboard-dev-';
const trap = new Trap(prefix);
const ladder = [
  { after: 15 * second, alerted: ['team'] },
  { after: 30 * second, alerted: ['agents'] },
  { after: 60 * second, alerted: ['admins'] },
  { after: 2 * minute, alerted: ['on-call'] },
  { after: 5 * minute, alerted: ['team', 'agents', 'admins', 'on-call'] },
  { after: 10 * minute, alerted: ['team', 'agents', 'admins', 'on-call'] },
];
const latest = 5 * second;

let test: TestRun;
let clock: DeskClock;
let alarms: Alarm[] = [];
let kills = 0;
let killed: string | undefined;

beforeAll(async () => {
  const onCall = (call: PlannedCall): Fault | undefined =>
    call.functionName === killed && call.operation === 'TransactWriteItems' && (kills += 1) === 1
      ? { kind: 'kill-after' }
      : trap.plan.onCall?.(call);
  test = await startTestRun({ faults: { onCall }, pace: { queueRetryAfterMs: 10 } });
  clock = new DeskClock(test);
});
afterAll(() => test.stop());

afterEach(async () => {
  for (const { desk, id } of alarms) {
    await desk.post(await clock.signedIn(desk, 'boss'), `/conversations/${id}/acknowledge`);
  }
  alarms = [];
});

/** Kills the function after its next transaction. */
function killAfterTransaction(functionName: string): void {
  killed = prefix + functionName;
  kills = 0;
}

interface Alarm {
  readonly desk: Desk;
  readonly id: string;
  readonly amina: SignedIn;
  readonly bela: SignedIn;
  readonly sockets: Readonly<Record<'amina' | 'bela' | 'chidi' | 'boss', RawSocket>>;
}

/** Amina is in the team of the conversations, Bela in none, and Chidi is away. */
async function alarmsOf(name: string, count: number): Promise<readonly Alarm[]> {
  const desk = await deskOf(test, name, { autoAssign: 'off' });
  const teamId = (await desk.post(desk.admin, '/teams', { name: 'Night shift' })).body.id as string;
  const [amina, bela, chidi] = [
    await desk.agent('amina', { teams: [teamId] }),
    await desk.agent('bela'),
    await desk.agent('chidi', { teams: [teamId], availability: 'away' }),
  ];
  await desk.get(desk.admin, '/agents');
  await desk.patch(desk.admin, '/agents/me', { availability: 'away' });
  const sockets = {
    amina: await connect(test, amina),
    bela: await connect(test, bela),
    chidi: await connect(test, chidi),
    boss: await connect(test, desk.admin),
  };
  await test.run.settled();
  const raised: Alarm[] = [];
  for (let index = 0; index < count; index += 1) {
    raised.push({ desk, amina, bela, sockets, id: await desk.start(desk.customer, { teamId }) });
  }
  alarms.push(...raised);
  return raised;
}

async function alarmOf(name: string): Promise<Alarm> {
  return (await alarmsOf(name, 1))[0] as Alarm;
}

const isAlert = ({ type }: Frame): boolean => type === 'urgent.raised';

/** The distinct steps of the alerts that a socket received. */
function stepsOf(socket: RawSocket): readonly number[] {
  return [...new Set(socket.frames.filter(isAlert).map(({ data }: Frame) => data.urgency.step as number))];
}

async function raise({ desk, id }: Alarm): Promise<number> {
  const answer = await desk.say(desk.customer, id, 'Help!', { urgent: true });
  expect(answer.status, answer.text).toBe(201);
  await test.run.settled();
  const { urgency } = (await desk.get(desk.admin, `/conversations/${id}`)).body;
  return Date.parse(urgency.raisedAt as string);
}

describe('an urgent message', () => {
  it('alerts more and more people, each step once and in time, until a person acknowledges', async () => {
    const alarm = await alarmOf('ladder');
    const { desk, id, sockets } = alarm;
    const raisedAt = await raise(alarm);
    expect(stepsOf(sockets.amina)).toEqual([1]);
    expect(stepsOf(sockets.bela)).toEqual([1]);
    expect(stepsOf(sockets.chidi)).toEqual([]);
    await clock.advanceTo(raisedAt + 11 * minute);

    const entries = noticesOf(await logOf(desk, desk.admin, id), 'escalated');
    expect(entries.map(({ system }) => system?.alerted)).toEqual(ladder.map(({ alerted }) => alerted));
    entries.forEach(({ createdAt }, index) => {
      const lateness = Date.parse(createdAt) - raisedAt - (ladder[index]?.after ?? 0);
      expect(lateness).toBeGreaterThanOrEqual(0);
      expect(lateness).toBeLessThanOrEqual(latest);
    });
    expect(stepsOf(sockets.amina)).toEqual([1, 2, 3, 6, 7]);
    expect(stepsOf(sockets.bela)).toEqual([1, 3, 6, 7]);
    expect(stepsOf(sockets.chidi)).toEqual([2, 3, 6, 7]);
    expect(stepsOf(sockets.boss)).toEqual([3, 4, 6, 7]);
    const { priority, urgency } = (await desk.get(desk.admin, `/conversations/${id}`)).body;
    expect({ priority, isAcknowledged: 'acknowledgedAt' in urgency }).toEqual({
      priority: 'urgent',
      isAcknowledged: false,
    });
  });

  it('stops alerting after an acknowledgement, a takeover, a reply or a resolution', async () => {
    const all = await alarmsOf('ends', 5);
    const [known, taken, answered, resolved, read] = all as [Alarm, Alarm, Alarm, Alarm, Alarm];
    await resolved.desk.post(resolved.desk.admin, `/conversations/${resolved.id}/assign`, { agentId: 'auto' });
    for (const alarm of all) await raise(alarm);
    await clock.advance(20 * second);
    const act = async ({ desk, amina, id }: Alarm, path: string, body?: object) => {
      const answer = await desk.post(amina, `/conversations/${id}${path}`, body);
      expect(answer.status, answer.text).toBeLessThan(300);
    };
    await act(known, '/acknowledge');
    await act(taken, '/assign', { agentId: 'me' });
    await act(answered, '/messages', { type: 'text', text: 'I am here', clientMessageId: ulid() });
    await act(resolved, '/resolve');
    const { lastSeq } = (await read.desk.get(read.amina, `/conversations/${read.id}`)).body;
    await act(read, '/receipts', { deliveredSeq: lastSeq, readSeq: lastSeq });
    await clock.advance(3 * minute);
    for (const { desk, id } of [known, taken, answered, resolved]) {
      expect(noticesOf(await logOf(desk, desk.admin, id), 'escalated')).toHaveLength(1);
    }
    expect(noticesOf(await logOf(read.desk, read.desk.admin, read.id), 'escalated')).toHaveLength(4);
  });
});

describe('the escalation', () => {
  it('sends the first alert after a crash of the sending function', async () => {
    const alarm = await alarmOf('crashed-send');
    const { desk, id, sockets } = alarm;
    killAfterTransaction('messages');
    const answer = await desk.say(desk.customer, id, 'Help!', { urgent: true });
    await test.run.settled();
    expect(kills).toBeGreaterThan(0);
    expect(answer.status).toBeGreaterThanOrEqual(500);
    expect(stepsOf(sockets.amina)).toEqual([1]);
    expect(stepsOf(sockets.bela)).toEqual([1]);
  });

  it('sends the alert of a step after a crash that followed its record', async () => {
    const alarm = await alarmOf('crashed-step');
    const raisedAt = await raise(alarm);
    killAfterTransaction('run-timers');
    await clock.advanceTo(raisedAt + 16 * second);
    expect(kills).toBeGreaterThan(0);
    expect(stepsOf(alarm.sockets.amina)).toEqual([1, 2]);
    expect(stepsOf(alarm.sockets.bela)).toEqual([1]);
  });

  it('skips and repeats no step after a crash at any call of the timers', async () => {
    const alarm = await alarmOf('crashes');
    const { desk, id } = alarm;
    const raisedAt = await raise(alarm);
    let repetitions = 0;
    // Between two steps, which are five minutes apart.
    const nextStep = () => clock.advanceTo(raisedAt + 5 * minute * (repetitions += 1) + minute);
    await nextStep();
    const steps = async () => {
      const { body } = await desk.get(await clock.signedIn(desk, 'boss'), `/conversations/${id}`);
      return body.urgency.step as number;
    };
    trap.watch(['run-timers']);
    await nextStep();
    const { calls } = trap.unwatch(['run-timers']);
    const points = calls.flatMap((call) =>
      (['kill-before', 'kill-after', 'lose-reply', 'throttle'] as const).map((fault) => ({ call, fault })),
    );
    expect(points.length).toBeGreaterThan(20);
    let expected = await steps();
    const missed: string[] = [];
    for (const point of sampled(points, 20)) {
      trap.watch(['run-timers'], point);
      await nextStep();
      trap.unwatch(['run-timers']);
      expected += 1;
      const found = await steps();
      if (found !== expected) missed.push(`${point.fault} at ${point.call}: step ${found} instead of ${expected}`);
      expected = found;
    }
    expect(missed).toEqual([]);
    const entries = await logOf(desk, await clock.signedIn(desk, 'boss'), id);
    expect(noticesOf(entries, 'escalated')).toHaveLength(expected - 1);
  });
});
