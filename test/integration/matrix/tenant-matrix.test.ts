import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { problemsOfAction, problemsOfRoute } from '../../../shared/contract/documents/problems-of.ts';
import {
  emailVerificationRequestedEvent,
  passwordResetRequestedEvent,
} from '../../../shared/contract/events/events.ts';
import { tenantPrefix } from '../../../shared/core/tenancy/tenant-scope.ts';
import { isFullSize, shareOf } from '../../faults/scale.ts';
import { seed } from '../../reporting/seed.ts';
import type { TestRun } from '../harness.ts';
import { sharedTestRun } from '../shared-run.ts';
import { call } from '../raw-client.ts';
import { frameCards, operationCards } from '../../operations/kit/cards.ts';
import type { FrameCard, OperationCard } from '../../operations/kit/define-card.ts';
import { Lookout } from '../system/canaries.ts';
import { report } from '../system/report.ts';
import { changesBetween, type StoredItem, type TableDump, Tables } from '../system/tables.ts';
import { staffWorld, tenantWorld, type TenantWorld } from '../system/world.ts';
import { type Caller, callersOf, secretsOf, type World } from './caller.ts';
import { type FrameOutcome, inParallel, type Outcome, runFrames, runMatrix } from './run-cases.ts';

let test: TestRun;
let tables: Tables;
let world: World;
let callers: readonly Caller[];
const outcomes: Outcome[] = [];
const frameOutcomes: FrameOutcome[] = [];
const untouched = new Map<TenantWorld, { readonly before: TableDump; readonly after: TableDump }>();
/** By invocation. */
const logsOf = new Map<string, readonly string[]>();

beforeAll(async () => {
  test = await sharedTestRun();
  tables = new Tables(test.run);
  const [north, south, { staff }] = await Promise.all([
    tenantWorld(test, 'north'),
    tenantWorld(test, 'south', { registration: 'closed' }),
    staffWorld(test),
  ]);
  world = { north, south, staff };
  callers = callersOf(world);
  // Callers from outside of `south` must not change it. Then, callers from `south` must not change `north`.
  await strangersOf(
    world.south,
    callers.filter(({ home }) => home !== world.south),
  );
  await strangersOf(
    world.north,
    callers.filter(({ home }) => home === world.south),
  );
  keepLogs();
}, 300_000);

afterAll(() => test.stop());

/** The recorder keeps only the newest invocations. */
function keepLogs(): void {
  for (const { id, logs } of test.run.recorder.invocations()) logsOf.set(id, logs);
}

async function strangersOf(tenant: TenantWorld, strangers: readonly Caller[]): Promise<void> {
  const own = ({ pk }: { readonly pk: string }) => pk.startsWith(`${tenantPrefix}${tenant.tenantId}#`);
  // Logins and mail requests count the attempt. Mail requests also store an event, even without an account.
  const noted = new Set<unknown>([passwordResetRequestedEvent.type, emailVerificationRequestedEvent.type]);
  // A source records deliveries that are not authentic.
  const isRefused = (item: StoredItem) => item['reason'] === 'not-authentic';
  const lasting = (item: StoredItem) =>
    own(item) && !item.pk.includes('#ATTEMPTS#') && !noted.has(item['type']) && !isRefused(item);
  await test.run.settled();
  const before = await tables.dump(lasting);
  for (const caller of strangers) {
    for (const card of operationCards) outcomes.push(...(await runMatrix(test.url, todays(card, caller), caller)));
    keepLogs();
    if (caller.role === undefined) continue;
    const perAction = await inParallel(frameCards, 3, async ({ action, matrix }) => {
      const cases = [matrix.own, ...todaysOf(Object.values(matrix.slots), caller)].flatMap((make) => make(caller));
      return runFrames(test.run.socketUrl, action.action, cases, caller);
    });
    frameOutcomes.push(...perAction.flat());
    keepLogs();
  }
  await test.run.settled();
  untouched.set(tenant, { before, after: await tables.dump(lasting) });
}

/** A sixth of the fields with ids, unless at full size. */
function todaysOf<Field>(fields: readonly Field[], caller: Caller): readonly Field[] {
  return isFullSize ? fields : shareOf(fields, 6, seed + callers.indexOf(caller));
}

function todays({ route, matrix }: OperationCard, caller: Caller): Pick<OperationCard, 'route' | 'matrix'> {
  return { route, matrix: { ...matrix, slots: Object.fromEntries(todaysOf(Object.entries(matrix.slots), caller)) } };
}

function withoutRequest(text: string): string {
  return text.replace(/"(requestId|instance)":"[^"]*",?/g, '');
}

const operations = operationCards.map((card) => [card.route.operationId, card] as const);
const frames = frameCards.map((card) => [card.action.action, card] as const);

