import { ulid } from 'ulid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  alertmanager,
  cloudwatchEvent,
  firingAlert,
  grafana,
  jira,
  pagerduty,
  resolvedAlert,
  servicenow,
} from '../../../shared/features/incidents/vendor-payload-builders.ts';
import { type Desk, deskOf } from '../desk/desk-people.ts';
import { succeed } from '../desk/desk-calls.ts';
import type { TestRun } from '../harness.ts';
import { sharedTestRun } from '../shared-run.ts';
import { Tables } from '../system/tables.ts';
import {
  allRules,
  deliver,
  deliveriesOf,
  newSource,
  resultOf,
  supportConversations,
  type TestSource,
  textsIn,
} from './incident-calls.ts';

let test: TestRun;
let desk: Desk;

beforeAll(async () => {
  test = await sharedTestRun();
  desk = await deskOf(test, 'incidents', { autoAssign: 'off' });
}, 120_000);
afterAll(() => test.stop());

const opening = { incidentKey: 'web-3', event: 'open', title: 'Web 3 is down', severity: 'critical' };

/** Sends an event, and returns its result once it is processed. */
async function happens(source: TestSource, event: object) {
  const { body } = await deliver(test, source, event);
  await test.run.settled();
  return resultOf(test, desk.admin, source, body.deliveryId);
}

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

  it('opens another conversation when it begins again, and none for what is older than its end', async () => {
    const source = await newSource(test, desk.admin);
    const at = (occurredAt: number, event: string) => ({ ...opening, event, occurredAt });

    const unknown = await happens(source, at(1_770_000_010, 'close'));
    const older = await happens(source, at(1_770_000_005, 'open'));
    const first = await happens(source, at(1_770_000_020, 'open'));
    const late = await happens(source, at(1_770_000_015, 'close'));
    await happens(source, at(1_770_000_030, 'close'));
    const second = await happens(source, at(1_770_000_040, 'open'));

    expect(unknown).toMatchObject({ outcome: 'ignored', reason: 'unknown-incident' });
    expect(older).toMatchObject({ outcome: 'ignored', reason: 'out-of-order' });
    expect(first.outcome).toBe('opened');
    expect(late).toMatchObject({ outcome: 'ignored', reason: 'out-of-order' });
    expect(second.outcome).toBe('opened');
    expect(second.conversationId).not.toBe(first.conversationId);
  });

  it('opens another conversation after people have ended the first, if it is still reported', async () => {
    const source = await newSource(test, desk.admin);
    const first = await happens(source, { ...opening, occurredAt: 1_770_000_000 });
    await succeed(test, desk.admin, 'POST', `/conversations/${first.conversationId}/close`);

    const second = await happens(source, { ...opening, occurredAt: 1_770_000_000, body: 'Again' });

    expect(second.outcome).toBe('opened');
    expect(second.conversationId).not.toBe(first.conversationId);
  });

  it('does not end a conversation in which a person wrote, and resolves one with an agent', async () => {
    const source = await newSource(test, desk.admin, {
      rules: [{ name: 'All', then: { close: 'resolve-if-unanswered' } }],
    });
    const agent = await desk.agent('responder');
    const keys = ['answered', 'noted', 'silent'] as const;
    const ids = new Map<string, string>();
    for (const incidentKey of keys) {
      const { conversationId } = await happens(source, { ...opening, incidentKey });
      await succeed(test, agent, 'POST', `/conversations/${conversationId}/assign`, { agentId: 'me' });
      ids.set(incidentKey, conversationId);
    }
    await desk.say(agent, ids.get('answered') ?? '', 'I am on it');
    const note = { text: 'Restarting', clientMessageId: ulid() };
    await succeed(test, agent, 'POST', `/conversations/${ids.get('noted')}/notes`, note);

    for (const incidentKey of keys) await happens(source, { ...opening, incidentKey, event: 'close' });

    const statuses = await Promise.all(
      keys.map(async (key) => (await succeed(test, agent, 'GET', `/conversations/${ids.get(key)}`)).status),
    );
    expect(statuses).toEqual(['active', 'active', 'resolved']);
    expect(await textsIn(test, agent, ids.get('answered') ?? '')).toContain('Ended: Web 3 is down');
  });

  it('opens one conversation with a template, a team and a customer, and without those that are gone', async () => {
    const { admin, customer } = desk;
    const form = {
      kind: 'form',
      key: ulid().toLowerCase(),
      name: 'Outage',
      language: 'en',
      text: 'Host {labels.host}',
    };
    const fields = [{ id: 'cause', type: 'text', label: 'Cause?' }];
    const template = await succeed(test, admin, 'POST', '/templates', { ...form, fields });
    const { id: teamId } = await succeed(test, admin, 'POST', '/teams', { name: `Team ${ulid()}` });
    const then = { templateId: template.id, teamId, onBehalfOf: customer.userId, message: 'On {{labels.host}}' };
    const source = await newSource(test, admin, { rules: [{ name: 'All', then }] });
    const event = { ...opening, labels: { host: 'web-3' } };

    const full = await happens(source, { ...event, incidentKey: 'full' });
    const conversation = await succeed(test, customer, 'GET', `/conversations/${full.conversationId}`);
    const { items } = await succeed(test, customer, 'GET', `/conversations/${full.conversationId}/messages`);

    expect(conversation).toMatchObject({ teamId, customerId: customer.userId, templateId: template.id });
    expect(items.map(({ type, text }: { type: string; text?: string }) => [type, text])).toEqual([
      ...[
        ['system', undefined],
        ['form', 'Host web-3'],
        ['text', 'On web-3'],
      ],
    ]);

    await succeed(test, admin, 'POST', `/conversations/${full.conversationId}/close`);
    await succeed(test, admin, 'DELETE', `/teams/${teamId}`);
    await succeed(test, admin, 'DELETE', `/templates/${template.id}`);
    const bare = await happens(source, { ...event, incidentKey: 'bare' });

    expect(bare.outcome).toBe('opened');
    const after = await succeed(test, admin, 'GET', `/conversations/${bare.conversationId}`);
    expect(after).not.toHaveProperty('teamId');
    expect(after).not.toHaveProperty('templateId');
    expect(after.customerId).toBe(customer.userId);
  });
});

