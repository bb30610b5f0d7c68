import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Fault } from '../../../local/fault-plan.ts';
import { problemBody } from '../../../shared/contract/kit/define-problem.ts';
import type { TestRun } from '../harness.ts';
import { sharedTestRun } from '../shared-run.ts';
import { call } from '../raw-client.ts';
import { Faults } from '../system/faults.ts';
import { newPerson } from '../system/world.ts';

const functionName = 'switchboard-dev-authorize-http';
let test: TestRun;
const faults = new Faults();

beforeAll(async () => {
  test = await sharedTestRun(faults.plan);
  const created = await test.provision({ command: 'createTenant', slug: test.slugOf('doors'), name: 'Doors' });
  expect(created.ok).toBe(true);
});

afterAll(() => test.stop());

it.each<[string, string, number, Fault]>([
  ['throttled', 'SERVICE_BUSY', 503, { kind: 'throttle' }],
  ['refused', 'INTERNAL_ERROR', 500, { kind: 'status', status: 400, code: 'AccessDeniedException' }],
])('rejects requests when the authorizer’s AWS calls are %s: %s', async (name, code, status, fault) => {
  const { token } = await newPerson(test, test.slugOf('doors'), 'doors', name);
  await test.run.functions.recycle(functionName);
  const answer = await faults.during(
    (planned) => (planned.functionName === functionName ? fault : undefined),
    () => call(test.url, 'GET', '/api/v1/users/me', { token }),
  );
  expect(answer.status, answer.text).toBe(status);
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  // API Gateway caches the authorizer's answer for five seconds.
  expect(problemBody.parse(answer.body)).toMatchObject({ code, retryable: true, retryAfterMs: 5000 });
  expect(answer.headers.get('retry-after')).toBe('5');
  const logs = test.run.recorder.invocations().filter((one) => one.functionName === functionName);
  expect(logs.at(-1)?.logs.join('')).toContain('authorization.failed');
});