describe('the matrix', () => {
  it('has requests for every field that contains an id, a token or a cursor', () => {
    const naming = /^(?:q|seq|tenant|cursor|resume|.*Id|.*[tT]oken)$/;
    const own = /^client(?:Message|Attachment|Conversation)Id$/;
    const names = (field: string) => naming.test(field) && !own.test(field);
    for (const { route, matrix } of operationCards) {
      const fields = [
        ...Object.keys(route.params).map((name) => `path.${name}`),
        ...Object.keys(route.query.shape).map((name) => `query.${name}`),
        ...Object.keys(route.body?.shape ?? {}).map((name) => `body.${name}`),
      ].filter((field) => names(field.split('.')[1] ?? ''));
      expect(Object.keys(matrix.slots).sort(), route.operationId).toEqual(expect.arrayContaining(fields));
    }
    for (const { action, matrix } of frameCards) {
      const fields = Object.keys(action.data.shape).filter(names);
      expect(Object.keys(matrix.slots).sort(), action.action).toEqual(fields.map((field) => `data.${field}`).sort());
    }
  });

  it('sends more than a thousand requests, from every caller', () => {
    const names = (list: readonly { readonly caller: Caller }[]) => [...new Set(list.map(({ caller }) => caller.name))];
    expect(names(outcomes)).toEqual(callers.map(({ name }) => name));
    expect(names(frameOutcomes)).toEqual(callers.filter(({ role }) => role !== undefined).map(({ name }) => name));
    report(`tenant matrix: ${outcomes.length} requests, ${frameOutcomes.length} frames`);
    expect(outcomes.length + frameOutcomes.length).toBeGreaterThan(1000);
  });
});

describe('every operation', () => {
  it.each(operations)('%s answers every caller according to its access', (_, card) => {
    const wrong = ofOperation(card).flatMap(({ label, expected, answer }) => {
      const code: unknown = answer.body?.code;
      const right = answer.status === expected.status && code === expected.code;
      return right ? [] : [`${label}: ${answer.status} ${String(code)} instead of ${expected.status} ${expected.code}`];
    });
    expect(wrong).toEqual([]);
  });

  it.each(operations)('%s rejects only with declared problems', (_, card) => {
    const declared = problemsOfRoute(card.route).map((problem) => problem.code);
    for (const { label, answer } of ofOperation(card)) {
      if (answer.status >= 400) expect(declared, label).toContain(answer.body?.code);
    }
  });

  it.each(operations)('%s gives the same answer for ids of others and for ids that do not exist', (_, card) => {
    const groups = Map.groupBy(
      ofOperation(card).filter(({ expected }) => expected.alike !== undefined),
      ({ caller, expected }) => `${caller.name} ${expected.status} ${expected.code} ${expected.alike}`,
    );
    for (const [group, alike] of groups) {
      const texts = new Set(alike.map(({ answer }) => withoutRequest(answer.text)));
      expect([...texts], group).toHaveLength(1);
      const headers = new Set(alike.map(({ answer }) => lastingHeaders(answer.headers)));
      expect([...headers], group).toHaveLength(1);
    }
  });
});

describe('every action', () => {
  it.each(frames)('%s answers every caller as expected, whatever its ids', (_, card) => {
    const wrong = ofAction(card).flatMap(({ label, expected, answer, events }) => {
      const got = answer.type === 'error' ? answer.problem?.code : answer.type;
      const counted = expected.events === undefined || expected.events < 0 || events.length === expected.events;
      return got === expected.answer && counted ? [] : [`${label}: ${got} with ${events.length} events`];
    });
    expect(wrong).toEqual([]);
  });

  it.each(frames)('%s rejects only with declared problems', (_, card) => {
    const declared = problemsOfAction(card.action).map((problem) => problem.code);
    for (const { label, answer } of ofAction(card)) {
      if (answer.problem !== undefined) expect(declared, label).toContain(answer.problem.code);
    }
  });

  it.each(frames)('%s gives the same answer for ids of others and for ids that do not exist', (_, card) => {
    const groups = Map.groupBy(
      ofAction(card).filter(({ expected }) => expected.alike !== undefined),
      ({ caller, expected }) => `${caller.name} ${expected.alike}`,
    );
    for (const [group, alike] of groups) {
      const texts = alike.map(({ answer, events }) => {
        const changing = /"(?:ref|requestId|serverTime|connectionId|since)":"[^"]*",?|"reconnectAfterMs":\d+,?/g;
        return JSON.stringify({ answer, events }).replace(changing, '');
      });
      expect([...new Set(texts)], group).toHaveLength(1);
    }
  });
});

