import * as z from 'zod/mini';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { problemsOfAction, problemsOfRoute } from '../../../shared/contract/documents/problems-of.ts';
import type { ProblemDefinition } from '../../../shared/contract/kit/define-problem.ts';
import { conversationBusy, internalError, serviceBusy } from '../../../shared/contract/problems.ts';
import { sendMessage } from '../../../shared/contract/messages/send-message.ts';
import { frameCards, nameOf, operationCards } from '../../operations/kit/cards.ts';
import type { Crash, OperationCard } from '../../operations/kit/define-card.ts';
import { sampled } from '../../faults/scale.ts';
import type { TestRun } from '../harness.ts';
import { connect } from '../people.ts';
import { call } from '../raw-client.ts';
import { Faults } from '../system/faults.ts';
import { newMessage } from '../system/new-message.ts';
import { pathOf } from '../system/operations.ts';
import { report } from '../system/report.ts';
import { changesBetween, type StoredItem, type TableDump, Tables } from '../system/tables.ts';
import { expectAnswer, expectFrame, expectOutcomes } from './expect-problem.ts';
import { impliedFrameProvocations } from './implied-frame-provocations.ts';
import { impliedProvocations } from './implied-provocations.ts';
import type { FrameProvocation, Provocation } from './provocation.ts';
import { provokedAction } from './send-frame.ts';
import { provoked, sendRequest } from './send-request.ts';
import { inConversation, setStage, type Stage, startStage } from './stage.ts';

let test: TestRun;
let stage: Stage;

beforeAll(async () => {
  const faults = new Faults();
  test = await startStage(faults);
  stage = await setStage(test, new Tables(test.run), faults);
  for (let count = 0; count < 2; count += 1) {
    await sendRequest(stage, sendMessage, { ...inConversation(stage), body: newMessage() });
  }
}, 120_000);

afterAll(() => test.stop());

function provocationsOf<Way extends Provocation | FrameProvocation>(
  name: string,
  problems: readonly ProblemDefinition[],
  declared: Readonly<Record<string, Way>>,
  implied: Readonly<Record<string, Way>>,
) {
  return problems.map((problem) => {
    const own = declared[problem.name];
    const provocation = own ?? implied[problem.name];
    if (provocation === undefined) throw new Error(`${name} has no provocation for ${problem.name}`);
    return { name: `${name} ${problem.name}`, problem, provocation, isImplied: own === undefined };
  });
}

interface ChosenBy {
  readonly problem: ProblemDefinition;
  readonly isImplied: boolean;
}

/**
 * One in eight. Fewer of the problems that one part of the code answers for all operations, and of those of contended
 * logs: a contended function fails only after many attempts.
 */
function todaysOf<Row extends ChosenBy>(rows: readonly Row[]): readonly Row[] {
  const isAlike = ({ problem, isImplied }: Row) => isImplied || problem.name === conversationBusy.name;
  const others = rows.filter((row) => !isAlike(row));
  // At least one of each problem, because some tests have one problem as their subject.
  const alike = [...Map.groupBy(rows.filter(isAlike), ({ problem }) => problem.name).values()];
  return [...sampled(others, 8), ...alike.flatMap((rowsOfOne) => sampled(rowsOfOne, Math.min(20, rowsOfOne.length)))];
}

const allOfOperations = operationCards.flatMap((card) => {
  const { route, goodRequest, problems } = card;
  const all = provocationsOf(nameOf(card), problemsOfRoute(route), problems, impliedProvocations(goodRequest));
  return all.map((one) => ({ ...one, card }));
});
const allOfActions = frameCards.flatMap((card) => {
  const { action, problems } = card;
  const all = provocationsOf(nameOf(card), problemsOfAction(action), problems, impliedFrameProvocations(action.action));
  return all.map((one) => ({ ...one, card }));
});
const operationProblems = todaysOf(allOfOperations);
const actionProblems = todaysOf(allOfActions);
report(`problems: ${operationProblems.length} of operations, ${actionProblems.length} of actions`);

