import type { Context } from 'aws-lambda';
import { afterEach, describe, expect, it, vi } from 'vitest';
import * as z from 'zod/mini';
import { defineRoute, routeKey } from '../contract/kit/define-route.ts';
import { conversationNotFound } from '../contract/problems.ts';
import { conversationId } from '../contract/schemas/ids.ts';
import { refuse } from '../core/refusal.ts';
import type { UseCase } from '../core/use-case.ts';
import { serve } from './http.ts';

const route = defineRoute({
  operationId: 'getLamp',
  method: 'GET',
  path: '/lamps/{conversationId}',
  access: 'public',
  summary: 'Get a lamp',
  params: { conversationId },
  responses: { 200: z.object({}) },
  problems: [],
  idempotent: 'safe',
});
const handler = serve([route], { getLamp: () => Promise.resolve({}) });

afterEach(() => vi.restoreAllMocks());

async function logOf(text: string): Promise<string> {
  const lines: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((line) => lines.push(String(line)) > 0);
  const event = {
    routeKey: routeKey(route),
    rawPath: `/lamps/${text}`,
    rawQueryString: '',
    headers: {},
    pathParameters: { conversationId: text },
    requestContext: { requestId: 'r', http: { sourceIp: '192.0.2.1', userAgent: '' } },
  };
  await (handler as (event: unknown, context: Context) => Promise<unknown>)(event, {} as Context);
  return lines.join('');
}

describe('the log line of a request', () => {
  it('names the conversation', async () => {
    expect(await logOf('01KAJ72N4DF7H0J3M6P9R2T5VW')).toContain('"conversationId":"01KAJ72N4DF7H0J3M6P9R2T5VW"');
  });

  it('omits a path parameter that is not the id of a conversation', async () => {
    const log = await logOf('alice@people.test');
    expect(log).toContain('"operation":"getLamp"');
    expect(log).not.toContain('alice');
  });
});

describe('a use case', () => {
  const changeLamp = defineRoute({
    operationId: 'changeLamp',
    method: 'PATCH',
    path: '/lamps/{conversationId}',
    access: 'public',
    summary: 'Change a lamp',
    params: { conversationId },
    query: z.strictObject({ dryRun: z.optional(z.string()) }),
    body: z.strictObject({ name: z.string() }),
    responses: { 202: z.object({ name: z.string() }) },
    problems: [conversationNotFound],
    idempotent: 'yes',
  });
  const answerOf = async (useCase: UseCase<typeof changeLamp>) => {
    const event = {
      routeKey: routeKey(changeLamp),
      rawPath: '/lamps/01KAJ72N4DF7H0J3M6P9R2T5VW',
      rawQueryString: 'dryRun=yes',
      queryStringParameters: { dryRun: 'yes' },
      headers: { 'content-type': 'application/json' },
      pathParameters: { conversationId: '01KAJ72N4DF7H0J3M6P9R2T5VW' },
      body: '{"name":"lamp"}',
      requestContext: { requestId: 'r', http: { method: 'PATCH', sourceIp: '192.0.2.1', userAgent: '' } },
    };
    vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    const serving = serve([changeLamp], { changeLamp: useCase }) as (
      event: unknown,
      context: Context,
    ) => Promise<unknown>;
    const { statusCode, body } = (await serving(event, {} as Context)) as { statusCode: number; body: string };
    return { statusCode, body: JSON.parse(body) as unknown };
  };

  it('receives path, query and body in one object, and the client’s address', async () => {
    let call: unknown;
    await answerOf(async (...received) => {
      call = received;
      return { name: 'lamp' };
    });
    expect(call).toEqual([
      { conversationId: '01KAJ72N4DF7H0J3M6P9R2T5VW', dryRun: 'yes', name: 'lamp' },
      { sourceIp: '192.0.2.1' },
    ]);
  });

  it('returns the body of the route’s success', async () => {
    expect(await answerOf(async ({ name }) => ({ name }))).toEqual({ statusCode: 202, body: { name: 'lamp' } });
  });

  it('points to members of its input, which become pointers into the request', async () => {
    const errors = ['/conversationId', '/dryRun', '/name'].map((pointer) => ({ pointer, code: 'c', detail: 'd' }));
    const { statusCode, body } = await answerOf(async () => refuse(conversationNotFound, { errors }));
    expect(statusCode).toBe(404);
    expect(body).toMatchObject({
      errors: [{ pointer: '/path/conversationId' }, { pointer: '/query/dryRun' }, { pointer: '/body/name' }],
    });
  });
});

describe('a request without a route', () => {
  const statusOf = async (method: string, headers: Record<string, string>): Promise<unknown> => {
    const event = {
      routeKey: '$default',
      rawPath: '/lamps',
      headers,
      requestContext: { requestId: 'r', http: { method, sourceIp: '192.0.2.1', userAgent: '' } },
    };
    vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    const answer = await (handler as (event: unknown, context: Context) => Promise<unknown>)(event, {} as Context);
    return (answer as { statusCode: number }).statusCode;
  };
  const preflight = { origin: 'https://app.example.org', 'access-control-request-method': 'POST' };

  it('succeeds when it is a browser’s preflight request', async () => {
    expect(await statusOf('OPTIONS', preflight)).toBe(204);
  });

  it('gets 404 when it is not a preflight request', async () => {
    expect(await statusOf('OPTIONS', { origin: preflight.origin })).toBe(404);
    expect(await statusOf('POST', preflight)).toBe(404);
  });
});
