import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changeSettings, DeskClock, minute, second } from '../desk/desk-clock.ts';
import { type Desk, deskOf } from '../desk/desk-people.ts';
import { startTestRun, type TestRun } from '../harness.ts';
import { connect } from '../people.ts';
import type { Frame, SignedIn } from '../raw-client.ts';
import { mailsOf, recipientsOf } from './sent-mails.ts';

let test: TestRun;
let clock: DeskClock;

const duplicates = 5;

beforeAll(async () => {
  test = await startTestRun({
    // Every event of mails arrives five times, in any order.
    faults: {
      deliveries: (ruleName) => (/mail/.test(ruleName) ? duplicates : 1),
      additionalBatch: (source) => (source === 'queue' ? 'reordered' : undefined),
    },
    pace: { queueRetryAfterMs: 10 },
  });
  clock = new DeskClock(test);
});
afterAll(() => test.stop());

const escalation = {
  steps: [
    { afterSeconds: 15, to: ['team'] },
    { afterSeconds: 30, to: ['on-call'] },
    { afterSeconds: 60, to: ['admins', 'on-call'] },
  ],
  repeatSeconds: 3600,
} as const;

interface Alarm {
  readonly desk: Desk;
  readonly bela: SignedIn;
  readonly id: string;
  readonly raisedAt: number;
}

/** Bela is on call, and so are the given addresses. Chidi is an agent who is not. */
async function alarmOf(name: string, emails: readonly string[]): Promise<Alarm> {
  const desk = await deskOf(test, name, {
    autoAssign: 'off',
    escalation: { ...escalation, steps: escalation.steps.map((step) => ({ ...step, to: [...step.to] })) },
  });
  const bela = await desk.agent('bela', { availability: 'away' });
  await desk.agent('chidi', { availability: 'away' });
  await changeSettings(test, desk, { onCall: { userIds: [bela.userId], emails: [...emails] } });
  const { id, raisedAt } = await raise(desk);
  return { desk, bela, id, raisedAt };
}

async function raise(desk: Desk): Promise<{ readonly id: string; readonly raisedAt: number }> {
  const id = await desk.start(desk.customer);
  const answer = await desk.say(desk.customer, id, 'Help!', { urgent: true });
  expect(answer.status, answer.text).toBe(201);
  await test.run.settled();
  const { urgency } = (await desk.get(desk.admin, `/conversations/${id}`)).body;
  return { id, raisedAt: Date.parse(urgency.raisedAt as string) };
}

const mailsTo = ({ desk }: Pick<Alarm, 'desk'>) => mailsOf(test, desk.admin.tenantId, 'urgent');

describe('people on call', () => {
  it('get one mail at each step that names them, however often its event arrives', async () => {
    const alarm = await alarmOf('steps', ['pager@on-call.test']);
    const { desk, bela, id, raisedAt } = alarm;
    const socket = await connect(test, bela);
    await clock.advanceTo(raisedAt + 20 * second);
    expect(mailsTo(alarm)).toEqual([]);

    await clock.advanceTo(raisedAt + 40 * second);
    const both = ['bela@steps.test', 'pager@on-call.test'];
    expect(recipientsOf(mailsTo(alarm))).toEqual(both);
    const [mail] = mailsTo(alarm);
    expect(mail?.configurationSet).toBe('switchboard-dev');
    expect(mail?.text).toContain(id);
    expect(JSON.stringify(mail)).not.toContain('Help!');
    const isAlert = ({ type, conversationId }: Frame) => type === 'urgent.raised' && conversationId === id;
    expect(socket.frames.filter(isAlert).length).toBeGreaterThan(0);
    const { items } = (await desk.get(bela, '/notifications?kind=urgent')).body;
    // A conversation without a team belongs to all agents.
    expect(items.map(({ data }: { data: { step: number } }) => data.step)).toEqual([2, 1]);

    await clock.advanceTo(raisedAt + 2 * minute);
    expect(recipientsOf(mailsTo(alarm))).toEqual([...both, ...both].toSorted());
  });

  it('get no mail after the acknowledgement', async () => {
    const alarm = await alarmOf('acknowledged', ['pager@on-call.test']);
    await clock.advanceTo(alarm.raisedAt + 20 * second);
    const { status, text } = await alarm.desk.post(alarm.bela, `/conversations/${alarm.id}/acknowledge`);
    expect(status, text).toBe(200);
    await clock.advanceTo(alarm.raisedAt + 5 * minute);
    expect(mailsTo(alarm)).toEqual([]);
  });

  it('must be agents or admins of the tenant', async () => {
    const desk = await deskOf(test, 'unfit');
    const result = await test.provision({
      ...{ command: 'changeSettings', tenant: desk.slug },
      settings: { onCall: { userIds: [desk.customer.userId], emails: [] } },
    } as Parameters<TestRun['provision']>[0]);
    expect(result).toMatchObject({
      ok: false,
      problem: { code: 'VALIDATION_FAILED', errors: [{ pointer: '/settings/onCall/userIds' }] },
    });
  });
});

describe('an address that bounces or complains', () => {
  it.each([
    ['bounce', 'bounce+pager@simulator.amazonses.com'],
    ['complaint', 'complaint+pager@simulator.amazonses.com'],
  ])('after a %s gets no further mail until an admin allows it', async (reason, address) => {
    const alarm = await alarmOf(reason, [address]);
    const { desk, raisedAt } = alarm;
    await clock.advanceTo(raisedAt + 2 * minute);
    const toAddress = () => mailsTo(alarm).filter(({ to }) => to.includes(address));
    expect(toAddress()).toHaveLength(1);

    const admin = await clock.signedIn(desk, 'boss');
    const { items } = (await desk.get(admin, '/admin/suppressions')).body;
    expect(items).toMatchObject([{ address, reason, kind: 'urgent' }]);
    const path = `${test.url}/api/v1/admin/suppressions/${items[0].id as string}`;
    const headers = { authorization: `Bearer ${admin.token}` };
    expect((await fetch(path, { method: 'DELETE', headers })).status).toBe(204);
    expect((await fetch(path, { method: 'DELETE', headers })).status).toBe(404);
    expect((await desk.get(admin, '/admin/suppressions')).body.items).toEqual([]);

    await clock.advanceTo(raisedAt + 62 * minute);
    expect(toAddress()).toHaveLength(2);
  });
});
