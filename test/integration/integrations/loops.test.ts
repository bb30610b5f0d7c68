import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type OwnTestRun, startTestRun } from '../harness.ts';
import { call } from '../raw-client.ts';
import { signedChange } from './signed-change.ts';
import { linesOf, serverOf, subscribe, ticketDesk, type TicketDesk, ticketOf } from './ticket-desk.ts';

// Two systems that answer each other must come to rest.

let test: OwnTestRun;
let desks = 0;

beforeAll(async () => {
  test = await startTestRun({ pace: { queueRetryAfterMs: 20 } });
});
afterAll(() => test.stop());
beforeEach(() => {
  serverOf(test, 'jira').subscription = undefined;
});

interface Linked extends TicketDesk {
  readonly id: string;
  readonly key: string;
}

/** A desk with a conversation that has a ticket in Jira. */
async function linked(rules: object = {}): Promise<Linked> {
  desks += 1;
  const desk = await ticketDesk(test, `loops-${desks}`, 'jira', { createOn: 'on-start', ...rules });
  const id = await desk.start(await desk.signedInCustomer());
  await desk.clock.advance(60_000);
  return { ...desk, id, key: ticketOf(test, 'jira', id).key };
}

async function arrive(): Promise<void> {
  await serverOf(test, 'jira').announced();
  await test.run.settled();
}

interface Entry {
  readonly system?: { readonly kind: string; readonly text?: string; readonly ticket?: { readonly state: string } };
}

async function entriesOf(desk: Linked): Promise<readonly Entry[]> {
  const { body } = await desk.get(await desk.signedInAgent(), `/conversations/${desk.id}/messages?limit=100`);
  return body.items as readonly Entry[];
}

const commentsIn = async (desk: Linked) =>
  (await entriesOf(desk)).flatMap(({ system }) => (system?.kind === 'ticket-comment' ? [system.text] : []));

async function conversationOf(desk: Linked) {
  return (await desk.get(await desk.signedInAgent(), `/conversations/${desk.id}`)).body;
}

/** Sends a message of Jira again, or before its time. */
async function announce({ integrationId, secret }: TicketDesk, change: object): Promise<void> {
  const path = `/api/v1/tickets/${integrationId}`;
  const answer = await call(test.url, 'POST', path, signedChange(secret, change));
  expect(answer.status, answer.text).toBe(202);
  await test.run.settled();
}

const statusChange = (key: string, status: string, timestamp: number, accountId = 'account-beth') => ({
  ...{ webhookEvent: 'jira:issue_updated', timestamp, user: { accountId } },
  issue: { id: test.run.vendors.jira.issue(key).id, key, fields: { labels: [] } },
  changelog: { items: [{ field: 'status', toString: status }] },
});

describe('a comment', () => {
  it('stays out when the service wrote it, even if its message arrives before the answer to it', async () => {
    const desk = await linked();
    subscribe(test, 'jira', desk);
    serverOf(test, 'jira').trouble(() => ({ kind: 'slow', delayMs: 200 }));
    await desk.say(await desk.signedInAgent(), desk.id, 'Hello');
    await desk.clock.advance(60_000);
    serverOf(test, 'jira').trouble(undefined);
    await arrive();
    expect(linesOf(ticketOf(test, 'jira', desk.id))).toEqual(['amina: Hello']);
    expect(await commentsIn(desk)).toEqual([]);
  });

  it('appears once when a person wrote it, though two messages announce it', async () => {
    const desk = await linked();
    const { id } = test.run.vendors.jira.issue(desk.key);
    const comment = { id: 'twice', body: 'Done', author: { accountId: 'account-beth' }, jsdPublic: true };
    const issue = { id, key: desk.key, fields: { labels: [] } };
    for (const attempt of [1, 2, 3]) await announce(desk, { webhookEvent: 'comment_created', issue, comment, attempt });
    expect(await commentsIn(desk)).toEqual(['Done']);
  });

  it('never goes back to the ticket that it came from', async () => {
    const desk = await linked();
    subscribe(test, 'jira', desk);
    test.run.vendors.jira.comment(desk.key, 'Done');
    await arrive();
    await desk.clock.advance(5 * 60_000);
    expect(await commentsIn(desk)).toEqual(['Done']);
    expect(ticketOf(test, 'jira', desk.id).comments.map(({ text }) => text)).toEqual(['Done']);
  });

  it('waits when it arrives before the answer to the creation of its ticket', async () => {
    desks += 1;
    const desk = await ticketDesk(test, `loops-${desks}`, 'jira', { createOn: 'on-start' });
    const server = serverOf(test, 'jira');
    server.trouble(({ method, path }) =>
      method === 'POST' && path.endsWith('/request') ? { kind: 'lost-answer' } : undefined,
    );
    const id = await desk.start(await desk.signedInCustomer());
    await test.run.settled();
    const { key } = ticketOf(test, 'jira', id);
    server.trouble(undefined);
    subscribe(test, 'jira', desk);
    test.run.vendors.jira.comment(key, 'Already on it');
    await arrive();
    // In one step, the message could find the ticket's creation still running, and wait once more.
    for (let minute = 0; minute < 3; minute += 1) await desk.clock.advance(60_000);
    await test.run.settled();
    expect(await commentsIn({ ...desk, id, key })).toEqual(['Already on it']);
    expect(ticketOf(test, 'jira', id).comments).toHaveLength(1);
  });
});

