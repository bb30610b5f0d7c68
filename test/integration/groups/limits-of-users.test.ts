import { ulid } from 'ulid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useLimits } from '../../../shared/features/identity/attempt-limits.ts';
import type { TestRun } from '../harness.ts';
import { sharedTestRun } from '../shared-run.ts';
import { connect } from '../people.ts';
import { call } from '../raw-client.ts';
import { newPerson, type Person } from '../system/world.ts';

const name = 'limited';
let test: TestRun;
let bob: Person;
let alice: Person;

beforeAll(async () => {
  test = await sharedTestRun();
  const slug = test.slugOf(name);
  const created = await test.provision({ command: 'createTenant', slug, name, settings: {} });
  if (!created.ok) throw new Error(created.problem.detail);
  [alice, bob] = await Promise.all([newPerson(test, slug, name, 'alice'), newPerson(test, slug, name, 'bob')]);
});

afterAll(() => test.stop());

function startGroup(clientConversationId = ulid()) {
  const body = { kind: 'group', name: 'Crew', participants: [{ userId: alice.userId }], clientConversationId };
  return call(test.url, 'POST', '/api/v1/conversations', { token: bob.token, body });
}

describe('a user', () => {
  it('starts a limited number of conversations and repeats a start without limit', async () => {
    const first = ulid();
    expect((await startGroup(first)).status).toBe(201);
    const answers = await Promise.all(Array.from({ length: 30 }, () => startGroup()));
    const refused = answers.filter(({ status }) => status === 429);
    expect(answers.length - refused.length).toBe(useLimits.conversations.burst - 1);
    expect(refused[0]?.body).toMatchObject({ code: 'RATE_LIMITED', retryable: true });
    expect(refused[0]?.body.retryAfterMs).toBeGreaterThan(0);
    expect((await startGroup(first)).status).toBe(200);
    const direct = { kind: 'direct', userId: alice.userId };
    const answer = await call(test.url, 'POST', '/api/v1/conversations', { token: bob.token, body: direct });
    expect(answer.status).toBe(429);
  });

  it('catches up a limited number of times at once and still receives a welcome', async () => {
    const socket = await connect(test, alice);
    const greet = (resume: object) => socket.request('hello', { resume });
    const answers = await Promise.all(Array.from({ length: 10 }, () => greet({ [ulid()]: 0 })));
    const refused = answers.filter(({ type }) => type === 'error');
    expect(refused.length).toBeGreaterThan(0);
    expect(answers.length - refused.length).toBeGreaterThanOrEqual(useLimits.catchUpsOfConnection.burst);
    for (const { problem } of refused) expect(problem.code).toBe('RATE_LIMITED');
    expect((await greet({})).type).toBe('welcome');
    await socket.close();
  });
});
