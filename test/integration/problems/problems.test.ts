import * as z from 'zod/mini';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { problemsOfAction, problemsOfRoute } from '../../../shared/contract/documents/problems-of.ts';
import { problemBody, type ProblemDefinition, problemType } from '../../../shared/contract/kit/define-problem.ts';
import type { TestRun } from '../harness.ts';
import { connect } from '../people.ts';
import { call } from '../raw-client.ts';
import { actionNames, actionOf, type OperationId, operationIds, pathOf, routeOf } from '../system/operations.ts';
import { Faults } from '../system/faults.ts';
import { changesBetween, type StoredItem, Tables } from '../system/tables.ts';
import { declaredProvocations } from './declared-provocations.ts';
import { declaredFrameProvocations, goodFrames, impliedFrameProvocations } from './frame-provocations.ts';
import { goodRequests } from './good-requests.ts';
import { impliedProvocations, send } from './implied-provocations.ts';
import type { FrameProvocation, Provocation } from './provocation.ts';
import { newMessage, setStage, type Stage, startStage } from './stage.ts';

let test: TestRun;
let stage: Stage;

beforeAll(async () => {
  const faults = new Faults();
  test = await startStage(faults);
  stage = await setStage(test, new Tables(test.run), faults);
  await send(stage, 'sendMessage', { body: newMessage() });
  await send(stage, 'sendMessage', { body: newMessage() });
}, 120_000);

afterAll(() => test.stop());

interface OperationProblem {
  readonly operationId: OperationId;
  readonly problem: ProblemDefinition;
}

const operationProblems: readonly OperationProblem[] = operationIds.flatMap((operationId) =>
  problemsOfRoute(routeOf(operationId)).map((problem) => ({ operationId, problem })),
);
const actionProblems = actionNames.flatMap((action) =>
  problemsOfAction(actionOf(action)).map((problem) => ({ action, problem })),
);

/** Its own provocation, or the one of all operations that can answer the problem. */
function provocationOf({ operationId, problem }: OperationProblem): Provocation {
  const declared: Readonly<Record<string, Provocation>> = declaredProvocations[operationId];
  const implied: Readonly<Record<string, (operationId: OperationId) => Provocation>> = impliedProvocations;
  const provocation = declared[problem.name] ?? implied[problem.name]?.(operationId);
  if (provocation === undefined) throw new Error(`Nobody provokes ${problem.name} of ${operationId}`);
  return provocation;
}

/** What is stored, but for what changes with every request that is let in: who tried how often, and who is connected. */
const lasting = ({ pk, sk }: StoredItem) => !pk.includes('ATTEMPTS#') && sk !== 'CONNECTIONS';

async function unchangedBy<Result>(expected: boolean, work: () => Promise<Result>): Promise<Result> {
  if (!expected) return work();
  await test.run.settled();
  const before = await stage.tables.dump(lasting);
  const result = await work();
  await test.run.settled();
  expect(changesBetween(before, await stage.tables.dump(lasting))).toEqual([]);
  return result;
}

function expectProblem(body: unknown, problem: ProblemDefinition, pointers: readonly string[] = []): void {
  const parsed = problemBody.parse(body);
  const { name, code, status, title, retryable } = problem;
  expect(parsed).toMatchObject({ type: problemType(name), code, status, title, retryable });
  expect(parsed.detail.length).toBeGreaterThan(10);
  expect(parsed.requestId).toMatch(/^.{8,}$/);
  expect((parsed.errors ?? []).map(({ pointer }) => pointer).sort()).toEqual([...pointers].sort());
  for (const error of parsed.errors ?? []) expect(error.detail).toMatch(/\w/);
  if (parsed.retryAfterMs !== undefined) expect(retryable).toBe(true);
}

describe('every problem of every operation can be met', () => {
  it.each(operationProblems.map((one) => ({ ...one, name: `${one.operationId} ${one.problem.name}` })))(
    '$name',
    async ({ operationId, problem }) => {
      const { provoke, pointers, changes } = provocationOf({ operationId, problem });
      const answer = await unchangedBy(changes === undefined, () => provoke(stage));
      expect(answer.body?.code, answer.text).toBe(problem.code);
      expect(answer.status).toBe(problem.status);
      expect(answer.headers.get('content-type')).toBe('application/problem+json');
      expectProblem(answer.body, problem, pointers);
      expect(answer.body.requestId).toBe(answer.headers.get('x-request-id'));
      expect(answer.body.instance).toMatch(
        new RegExp(`^${routeOf(operationId).path.replaceAll(/\{\w+\}/g, '[^/]+')}$`),
      );
      expect(answer.headers.get('www-authenticate')).toBe(problem.status === 401 ? 'Bearer' : null);
      const retryAfter = answer.headers.get('retry-after');
      const { retryAfterMs } = answer.body;
      expect(retryAfter).toBe(retryAfterMs === undefined ? null : String(Math.ceil(retryAfterMs / 1000)));
    },
    60_000,
  );
});

describe('every problem of every action can be met', () => {
  it.each(actionProblems.map((one) => ({ ...one, name: `${one.action} ${one.problem.name}` })))(
    '$name',
    async ({ action, problem }) => {
      const declared: Readonly<Record<string, FrameProvocation>> = declaredFrameProvocations[action];
      const implied: Readonly<Record<string, (name: typeof action) => FrameProvocation>> = impliedFrameProvocations;
      const provocation = declared[problem.name] ?? implied[problem.name]?.(action);
      if (provocation === undefined) throw new Error(`Nobody provokes ${problem.name} of ${action}`);
      const answer = await unchangedBy(provocation.changes === undefined, () => provocation.provoke(stage));
      expect(answer.type, JSON.stringify(answer)).toBe('error');
      expectProblem(answer.problem, problem, provocation.pointers);
    },
    60_000,
  );
});