describe('a status', () => {
  const rules = {
    statusIn: { Resolved: 'resolve', 'Waiting for support': 'reopen' },
    statusOut: { resolved: 'Resolved', active: 'In Progress', waiting: 'Waiting for support' },
  };

  it('stays there when a person set it in the ticket', async () => {
    const desk = await linked(rules);
    subscribe(test, 'jira', desk);
    await desk.clock.advance(60_000);
    test.run.vendors.jira.setStatus(desk.key, 'Resolved');
    await arrive();
    expect(await conversationOf(desk)).toMatchObject({ status: 'resolved', ticket: { status: 'Resolved' } });
    const before = serverOf(test, 'jira').requests.length;
    await desk.clock.advance(10 * 60_000);
    expect(serverOf(test, 'jira').requests.length - before).toBeLessThan(3);
    expect(ticketOf(test, 'jira', desk.id).status).toBe('Resolved');
  });

  it('counts when other automation set it with the account of the service', async () => {
    const desk = await linked(rules);
    await announce(desk, statusChange(desk.key, 'Resolved', Date.now() + 1000, 'account-switchboard'));
    expect(await conversationOf(desk)).toMatchObject({ status: 'resolved' });
  });

  it('changes nothing when it is older than the known one, or the same', async () => {
    const desk = await linked(rules);
    await announce(desk, statusChange(desk.key, 'Resolved', 2000));
    const before = await entriesOf(desk);
    await announce(desk, statusChange(desk.key, 'Waiting for support', 1000));
    await announce(desk, statusChange(desk.key, 'Resolved', 3000));
    expect(await entriesOf(desk)).toEqual(before);
  });
});

describe('the fuse', () => {
  it('pauses a ticket that a bot floods, shows it, and lets an admin resume it', async () => {
    const desk = await linked();
    subscribe(test, 'jira', desk);
    for (let count = 1; count <= 30; count += 1) {
      test.run.vendors.jira.comment(desk.key, `I am a bot (${count})`, true, 'account-bot');
      await arrive();
    }
    const { length } = await commentsIn(desk);
    expect(length).toBeGreaterThan(15);
    expect(length).toBeLessThan(23);
    expect(await conversationOf(desk)).toMatchObject({ ticket: { state: 'paused' } });
    const path = `/admin/integrations/${desk.integrationId}`;
    const admin = await desk.signedInAdmin();
    const { body } = await desk.get(admin, `${path}/tickets?state=paused`);
    expect(body.items).toMatchObject([{ conversationId: desk.id, reason: 'too-many-updates' }]);
    await desk.post(admin, `${path}/tickets/${desk.id}/replay`);
    await test.run.settled();
    expect(await conversationOf(desk)).toMatchObject({ ticket: { state: 'linked' } });
  });
});

describe('a change of a message', () => {
  it('follows the message, and a ticket that was deleted meanwhile fails alone', async () => {
    const [desk, other] = [await linked(), await linked()];
    const agent = await desk.signedInAgent();
    const { body: sent } = await desk.say(agent, desk.id, 'Helo');
    await desk.clock.advance(60_000);
    await desk.patch(agent, `/conversations/${desk.id}/messages/${sent.seq}`, { text: 'Hello' });
    await desk.clock.advance(60_000);
    expect(linesOf(ticketOf(test, 'jira', desk.id))).toEqual([
      'amina: Helo',
      'amina changed an earlier message: Hello',
    ]);
    const { issues } = test.run.vendors.jira;
    issues.splice(
      issues.findIndex(({ key }) => key === desk.key),
      1,
    );
    await desk.say(agent, desk.id, 'Bye');
    await other.say(await other.signedInAgent(), other.id, 'Hello');
    await desk.clock.advance(60_000);
    expect(await conversationOf(desk)).toMatchObject({ ticket: { state: 'failed' } });
    expect(linesOf(ticketOf(test, 'jira', other.id))).toEqual(['amina: Hello']);
  });
});
