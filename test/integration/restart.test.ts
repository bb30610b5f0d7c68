import { ulid } from 'ulid';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type OwnTestRun, startTestRun } from './harness.ts';
import { castOf, conversationOf } from './people.ts';
import { call } from './raw-client.ts';

let test: OwnTestRun;

beforeAll(async () => {
  test = await startTestRun();
});

afterAll(() => test.stop());

it('keeps every message when the whole system stops and starts again', async () => {
  const { alice, bob } = await castOf(test, 'restart');
  const path = `/api/v1/conversations/${await conversationOf(test, alice, bob)}/messages`;
  const send = (token: string, text: string) =>
    call(test.url, 'POST', path, { token, body: { type: 'text', text, clientMessageId: ulid() } });

  const sent = await send(alice.token, 'before the stop');
  await test.restart();

  const listed = await call(test.url, 'GET', path, { token: bob.token });
  expect(listed.body.items).toEqual([sent.body]);
  expect((await send(bob.token, 'after it')).body.seq).toBe(2);
});