/** A value that the field refuses as a whole, whatever it takes. */
function ofAnotherType(schema: z.core.$ZodType | undefined): unknown {
  if (schema === undefined) throw new Error('There is no such field');
  const refused = [{ of: 'another type' }, 7, 'another type'].find((value) => {
    const issues = z.safeParse(schema, value).error?.issues ?? [];
    return issues.some(({ path, code }) => path.length === 0 && code !== 'unrecognized_keys');
  });
  if (refused === undefined) throw new Error('The field takes everything');
  return refused;
}

describe('every field of a body', () => {
  const withBody = operationIds.filter((operationId) => routeOf(operationId).body !== undefined);

  it.each(withBody)('of %s is named when it is of another type', async (operationId) => {
    const { body } = goodRequests[operationId](stage);
    for (const name of Object.keys(routeOf(operationId).body?.shape ?? {})) {
      const wrong = ofAnotherType(routeOf(operationId).body?.shape[name]);
      const answer = await send(stage, operationId, { body: { ...body, [name]: wrong } });
      expect(answer, `${name}: ${answer.text}`).toMatchObject({ status: 422, body: { code: 'VALIDATION_FAILED' } });
      const pointers = answer.body.errors.map((error: { pointer: string }) => error.pointer) as string[];
      expect(pointers).toContain(`/body/${name}`);
      expect(answer.text).not.toContain('another type');
    }
  });

  it.each(withBody)('of %s is refused when nobody knows it, however many there are', async (operationId) => {
    const { body } = goodRequests[operationId](stage);
    const more = { __proto__x: 1, constructor: 2, 'a~b/c': 3 };
    const answer = await send(stage, operationId, { body: { ...body, ...more } });
    expect(answer, answer.text).toMatchObject({ status: 422, body: { code: 'VALIDATION_FAILED' } });
    const pointers = answer.body.errors.map((error: { pointer: string }) => error.pointer);
    expect(pointers.sort()).toEqual(['/body/__proto__x', '/body/a~0b~1c', '/body/constructor']);
  });

  it.each(withBody)('of %s that is no object is refused', async (operationId) => {
    for (const raw of ['[]', '"text"', 'null', '7']) {
      const answer = await send(stage, operationId, { raw: { raw } });
      expect(answer, raw).toMatchObject({ status: 422, body: { errors: [{ pointer: '/body' }] } });
    }
  });
});

describe('every field of a frame', () => {
  it.each(actionNames)('%s is named when it is of another type', async (name) => {
    const socket = await connect(test, stage.alice);
    for (const field of Object.keys(actionOf(name).data.shape)) {
      const wrong = ofAnotherType((actionOf(name).data.shape as Record<string, z.core.$ZodType>)[field]);
      const answer = await socket.request(name, { ...goodFrames[name](stage), [field]: wrong });
      expect(answer).toMatchObject({ type: 'error', problem: { code: 'VALIDATION_FAILED' } });
      const pointers = answer.problem.errors.map((error: { pointer: string }) => error.pointer);
      expect(pointers).toContain(`/data/${field}`);
    }
    await socket.close();
  });
});

describe('a request without a route', () => {
  it.each([
    ['DELETE', '/api/v1/users/me', 405],
    ['PUT', '/api/v1/users/me', 405],
    ['POST', '/healthz', 405],
    ['GET', '/api/v1/auth/login', 405],
    ['OPTIONS', '/api/v1/users/me', 405],
    ['GET', '/api/v1/nothing', 404],
    ['GET', '/api/v1/', 404],
    ['GET', '/api/v2/users/me', 404],
    ['GET', '/api/v1/users/me/', 404],
    ['GET', '/api/v1//users/me', 404],
    ['POST', '/api/v1/conversations//messages', 404],
  ])('%s %s is a problem document, with and without a session', async (method, path, status) => {
    for (const token of [undefined, stage.alice.token]) {
      const answer = await call(test.url, method, path, { token });
      expect(answer.status).toBe(status);
      expect(answer.headers.get('content-type')).toBe('application/problem+json');
      expect(answer.headers.has('allow')).toBe(status === 405);
      const code = status === 405 ? 'METHOD_NOT_ALLOWED' : 'NOT_FOUND';
      expect(answer.body).toMatchObject({ code, instance: path, retryable: false });
    }
  });
});

describe('a path parameter', () => {
  const withParameters = operationIds.filter((operationId) => Object.keys(routeOf(operationId).params).length > 0);

  it.each(withParameters)('of %s is named when it is wrong', async (operationId) => {
    const route = routeOf(operationId);
    const { by, params, body } = goodRequests[operationId](stage);
    for (const name of Object.keys(route.params)) {
      const path = pathOf(route, { params: { ...params, [name]: '~wrong/' } });
      const answer = await call(test.url, route.method, path, {
        token: by.token,
        ...(body === undefined ? {} : { body }),
      });
      expect(answer, answer.text).toMatchObject({ status: 422, body: { errors: [{ pointer: `/path/${name}` }] } });
    }
  });
});