/** Every accepted request changes attempts and connections. */
const lasting = ({ pk, sk }: StoredItem) => !pk.includes('ATTEMPTS#') && sk !== 'CONNECTIONS';

/** After the latest test that changed none. */
let latest: TableDump | undefined;

async function unchangedBy<Result>(expected: boolean, work: () => Promise<Result>): Promise<Result> {
  if (!expected) {
    latest = undefined;
    return work();
  }
  const before = latest ?? (await settledItems());
  latest = undefined;
  const result = await work();
  const after = await settledItems();
  expect(changesBetween(before, after)).toEqual([]);
  latest = after;
  return result;
}

async function settledItems(): Promise<TableDump> {
  await test.run.settled();
  return stage.tables.dump(lasting);
}

// Must precede the provocations, which leave entries that no operation would write.
describe('an operation or action that writes nothing', () => {
  const reads = ({ crash }: { readonly crash: Crash }) => 'writesNothing' in crash;

  it.each(operationCards.filter(reads).map((card) => [nameOf(card), card] as const))(
    'leaves all items as they are: %s',
    async (_, card) => {
      const answer = await unchangedBy(true, () => provoked(card, stage).send());
      expect(answer.status, answer.text).toBeLessThan(300);
    },
  );

  it.each(frameCards.filter(reads).map((card) => [nameOf(card), card] as const))(
    'leaves all items as they are: %s',
    async (_, card) => {
      const answer = await unchangedBy(true, () => provokedAction(card, stage).send());
      expect(answer.type, JSON.stringify(answer)).not.toBe('error');
    },
  );
});

type OperationProblem = (typeof operationProblems)[number];
type ActionProblem = (typeof actionProblems)[number];
type Row = OperationProblem | ActionProblem;
const failures: readonly string[] = [internalError.name, serviceBusy.name];
const isOfFailure = ({ problem }: Row) => failures.includes(problem.name);
const isOfRequest = (row: Row) => !isOfFailure(row);

describe('every problem of every operation', () => {
  it.each(operationProblems.filter(isOfRequest))(
    'is answered as declared: $name',
    async ({ card, problem, provocation }) => {
      const { provoke, changes } = provocation;
      const answer = await unchangedBy(changes === undefined, () => provoke(stage, provoked(card, stage)));
      expectAnswer(card, problem, provocation, answer);
    },
    60_000,
  );
});

describe('every problem of every action', () => {
  it.each(actionProblems.filter(isOfRequest))(
    'is answered as declared: $name',
    async ({ card, problem, provocation }) => {
      const { provoke, changes } = provocation;
      const answer = await unchangedBy(changes === undefined, () => provoke(stage, provokedAction(card, stage)));
      expectFrame(problem, provocation, answer);
    },
    60_000,
  );
});

// The tests run concurrently, because the SDK pauses for seconds between its attempts. The groups run in sequence,
// because their faults differ.
describe.each(failures)('%s, when every call of the function fails,', (name) => {
  const isOfGroup = ({ problem }: Row) => problem.name === name;
  let before: TableDump;

  beforeAll(async () => {
    // New environments have cached nothing.
    await test.run.functions.recycle();
    before = await settledItems();
  });

  describe('as the problem of an operation', () => {
    it.concurrent.each(operationProblems.filter(isOfGroup))(
      'is answered as declared: $name',
      async ({ card, problem, provocation }) => {
        const answer = await provocation.provoke(stage, provoked(card, stage));
        if (card.hasOutcomes === true) expectOutcomes(problem, answer);
        else expectAnswer(card, problem, provocation, answer);
      },
      60_000,
    );
  });

  describe('as the problem of an action', () => {
    it.concurrent.each(actionProblems.filter(isOfGroup))(
      'is answered as declared: $name',
      async ({ card, problem, provocation }) =>
        expectFrame(problem, provocation, await provocation.provoke(stage, provokedAction(card, stage))),
      60_000,
    );
  });

  it('leaves all items as they are', async () => {
    expect(changesBetween(before, await settledItems())).toEqual([]);
  });
});

