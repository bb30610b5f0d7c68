import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Desk, deskOf } from '../desk/desk-people.ts';
import { succeed } from '../desk/desk-calls.ts';
import type { TestRun } from '../harness.ts';
import { sharedTestRun } from '../shared-run.ts';
import { deliver, deliveriesOf, newSource, resultOf, supportConversations, textsIn } from './incident-calls.ts';

let test: TestRun;
let desk: Desk;

beforeAll(async () => {
  test = await sharedTestRun();
  desk = await deskOf(test, 'incidents', { autoAssign: 'off' });
}, 120_000);
afterAll(() => test.stop());

const opening = { incidentKey: 'web-3', event: 'open', title: 'Web 3 is down', severity: 'critical' };

describe('an incident', () => {
  it('opens a conversation, updates it, and ends it', async () => {
    const { admin } = desk;
    const rules = [{ name: 'All', then: { close: 'resolve-if-unanswered', tags: ['outage'] } }];
    const source = await newSource(test, admin, { rules });

    const opened = await deliver(test, source, {
      ...opening,
      body: 'No answer for 5 minutes',
      occurredAt: 1_770_000_000,
    });
    await test.run.settled();

    expect(opened).toMatchObject({ status: 202, body: { accepted: true, duplicate: false } });
    const result = await resultOf(test, admin, source, opened.body.deliveryId);
    expect(result).toMatchObject({ outcome: 'opened', rule: 'All' });
    const conversation = await succeed(test, admin, 'GET', `/conversations/${result.conversationId}`);
    expect(conversation).toMatchObject({
      ...{ kind: 'support', status: 'waiting', subject: 'Web 3 is down', priority: 'urgent' },
      ...{ incidentId: 'web-3', tags: ['outage'], metadata: { incident: { system: 'generic' } } },
    });

    await deliver(test, source, { ...opening, event: 'update', body: 'Still down', occurredAt: 1_770_000_060 });
    await test.run.settled();
    const closed = await deliver(test, source, { ...opening, event: 'close', occurredAt: 1_770_000_120 });
    await test.run.settled();

    expect(await textsIn(test, admin, result.conversationId)).toEqual([
      'Web 3 is down\nNo answer for 5 minutes',
      'Update: Web 3 is down\nStill down',
      'Ended: Web 3 is down',
    ]);
    expect(await resultOf(test, admin, source, closed.body.deliveryId)).toMatchObject({
      ...{ outcome: 'closed', conversationId: result.conversationId },
    });
    const after = await succeed(test, admin, 'GET', `/conversations/${result.conversationId}`);
    expect(after.status).toBe('closed');
    expect((await deliveriesOf(test, admin, source)).map(({ outcomes }) => outcomes)).toEqual([
      ...[['closed'], ['updated'], ['opened']],
    ]);
    expect(await supportConversations(test, admin, 'waiting')).toEqual([]);
  });
});