describe('a tenant’s data', () => {
  it.each(['north', 'south'] as const)('never reaches a caller outside of %s', (slug) => {
    const { [slug]: tenant } = world;
    const ids = [
      tenant.tenantId,
      tenant.alice.userId,
      tenant.bob.userId,
      tenant.conversation,
      tenant.otherConversation,
      ...[tenant.support, tenant.otherSupport, tenant.team],
    ];
    const words = new Lookout([tenant.canary, tenant.textCanary, ...ids]);
    const seen = [
      ...outcomes.map(({ label, caller, answer }) => {
        const headers = JSON.stringify([...answer.headers]);
        return { label, caller, text: withoutRequest(answer.text) + headers };
      }),
      ...frameOutcomes.map(({ label, caller, answer, events }) => {
        return { label, caller, text: JSON.stringify([answer, events]) };
      }),
    ].filter(({ caller }) => caller.home !== tenant);
    expect(seen.length).toBeGreaterThan(100);
    for (const { label, text } of seen) {
      // The caller chose the name that a pointer repeats, and the id that a failed outcome repeats.
      const own = text.replace(/"pointer":"[^"]*"|"detail":"Not valid: [^"]*"|"id":"[^"]*","ok":false/g, '');
      expect(words.in(own), label).toEqual([]);
    }
  });

  it.each(['north', 'south'] as const)('is never changed by a caller outside of %s', (slug) => {
    const { before, after } = untouched.get(world[slug]) ?? { before: new Map(), after: new Map() };
    expect(before.size).toBeGreaterThan(30);
    expect(changesBetween(before, after)).toEqual([]);
  });

  it('never appears in an event of the bus, except ids', () => {
    const words = new Lookout(secretsOf(world));
    const events = test.run.recorder.sinks('event');
    expect(events.length).toBeGreaterThan(10);
    for (const event of events) expect(words.in(JSON.stringify(event))).toEqual([]);
  });

  it('never appears in a mail to a user of another tenant', () => {
    const mails = test.run.recorder.sinks('mail');
    expect(mails.length).toBeGreaterThan(0);
    for (const mail of mails) {
      const text = JSON.stringify(mail);
      const tenants = new Lookout([world.north.canary, world.south.canary]).in(text);
      expect(tenants).toHaveLength(1);
    }
  });

  it('never appears in the logs as text, name, address, password or token', () => {
    const words = new Lookout(secretsOf(world));
    const logs = [...logsOf.values()].flat();
    expect(logs.length).toBeGreaterThan(outcomes.length);
    for (const line of logs) expect(words.in(line), line).toEqual([]);
  });
});

describe('a list', () => {
  const page = (caller: Caller, path: string, cursor?: string) => {
    const query = cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    return call(test.url, 'GET', `${path}?limit=1${query}`, { token: caller.token });
  };
  const callerNamed = (name: string) => callers.find((caller) => caller.name === name) ?? fail(name);

  it('rejects a cursor of another user’s conversations', async () => {
    const own = await page(callerNamed('a member'), '/api/v1/conversations');
    expect(own.body.nextCursor).toEqual(expect.any(String));
    for (const name of ['a guest', 'an agent', 'an admin', 'staff', 'a member of another tenant']) {
      const stolen = await page(callerNamed(name), '/api/v1/conversations', own.body.nextCursor);
      expect(stolen, name).toMatchObject({ status: 400, body: { code: 'INVALID_CURSOR' } });
    }
  });

  it.each(['/api/v1/users', '/api/v1/admin/users'])(
    'applies a cursor of %s to the caller’s own tenant',
    async (path) => {
      const { north, south } = world;
      const cursor = (await page(callerNamed('an admin'), path)).body.nextCursor as string;
      expect(cursor).toEqual(expect.any(String));
      for (const name of ['an admin', 'an admin of another tenant'] as const) {
        const caller = callerNamed(name);
        const answer = await page(caller, path, cursor);
        expect(answer.status).toBe(200);
        const home = caller.home === north ? [south, north] : [north, south];
        expect(new Lookout(home.map(({ canary }) => canary)).in(answer.text)).toEqual(
          answer.body.items.length === 0 ? [] : [home[1]?.canary],
        );
      }
    },
  );
});

function fail(name: string): never {
  throw new Error(`There is no caller ${name}`);
}

function ofOperation({ route }: OperationCard): readonly Outcome[] {
  return outcomes.filter(({ label }) => label.startsWith(`${route.operationId} by `));
}

function ofAction({ action }: FrameCard): readonly FrameOutcome[] {
  return frameOutcomes.filter(({ label }) => label.startsWith(`${action.action} by `));
}

function lastingHeaders(headers: Headers): string {
  const changing = new Set(['apigw-requestid', 'date', 'x-request-id', 'x-amz-cf-id', 'content-length']);
  return JSON.stringify([...headers].filter(([name]) => !changing.has(name)));
}
