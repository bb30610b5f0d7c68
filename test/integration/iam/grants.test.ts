import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestRun, type TestRun } from '../harness.ts';
import { isFullSize, sampled } from '../../faults/scale.ts';
import { seed } from '../../reporting/seed.ts';
import { castOf, password } from '../people.ts';
import { signIn } from '../raw-client.ts';
import { progressOf } from '../system/report.ts';
import { Tables } from '../system/tables.ts';
import { covers, type Grant, grantsOf } from './grants-of-template.ts';
import type { Walker } from './walker.ts';
import { walks } from './walks.ts';

let test: TestRun;
let walker: Walker;
let withheld: Grant | undefined;

beforeAll(async () => {
  test = await startTestRun({
    faults: {
      withholds: (roleArn, action, resource) =>
        withheld !== undefined && withheld.roleArn === roleArn && covers(withheld, action, resource),
      dropDisconnect: () => walker.dropDisconnects,
    },
    pace: { queueRetryAfterMs: 20 },
  });
  const cast = await castOf(test, 'grants', { messagesPerMinute: null, notificationMails: 'on' });
  const email = 'root@grants.test';
  const names = { firstName: 'Root', lastName: 'Test', username: 'root', email };
  await test.provision({ command: 'createAdmin', tenant: 'grants', ...names, password, active: true });
  const admin = await signIn(test.url, 'grants', email, password);
  walker = {
    test,
    cast,
    admin,
    tables: new Tables(test.run),
    dropDisconnects: false,
    patienceMs: 10_000,
    givesUpWhenSettled: false,
  };
});

afterAll(() => test.stop());

it('has a walk for every function', () => {
  const names = test.run.functions.definitions.map(({ name }) => name.replace('switchboard-dev-', ''));
  expect(Object.keys(walks).sort()).toEqual(names.sort());
});

it.each(Object.entries(walks))('%s performs all of its work', async (_name, walk) => {
  await walk(walker);
});

it('writes every log line with the time and the level that Lambda reads', async () => {
  await test.run.settled();
  const lines = test.run.recorder
    .invocations()
    .flatMap(({ functionName, logs }) => logs.map((text) => ({ functionName, text })));
  expect(lines.length).toBeGreaterThan(100);
  expect(lines.filter(({ text }) => !isForLambda(text))).toEqual([]);
});

it.each(Object.keys(walks))(
  `%s needs each one of its grants (seed ${seed})`,
  async (name) => {
    const all = grantsOf(test.run).filter((grant) => grant.functionName === name);
    expect(all.length).toBeGreaterThan(0);
    // Withholding all takes minutes. Eighty consecutive seeds cover all.
    const grants = sampled(all, 80);
    const needless: string[] = [];
    const progress = progressOf(`grants of ${name}`, grants.length);
    for (const [index, grant] of grants.entries()) {
      progress(index);
      withheld = grant;
      walker.patienceMs = 1500;
      walker.givesUpWhenSettled = true;
      await test.run.functions.recycle(`switchboard-dev-${name}`);
      test.run.recorder.clear();
      const failed = await walks[name]?.(walker).then(
        () => false,
        () => true,
      );
      withheld = undefined;
      walker.dropDisconnects = false;
      if (failed !== true && !(await isMissed(name))) needless.push(`${grant.action} on ${grant.resource}`);
      await test.run.functions.recycle(`switchboard-dev-${name}`);
      await test.run.settled();
    }
    expect(needless).toEqual([]);
  },
  isFullSize ? 1_800_000 : 300_000,
);

function isForLambda(text: string): boolean {
  const line = JSON.parse(text) as Readonly<Record<string, unknown>>;
  const at = new Date(String(line['timestamp']));
  return ['info', 'warn', 'error'].includes(String(line['level'])) && at.toISOString() === line['timestamp'];
}

/** Whether a function logged a denied call. The walk may succeed through another function. */
async function isMissed(name: string): Promise<boolean> {
  await test.run.settled();
  return test.run.recorder
    .invocations()
    .filter(({ functionName }) => functionName === `switchboard-dev-${name}`)
    .some(({ logs }) => logs.some((line) => /"name":"(AccessDenied|Forbidden)/.test(line)));
}