describe('a source', () => {
  const vendors: Readonly<Record<string, { readonly opens: object; readonly closes: object }>> = {
    alertmanager: { opens: alertmanager(firingAlert('a1')), closes: alertmanager(resolvedAlert('a1')) },
    grafana: { opens: grafana(firingAlert('a1')), closes: grafana(resolvedAlert('a1')) },
    pagerduty: {
      opens: pagerduty('incident.triggered'),
      closes: pagerduty('incident.resolved', '2026-02-06T13:20:00.000Z'),
    },
    cloudwatch: { opens: cloudwatchEvent('ALARM'), closes: cloudwatchEvent('OK', '2026-02-06T13:20:00.000+0000') },
    servicenow: { opens: servicenow(), closes: servicenow({ state: '6', sys_updated_on: '2026-02-06 13:20:00' }) },
    jira: {
      opens: jira('jira:issue_created', 'new'),
      closes: jira('jira:issue_updated', 'done', { timestamp: 1_770_384_000_000 }),
    },
  };

  it.each(Object.entries(vendors))('opens and ends a conversation as %s', async (kind, { opens, closes }) => {
    const source = await newSource(test, desk.admin, { kind });
    const opened = await happens(source, opens);
    const closed = await happens(source, closes);
    expect(opened.outcome).toBe('opened');
    expect(closed).toMatchObject({ outcome: 'closed', conversationId: opened.conversationId });
    await succeed(test, desk.admin, 'DELETE', `/admin/sources/${source.id}`);
  });

  it('shows what no rule fits, and processes it again once a rule does', async () => {
    const { admin } = desk;
    const source = await newSource(test, admin, { rules: [] });
    const { body } = await deliver(test, source, opening);
    await test.run.settled();
    const unrouted = await deliveriesOf(test, admin, source, '&outcome=unrouted');
    const path = `/admin/sources/${source.id}`;
    const tried = await succeed(test, admin, 'POST', `${path}/test`, { deliveryId: body.deliveryId, rules: allRules });
    await succeed(test, admin, 'PATCH', path, { rules: allRules });
    for (let time = 0; time < 3; time += 1) {
      await succeed(test, admin, 'POST', `${path}/deliveries/${body.deliveryId}/replay`);
      await test.run.settled();
    }

    expect(unrouted).toMatchObject([{ id: body.deliveryId, outcomes: ['unrouted'], incidents: 1 }]);
    expect(tried.results).toMatchObject([{ rule: 'All incidents', conversation: { subject: 'Web 3 is down' } }]);
    const result = await resultOf(test, admin, source, body.deliveryId);
    expect(result.outcome).toBe('opened');
    expect(await textsIn(test, admin, result.conversationId)).toEqual(['Web 3 is down']);
    expect(await deliveriesOf(test, admin, source, '&outcome=unrouted')).toEqual([]);
  });

  it('records payloads that it cannot read', async () => {
    const { admin } = desk;
    const source = await newSource(test, admin);
    await deliver(test, source, { other: 'payload' });
    await test.run.settled();
    const [refused] = await deliveriesOf(test, admin, source);
    expect(refused).toMatchObject({ outcomes: ['refused'], reason: 'not-of-this-kind' });
    const { payload } = await succeed(test, admin, 'GET', `/admin/sources/${source.id}/deliveries/${refused.id}`);
    expect(payload).toBe('{"other":"payload"}');
  });

  it('stores no text in the clear', async () => {
    const { admin } = desk;
    const canary = `canary${ulid()}`;
    const rules = [{ name: `${canary} rule`, then: { title: `${canary} {{title}}` } }];
    const secret = `${canary}-secret`;
    const source = await newSource(test, admin, { name: `${canary} source`, rules, secret });
    await happens({ ...source, secret }, { ...opening, incidentKey: canary, title: canary, labels: { host: canary } });

    const clear = (await new Tables(test.run).items()).filter((item) => JSON.stringify(item).includes(canary));
    // As of every support conversation, the id of the incident is not a text.
    expect(clear.filter(({ sk }) => sk !== 'M')).toEqual([]);
    expect(JSON.stringify(test.run.recorder.sinks('event'))).not.toContain(canary);
  });

  it('lists pages of its deliveries, the newest first', async () => {
    const { admin } = desk;
    const source = await newSource(test, admin);
    const sent: string[] = [];
    for (let count = 0; count < 5; count += 1) {
      sent.unshift((await deliver(test, source, { ...opening, event: 'close', count })).body.deliveryId as string);
    }
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const query = `?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`;
      const page = await succeed(test, admin, 'GET', `/admin/sources/${source.id}/deliveries${query}`);
      seen.push(...page.items.map(({ id }: { id: string }) => id));
      cursor = page.nextCursor as string | null;
    }
    expect(seen).toEqual(sent);
  });
});
