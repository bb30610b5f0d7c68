import { DeleteScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestRun, type TestRun } from '../harness.ts';
import { Tables } from '../system/tables.ts';
import type { SignedIn } from '../raw-client.ts';
import { DeskClock, logOf, minute, noticesOf } from './desk-clock.ts';
import { deskOf } from './desk-people.ts';
import { DeskTables } from './desk-tables.ts';

let test: TestRun;
let clock: DeskClock;

beforeAll(async () => {
  test = await startTestRun({ pace: { queueRetryAfterMs: 10 } });
  clock = new DeskClock(test);
});
afterAll(() => test.stop());

/** As the removal of the events stack does. */
async function loseWakeUps(): Promise<void> {
  const { aws, assembly, timers } = test.run;
  const queue = assembly.ofType('AWS::SQS::Queue').find(({ physicalId }) => physicalId.endsWith('-run-timers'));
  await aws.call('sqs', 'PurgeQueue', { QueueUrl: queue?.physicalId });
  const scheduler = new SchedulerClient({
    endpoint: aws.url,
    region: assembly.region,
    credentials: aws.ownerCredentials,
  });
  for (const { kind, name } of timers.pending()) {
    if (kind !== 'schedule') continue;
    await scheduler.send(new DeleteScheduleCommand({ Name: name, GroupName: 'switchboard-dev' }));
  }
  expect(timers.pending()).toEqual([]);
}

async function expectEveryTimerAnnounced(): Promise<void> {
  const wakeUps = test.run.timers.pending().map(({ body }) => JSON.parse(body) as Readonly<Record<string, unknown>>);
  const timed = (await new Tables(test.run).items()).filter(({ wakeAt }) => wakeAt !== undefined);
  expect(timed.length).toBeGreaterThan(0);
  for (const { pk, sk, wakeAt } of timed) {
    expect(
      wakeUps.some(
        (wakeUp) => pk.endsWith(`#${String(wakeUp['pk'])}`) && wakeUp['sk'] === sk && wakeUp['wakeAt'] === wakeAt,
      ),
      pk,
    ).toBe(true);
  }
}

describe('the restart of timers', () => {
  it('makes timers run whose wake-ups were lost, also overdue ones', async () => {
    const medium = { firstResponseMinutes: 600, nextResponseMinutes: 600, resolutionMinutes: 6000 };
    const desk = await deskOf(test, 'lost', { sla: { medium }, awayGraceSeconds: 60 });
    const amina = await desk.agent('amina');
    const id = await desk.start(desk.customer);
    await test.run.settled();
    expect((await desk.get(desk.admin, `/conversations/${id}`)).body).toMatchObject({ assigneeId: amina.userId });
    // Without a conversation, only the agent's own timer ends the grace time.
    const bela = await desk.agent('bela');
    for (const { userId } of [amina, bela]) await desk.patch(desk.admin, `/agents/${userId}`, { availability: 'away' });
    await test.run.settled();
    await loseWakeUps();
    await clock.advance(500 * minute);
    const timerOf = async ({ userId }: SignedIn) =>
      (await new DeskTables(test, desk.admin.tenantId).read()).agents.get(userId)?.wakeAt;
    expect(await timerOf(bela)).toBeDefined();
    const boss = await clock.signedIn(desk, 'boss');
    expect((await desk.get(boss, `/conversations/${id}`)).body).toMatchObject({ assigneeId: amina.userId });

    expect(await test.provision({ command: 'restartTimers' })).toMatchObject({ ok: true, restarted: 1 });
    await test.run.settled();
    expect((await desk.get(boss, `/conversations/${id}`)).body).not.toHaveProperty('assigneeId');
    expect(await timerOf(bela)).toBeUndefined();
    expect(noticesOf(await logOf(desk, boss, id), 'sla-warning')).toHaveLength(1);
    await expectEveryTimerAnnounced();
    await clock.advance(110 * minute);
    const later = await clock.signedIn(desk, 'boss');
    expect(noticesOf(await logOf(desk, later, id), 'sla-breach')).toHaveLength(1);
    expect(await timerOf(amina)).toBeUndefined();
  });
});
