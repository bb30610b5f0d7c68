import { describe, expect, it } from 'vitest';
import { newTicket } from './far-system-test-builders.ts';
import { rest } from './rest.ts';
import type { SystemAnswer, SystemRequest } from './ticket-system.ts';

type System = Parameters<typeof rest>[0];

const described: System = {
  kind: 'rest',
  url: 'https://tickets.example.com',
  auth: { type: 'header', name: 'X-API-Key' },
  create: { method: 'POST', path: '/tickets', body: '{"title":"{{subject}}","ref":"{{correlation}}"}' },
  comment: {
    method: 'POST',
    path: '/tickets/{{ticket.id}}/comments',
    body: '{"text":"{{text}}","internal":{{internal}}}',
  },
  setStatus: { method: 'PUT', path: '/tickets/{{ticket.id}}', body: '{"status":"{{status}}"}' },
  search: '/tickets?ref={{correlation}}',
  idPointer: '/data/id',
  urlPointer: '/data/url',
  success: { pointer: '/result', equals: 'ok' },
  idempotencyHeader: 'Idempotency-Key',
};

/** Answers each request with the next answer, and keeps the requests. */
function systemWith(system: System, ...answers: readonly SystemAnswer[]) {
  const requests: SystemRequest[] = [];
  const call = (request: SystemRequest): Promise<SystemAnswer> => {
    requests.push(request);
    return Promise.resolve(answers[requests.length - 1] ?? { answered: false, error: 'reset' });
  };
  const credentials = { type: 'header', name: 'X-API-Key', value: 'key' } as const;
  return { requests, system: rest(system, { call, credentials, tokenKey: 'rest', now: () => 0 }) };
}

const answer = (body: object, status = 200): SystemAnswer => {
  return { answered: true, status, headers: {}, body: JSON.stringify(body) };
};
const done = answer({ result: 'ok', data: { id: 4711, url: 'https://tickets.example.com/4711' } });

describe('a system that templates describe', () => {
  it('gets a ticket with escaped values, its key and the credentials', async () => {
    const { system, requests } = systemWith(described, done);
    expect(await system.create(newTicket)).toEqual({
      kind: 'done',
      value: { id: '4711', key: '4711', url: 'https://tickets.example.com/4711', status: undefined },
    });
    const [request] = requests;
    expect(request).toMatchObject({
      ...{ method: 'POST', url: 'https://tickets.example.com/tickets' },
      headers: { 'x-api-key': 'key', 'idempotency-key': newTicket.correlation, 'content-type': 'application/json' },
    });
    expect(JSON.parse(request?.body ?? '')).toEqual({ title: 'I "cannot" log in', ref: newTicket.correlation });
  });

  it('rejects a ticket if the answer does not contain what a success contains', async () => {
    const { system } = systemWith(described, answer({ result: 'denied', data: { id: 1 } }));
    expect(await system.create(newTicket)).toMatchObject({ kind: 'rejected', reason: 'rejected' });
  });

  it('shows no address but a secure one', async () => {
    const { system } = systemWith(described, answer({ result: 'ok', data: { id: 1, url: 'javascript:alert(1)' } }));
    expect(await system.create(newTicket)).toMatchObject({ kind: 'done', value: { url: undefined } });
  });

  it('gets comments and statuses at paths of the ticket', async () => {
    const { system, requests } = systemWith(described, done, done);
    const ticket = { id: 'a/b', key: 'k' };
    await system.comment(ticket, { text: 'Hello\n"you"', isInternal: true, marker: 'm' });
    await system.setStatus(ticket, 'done', 'resolved');
    expect(requests.map(({ url, body }) => [url, JSON.parse(body ?? '') as unknown])).toEqual([
      ['https://tickets.example.com/tickets/a%2Fb/comments', { text: 'Hello\n"you"', internal: true }],
      ['https://tickets.example.com/tickets/a%2Fb', { status: 'done' }],
    ]);
  });

  it('searches for a ticket whose answer was lost', async () => {
    const found = systemWith(described, done);
    expect(await found.system.findCreated('sb-a')).toMatchObject({ kind: 'done', value: { id: '4711' } });
    const missing = systemWith(described, answer({}, 404));
    expect(await missing.system.findCreated('sb-a')).toEqual({ kind: 'done', value: undefined });
  });

  it('never repeats a creation that it can neither find nor recognise', async () => {
    const { search: _search, idempotencyHeader: _header, ...blind } = described;
    const { system, requests } = systemWith(blind);
    expect(await system.findCreated('sb-a')).toMatchObject({ kind: 'rejected', reason: 'no-answer' });
    expect(requests).toEqual([]);
  });

  it('says in a test that a template does not give JSON', async () => {
    const broken = { ...described, create: { ...described.create, body: '{"a":{{subject}}}' } };
    const [template] = await systemWith(broken, done).system.check();
    expect(template).toMatchObject({ check: 'template', ok: false });
  });
});
