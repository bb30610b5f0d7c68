import { beforeEach, describe, expect, it } from 'vitest';
import { Jira } from '../../../../local/far-sides/jira.ts';
import { callOf, marker, newTicket } from './far-system-test-builders.ts';
import { jira } from './jira.ts';
import type { RemoteTicket, TicketSystem } from './ticket-system.ts';

const credentials = { type: 'basic', username: 'bot@example.com', password: 'switchboard' } as const;
let site: Jira;
let now: number;

function systemOf(more: object = {}): TicketSystem {
  const places = { url: 'https://example.atlassian.net', serviceDeskId: '4', requestTypeId: '27', ...more };
  return jira({ call: callOf(site), credentials, tokenKey: 'jira', now: () => now, ...places });
}

async function created(system: TicketSystem): Promise<RemoteTicket> {
  const outcome = await system.create({ ...newTicket, fields: {} });
  if (outcome.kind !== 'done') throw new Error(outcome.reason);
  return outcome.value;
}

beforeEach(() => {
  now = 1_000_000;
  site = new Jira({ now: () => now });
});

describe('a ticket in Jira', () => {
  it('is a request with a label and an address for people', async () => {
    const ticket = await created(systemOf());
    expect(ticket).toEqual({
      ...{ id: '10001', key: 'SUP-1', status: 'Waiting for support' },
      url: 'https://example.atlassian.net/browse/SUP-1',
    });
    expect(site.issue('SUP-1').labels).toEqual([newTicket.correlation]);
  });

  it('is found by its label only after the search shows it, for which the service waits', async () => {
    const system = systemOf();
    site.server.trouble(() => ({ kind: 'lost-answer' }));
    expect(await system.create(newTicket)).toMatchObject({ kind: 'unknown' });
    site.server.trouble(undefined);
    expect(await system.findCreated(newTicket.correlation)).toEqual({ kind: 'done', value: undefined });
    now += system.searchDelayMs;
    expect(await system.findCreated(newTicket.correlation)).toMatchObject({ kind: 'done', value: { key: 'SUP-1' } });
  });

  it('gets comments that say whether they are public', async () => {
    const system = systemOf();
    const ticket = await created(system);
    const written = await system.comment(ticket, { text: `Hello [${marker}]`, isInternal: false, marker });
    await system.comment(ticket, { text: 'Secret [other]', isInternal: true, marker: 'other' });
    expect(site.issue('SUP-1').comments.map(({ isPublic }) => isPublic)).toEqual([true, false]);
    const [first] = site.issue('SUP-1').comments;
    expect(written).toEqual({ kind: 'done', value: { id: first?.id, account: 'account-switchboard' } });
    expect(await system.findComment(ticket, marker)).toEqual({ kind: 'done', value: { id: first?.id } });
    expect(await system.isInternal(ticket, 'other')).toEqual({ kind: 'done', value: true });
  });

  it('finds a comment on a later page', async () => {
    const system = systemOf();
    const ticket = await created(system);
    for (let count = 0; count < 150; count += 1) site.comment('SUP-1', `comment ${count}`);
    site.comment('SUP-1', `the one [${marker}]`);
    expect(await system.findComment(ticket, marker)).toMatchObject({
      kind: 'done',
      value: { id: expect.any(String) as string },
    });
  });

  it('moves by the name of a transition or of its status, if the workflow offers it', async () => {
    const system = systemOf();
    const ticket = await created(system);
    expect(await system.setStatus(ticket, 'closed', 'closed')).toMatchObject({ kind: 'rejected' });
    expect(await system.setStatus(ticket, 'resolved', 'resolved')).toEqual({ kind: 'done', value: 'Resolved' });
    expect(await system.setStatus(ticket, 'Reopen', 'active')).toEqual({ kind: 'done', value: 'Waiting for support' });
  });

  it('delays only the ticket with too many writes', async () => {
    const system = systemOf();
    const ticket = await created(system);
    const outcomes = [];
    for (let count = 0; count < 21; count += 1) {
      outcomes.push(await system.comment(ticket, { text: String(count), isInternal: false, marker }));
    }
    expect(outcomes.at(-1)).toMatchObject({ kind: 'later', reason: 'rate-limited', scope: 'ticket', afterMs: 2000 });
    site.server.trouble(() => ({
      ...{ kind: 'status', status: 429 },
      headers: { 'ratelimit-reason': 'jira-quota-tenant-based', 'x-ratelimit-reset': '1970-01-01T00:30:00Z' },
    }));
    expect(await system.read('SUP-1')).toMatchObject({ kind: 'later', scope: 'system', afterMs: 800_000 });
  });

  it.each(['', 'SUP', '../SUP-1', 'SUP-1/comment', 'SUP-99'])('is not read by %j', async (name) => {
    expect(await systemOf().read(name)).toMatchObject({ kind: 'rejected', reason: 'not-found' });
  });
});

describe('a site', () => {
  it('is tested without a change', async () => {
    expect((await systemOf().check()).map(({ check, ok }) => [check, ok])).toEqual([
      ['credentials', true],
      ['request type', true],
      ['fields', true],
    ]);
    const [, type] = await systemOf({ requestTypeId: '99' }).check();
    expect(type).toMatchObject({ ok: false });
    expect(site.issues).toEqual([]);
  });
});
