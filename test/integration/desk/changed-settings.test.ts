import { afterAll, beforeAll, expect, it } from 'vitest';
import { sized } from '../../faults/scale.ts';
import { startTestRun, type TestRun } from '../harness.ts';
import { newTeam } from './desk-calls.ts';
import { changeSettings, DeskClock, minute } from './desk-clock.ts';
import { deskOf } from './desk-people.ts';

/** At full size more than one wake-up reaches. */
const conversations = sized(270, 9);
/** Fewer than the limit of new conversations a minute. */
const conversationsEach = 9;

let test: TestRun;
let clock: DeskClock;
beforeAll(async () => {
  test = await startTestRun({ pace: { queueRetryAfterMs: 10 } });
  clock = new DeskClock(test);
});
afterAll(() => test.stop());

it('reaches every open conversation of every list with a changed policy', async () => {
  const resolutionMinutes = 10_000;
  const sla = { medium: { firstResponseMinutes: 600, resolutionMinutes } };
  const desk = await deskOf(test, 'many', { autoAssign: 'off', sla });
  const amina = await desk.agent('amina', { maxConcurrent: 100 });
  const teamId = await newTeam(test, desk.admin, 'Night shift');
  const ids: string[] = [];
  let { customer } = desk;
  for (let index = 0; index < conversations; index += 1) {
    if (index % conversationsEach === 0) customer = await desk.person(`customer-${index}`);
    const id = await desk.start(customer, index % 3 === 0 ? { teamId } : {});
    if (index % 10 === 1) await desk.post(amina, `/conversations/${id}/assign`, { agentId: 'me' });
    ids.push(id);
  }
  await changeSettings(test, desk, { sla: { medium: { firstResponseMinutes: 5, resolutionMinutes } } });
  await clock.advance(minute);
  const admin = await clock.signedIn(desk, 'boss');
  for (const id of ids) {
    const { sla: clockOf, createdAt } = (await desk.get(admin, `/conversations/${id}`)).body;
    expect(Date.parse(clockOf.dueAt as string) - Date.parse(createdAt as string)).toBe(5 * minute);
  }
});