function ofAnotherType(schema: z.core.$ZodType | undefined): unknown {
  if (schema === undefined) throw new Error('The field does not exist');
  const rejected = [{ of: 'another type' }, 7, 'another type'].find((value) => {
    const issues = z.safeParse(schema, value).error?.issues ?? [];
    return issues.some(({ path, code }) => path.length === 0 && code !== 'unrecognized_keys');
  });
  if (rejected === undefined) throw new Error('The field accepts everything');
  return rejected;
}

describe('every field of a body', () => {
  const withBody = operationCards.filter(({ route }) => route.body !== undefined);
  const named = sampled(withBody, 6).map((card) => [nameOf(card), card] as const);

  it.each(named)('is named when it has another type: %s', async (_, card) => {
    const { body } = card.goodRequest(stage);
    for (const [name, schema] of Object.entries(card.route.body?.shape ?? {})) {
      const answer = await provoked(card, stage).send({ body: { ...body, [name]: ofAnotherType(schema) } });
      expect(answer, `${name}: ${answer.text}`).toMatchObject({ status: 422, body: { code: 'VALIDATION_FAILED' } });
      const pointers = answer.body.errors.map((error: { pointer: string }) => error.pointer) as string[];
      expect(pointers).toContain(`/body/${name}`);
      expect(answer.text).not.toContain('another type');
    }
  });

  it.each(named)('is rejected when it is unknown, no matter how many fields are: %s', async (_, card) => {
    const { body } = card.goodRequest(stage);
    const more = { __proto__x: 1, constructor: 2, 'a~b/c': 3 };
    const answer = await provoked(card, stage).send({ body: { ...body, ...more } });
    expect(answer, answer.text).toMatchObject({ status: 422, body: { code: 'VALIDATION_FAILED' } });
    const pointers = answer.body.errors.map((error: { pointer: string }) => error.pointer);
    expect(pointers.sort()).toEqual(['/body/__proto__x', '/body/a~0b~1c', '/body/constructor']);
  });

  it.each(named)('is rejected with its body when the body is not an object: %s', async (_, card) => {
    for (const raw of ['[]', '"text"', 'null', '7']) {
      const answer = await provoked(card, stage).send({ raw: { raw } });
      expect(answer, raw).toMatchObject({ status: 422, body: { errors: [{ pointer: '/body' }] } });
    }
  });
});

describe('every field of a frame', () => {
  it.each(frameCards.map((card) => [nameOf(card), card] as const))(
    'is named when it has another type: %s',
    async (_, { action, goodFrame }) => {
      const socket = await connect(test, stage.alice);
      for (const [field, schema] of Object.entries(action.data.shape)) {
        const data = { ...goodFrame(stage), [field]: ofAnotherType(schema) };
        const answer = await socket.request(action.action, data);
        expect(answer).toMatchObject({ type: 'error', problem: { code: 'VALIDATION_FAILED' } });
        const pointers = answer.problem.errors.map((error: { pointer: string }) => error.pointer);
        expect(pointers).toContain(`/data/${field}`);
      }
      await socket.close();
    },
  );
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
  ])('is answered with a problem document, with and without a session: %s %s', async (method, path, status) => {
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
  const hasParameters = ({ route }: OperationCard) => Object.keys(route.params).length > 0;

  it.each(operationCards.filter(hasParameters).map((card) => [nameOf(card), card] as const))(
    'is named when it is malformed: %s',
    async (_, { route, goodRequest }) => {
      const { by, params, body } = goodRequest(stage);
      for (const name of Object.keys(route.params)) {
        const path = pathOf(route, { params: { ...params, [name]: '~wrong/' } });
        const request = { token: by.token, ...(body === undefined ? {} : { body }) };
        const answer = await call(test.url, route.method, path, request);
        expect(answer, answer.text).toMatchObject({ status: 422, body: { errors: [{ pointer: `/path/${name}` }] } });
      }
    },
  );
});
