import { Agent, type IncomingMessage, request as httpRequest } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { expect } from 'vitest';
import type { Route } from '../../../shared/contract/kit/define-route.ts';
import { methodNotAllowed } from '../../../shared/contract/health/problems.ts';
import { notFound } from '../../../shared/contract/problems.ts';
import type { Role } from '../../../shared/contract/schemas/user.ts';
import { type OperationId, routeOf } from '../system/operations.ts';
import { progressOf, report } from '../system/report.ts';
import { type FuzzRequest, requestsOf } from './fuzz-request.ts';
import { type FuzzWorld, personOf } from './fuzz-world.ts';
import { complaintsOf, type FuzzAnswer, internalDetailsIn } from './judge.ts';
import { complaintsAbout, countOf, type FuzzScale, type Tally, tallyText } from './operations-under-fuzz.ts';

/** Statuses of requests that reach no function. */
const platformRefusals: ReadonlySet<number> = new Set([400, 401, 403, 404, 405, 413, 414, 431]);

export async function fuzzOverHttp(
  world: FuzzWorld,
  operationId: OperationId,
  { seed, cases }: FuzzScale,
): Promise<void> {
  const route = routeOf(operationId);
  const { test, existing, writer } = world;
  // A valid request could end the shared sessions.
  const requests = requestsOf(route, { writer, existing, goodOfThousand: 50 });
  const agent = new Agent({ keepAlive: true });
  const tally: Tally = new Map();
  const progress = progressOf(`fuzz ${operationId} over HTTP`, cases);

  const runCase = async (request: FuzzRequest): Promise<void> => {
    const answer = await sendOnceLetIn(() => send(test.url, agent, route, request, tokenOf(world, request.by)));
    const complaints = [...complaintsOverHttp(route, answer), ...complaintsAbout(world)];
    if (complaints.length > 0) {
      throw new Error(`${complaints.join('; ')}\nanswer: ${answer.status} ${answer.text.slice(0, 1_000)}`);
    }
    tally.set(String(answer.status), (tally.get(String(answer.status)) ?? 0) + 1);
    progress(countOf(tally));
  };
  try {
    await fc.assert(fc.asyncProperty(requests, runCase), { seed, numRuns: cases });
    await test.run.settled();
    expect(complaintsAbout(world)).toEqual([]);
  } finally {
    agent.destroy();
  }
  report(`  fuzz ${operationId} over HTTP: ${tallyText(tally)}`);
}

function tokenOf(world: FuzzWorld, role: Role | undefined): string | undefined {
  return role === undefined ? undefined : personOf(world, role).token;
}

function complaintsOverHttp(route: Route, answer: FuzzAnswer): string[] {
  const isOurs = answer.headers['x-request-id'] !== undefined;
  // A mutated path may belong to another operation.
  if (isOurs) return complaintsOf(route, answer, [notFound, methodNotAllowed]);
  const complaints = internalDetailsIn(answer.text, 'the answer');
  return platformRefusals.has(answer.status) ? complaints : [...complaints, `the platform answered ${answer.status}`];
}

const mostTurnedAway = 200;
const turnedAwayMs = 50;

/** Repeats a request that the platform's rate limit rejects. */
async function sendOnceLetIn(ask: () => Promise<FuzzAnswer>): Promise<FuzzAnswer> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await ask();
    const isTurnedAway = answer.status === 429 && answer.headers['x-request-id'] === undefined;
    if (!isTurnedAway || attempt === mostTurnedAway) return answer;
    await sleep(turnedAwayMs);
  }
}

/** Header values that Node can send. */
const sendable = /^[\t\x20-\x7e\x80-\xff]*$/;

async function send(
  url: string,
  agent: Agent,
  route: Route,
  { params, query, headers, body }: FuzzRequest,
  token: string | undefined,
): Promise<FuzzAnswer> {
  // An empty parameter or one of dots would change the path.
  const value = (text: string) => encodeURIComponent(text.toWellFormed().slice(0, 2_000)).replace(/^\.*$/, 'x');
  const path = route.path.replace(/\{(\w+)\}/g, (_, name: string) => value(params[name] ?? ''));
  const sent = { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...headers };
  const kept = Object.entries(sent).filter(([, text]) => sendable.test(text));
  const search = query.slice(0, 6_000).replace(/[^\x21-\x7e]/g, '');
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const options = { agent, method: route.method, path: search === '' ? path : `${path}?${search}` };
    const request = httpRequest(url, {
      ...options,
      headers: { ...Object.fromEntries(kept), 'content-length': body.length },
    });
    request.on('response', resolve).on('error', reject).end(body);
  });
  const text = (await buffer(response)).toString('utf8');
  return { status: response.statusCode ?? 0, headers: response.headers as Record<string, string>, text };
}
