import { beforeEach, describe, expect, it } from 'vitest';
import { ServiceNow } from '../../../../local/far-sides/service-now.ts';
import { callOf, marker, newTicket } from './far-system-test-builders.ts';
import { serviceNow } from './service-now.ts';
import type { Credentials } from './session.ts';
import type { RemoteTicket, TicketSystem } from './ticket-system.ts';

const basic: Credentials = { type: 'basic', username: 'switchboard', password: 'switchboard' };
const url = 'https://example.service-now.com';
let instance: ServiceNow;
let keys = 0;

function systemWith(credentials: Credentials = basic, now: () => number = () => 0): TicketSystem {
  keys += 1;
  return serviceNow({ call: callOf(instance), credentials, tokenKey: String(keys), now, url, table: 'incident' });
}

async function created(system: TicketSystem): Promise<RemoteTicket> {
  const outcome = await system.create(newTicket);
  if (outcome.kind !== 'done') throw new Error(outcome.reason);
  return outcome.value;
}

beforeEach(() => {
  instance = new ServiceNow();
});

describe('a ticket in ServiceNow', () => {
  it('has the fields, the mark, and an address for people', async () => {
    const { id, key, url: page, status } = await created(systemWith());
    expect(instance.incident(key)).toMatchObject({
      sysId: id,
      fields: {
        short_description: 'I cannot log in',
        description: 'My account is locked.',
        category: 'access',
        correlation_id: newTicket.correlation,
      },
    });
    expect(await systemWith().comment({ id, key }, { text: 'a', isInternal: true, marker: 'm' })).toEqual({
      kind: 'done',
      value: { account: 'switchboard' },
    });
    expect([page, status]).toEqual([`${url}/nav_to.do?uri=${encodeURIComponent(`/incident.do?sys_id=${id}`)}`, '1']);
  });

  it('is found by its mark after its answer was lost', async () => {
    const system = systemWith();
    instance.server.trouble(() => ({ kind: 'lost-answer' }));
    expect(await system.create(newTicket)).toMatchObject({ kind: 'unknown', scope: 'system' });
    instance.server.trouble(undefined);
    expect(await system.findCreated(newTicket.correlation)).toMatchObject({
      kind: 'done',
      value: { key: instance.incidents[0]?.number },
    });
    expect(await system.findCreated('sb-other')).toEqual({ kind: 'done', value: undefined });
  });

  it('gets public and internal comments, which are found by their marks', async () => {
    const system = systemWith();
    const ticket = await created(system);
    expect(await system.findComment(ticket, marker)).toEqual({ kind: 'done', value: undefined });
    await system.comment(ticket, { text: `Hello [${marker}]`, isInternal: false, marker });
    await system.comment(ticket, { text: 'Secret [other]', isInternal: true, marker: 'other' });
    expect(instance.incident(ticket.key).journal).toMatchObject([
      { element: 'comments', value: `Hello [${marker}]` },
      { element: 'work_notes', value: 'Secret [other]' },
    ]);
    expect(await system.findComment(ticket, marker)).toMatchObject({
      kind: 'done',
      value: { id: expect.any(String) as string },
    });
    expect(await system.isInternal(ticket, marker)).toEqual({ kind: 'done', value: false });
    expect(await system.isInternal(ticket, 'other')).toEqual({ kind: 'done', value: true });
  });

  it('is resolved with a code and notes, without which the instance rejects it', async () => {
    const system = systemWith();
    const ticket = await created(system);
    expect(await system.setStatus(ticket, '6', 'resolved')).toMatchObject({ kind: 'rejected', status: 403 });
    expect(await system.setStatus(ticket, '6|Solved|Done', 'resolved')).toEqual({ kind: 'done', value: '6' });
    expect(instance.incident(ticket.key).fields).toMatchObject({ close_code: 'Solved', close_notes: 'Done' });
  });

  it('is read by its number and by its id', async () => {
    const system = systemWith();
    const ticket = await created(system);
    for (const name of [ticket.id, ticket.key]) {
      expect(await system.read(name)).toMatchObject({ kind: 'done', value: { id: ticket.id } });
    }
    for (const name of ['INC9999999', 'a^ORactive=true', '', 'f'.repeat(32)]) {
      expect(await system.read(name)).toMatchObject({ kind: 'rejected', reason: 'not-found' });
    }
  });

  it('rejects comments when its ticket was deleted', async () => {
    const system = systemWith();
    const ticket = await created(system);
    instance.incidents.length = 0;
    expect(await system.comment(ticket, { text: 'Hello', isInternal: false, marker })).toMatchObject({
      ...{ kind: 'rejected', reason: 'not-found', status: 404 },
      detail: expect.stringContaining('No Record found') as string,
    });
  });
});

describe('an instance', () => {
  it('says when to continue when it limits requests', async () => {
    instance = new ServiceNow({ hourlyLimit: 1, now: () => 1_800_000 });
    const system = systemWith(basic, () => 1_800_000);
    await created(system);
    expect(await system.create(newTicket)).toEqual({
      ...{ kind: 'later', reason: 'rate-limited', scope: 'system', status: 429 },
      afterMs: 1_800_000,
    });
  });

  it('gives a token for client credentials, and another one once that is rejected', async () => {
    const oauth: Credentials = {
      ...{ type: 'oauth', tokenUrl: `${url}/oauth_token.do` },
      ...{ clientId: 'switchboard-client', clientSecret: 'switchboard-secret' },
    };
    const system = systemWith(oauth);
    await created(system);
    await created(system);
    const tokens = () => instance.server.requests.filter(({ path }) => path === '/oauth_token.do').length;
    expect(tokens()).toBe(1);
    let rejections = 0;
    instance.server.trouble(({ path }) => {
      if (path === '/oauth_token.do' || rejections > 0) return undefined;
      rejections += 1;
      return { kind: 'status', status: 401 };
    });
    await created(system);
    expect([tokens(), instance.incidents.length]).toEqual([2, 3]);
  });

  it.each([
    [{ type: 'basic', username: 'switchboard', password: 'wrong' }],
    [{ type: 'oauth', tokenUrl: `${url}/oauth_token.do`, clientId: 'switchboard-client', clientSecret: 'wrong' }],
  ] as const)('stops all tickets when it rejects the credentials %j', async (credentials) => {
    const outcome = await systemWith(credentials).create(newTicket);
    expect(outcome).toMatchObject({ kind: 'later', reason: 'unauthorized', scope: 'system' });
  });

  it('is tested without a change', async () => {
    expect((await systemWith().check()).map(({ check, ok }) => [check, ok])).toEqual([
      ['credentials', true],
      ['table', true],
      ['journal', true],
    ]);
    const wrong = await systemWith({ ...basic, password: 'wrong' }).check();
    expect(wrong[0]).toMatchObject({ ok: false, detail: expect.stringContaining('credentials') as string });
    expect(instance.incidents).toEqual([]);
  });
});
