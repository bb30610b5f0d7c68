import { ulid } from 'ulid';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ConversationVerdict } from '../../../shared/features/checkpoints/verify-conversation.ts';
import { keys } from '../../../shared/core/table/keys.ts';
import { tenantPrefix } from '../../../shared/core/tenancy/tenant-scope.ts';
import type { TestRun } from '../harness.ts';
import { sharedTestRun } from '../shared-run.ts';
import { type Cast, castOf, conversationOf } from '../people.ts';
import { call } from '../raw-client.ts';
import { type StoredItem, Tables } from '../system/tables.ts';

let test: TestRun;
let tables: Tables;
let cast: Cast;
let conversationId: string;

beforeAll(async () => {
  test = await sharedTestRun();
  tables = new Tables(test.run);
  cast = await castOf(test, 'verified', { messagesPerMinute: null });
  conversationId = await conversationOf(test, cast.alice, cast.bob);
  for (let count = 0; count < 5; count += 1) await send();
  await call(test.url, 'PATCH', `${path()}/2`, { token: cast.alice.token, body: { text: 'edited' } });
  await call(test.url, 'PUT', `${path()}/3/reactions/${encodeURIComponent('👍')}`, { token: cast.bob.token });
  await test.run.settled();
});

afterAll(() => test.stop());

const path = () => `/api/v1/conversations/${conversationId}/messages`;
const keyOf = (seq: number) => {
  const { pk, sk } = keys.logEntry(conversationId, seq);
  return [`${tenantPrefix}${cast.alice.tenantId}#${pk}`, sk] as const;
};

async function send(): Promise<void> {
  const body = { type: 'text', text: 'words', clientMessageId: ulid() };
  expect((await call(test.url, 'POST', path(), { token: cast.alice.token, body })).status).toBe(201);
}

async function verdict(): Promise<ConversationVerdict> {
  const result = await test.provision({ command: 'verifyConversation', tenant: cast.slug, conversationId });
  if (!result.ok || !('verdict' in result)) throw new Error(JSON.stringify(result));
  return result.verdict;
}

async function stored(seq: number): Promise<StoredItem> {
  const item = await tables.get(...keyOf(seq));
  if (item === undefined) throw new Error(`There is no entry ${seq}`);
  return item;
}

it('confirms an unchanged conversation up to its end', async () => {
  expect(await verdict()).toEqual({
    entries: 7,
    anchored: { seq: 7, at: expect.any(String) as string },
    forgedCheckpoints: 0,
  });
});

it('rejects a conversation or a tenant that does not exist', async () => {
  const unknown = { command: 'verifyConversation', tenant: cast.slug, conversationId: ulid() } as const;
  expect(await test.provision(unknown)).toMatchObject({ ok: false, problem: { code: 'CONVERSATION_NOT_FOUND' } });
  expect(await test.provision({ ...unknown, tenant: 'nobody' })).toMatchObject({
    ok: false,
    problem: { code: 'TENANT_NOT_FOUND' },
  });
});

describe('an attacker with write access to the table', () => {
  let before: StoredItem[];
  beforeEach(async () => {
    before = await Promise.all([1, 2, 3, 4, 5, 6, 7].map(stored));
    return async () => {
      for (const item of before) await tables.put(item);
    };
  });

  it.each([
    ['the author of a message', 4, 's', 'mallory', 'hash'],
    ['the time of a message', 4, 't', 1, 'time'],
    ['the content of a message', 4, 'x', new Uint8Array(40), 'content'],
    ['the current form of a message', 4, 'z', { q: 7, t: 1, s: 'mallory' }, 'fold'],
    ['the version of an edited message', 2, 'u', 2, 'fold'],
  ])('cannot change %s without detection', async (_what, seq, attribute, value, reason) => {
    await tables.set(...keyOf(seq), attribute, value);
    expect((await verdict()).tampering).toEqual({ seq, reason });
  });

  it('cannot remove an entry without detection, in the middle or at the end', async () => {
    await tables.delete(...keyOf(4));
    expect((await verdict()).tampering).toEqual({ seq: 4, reason: 'gap' });
    for (const item of before) await tables.put(item);
    await tables.delete(...keyOf(7));
    await tables.set(...keyOf(3), 'u', 3);
    await tables.set(...keyOf(3), 'r', {});
    expect((await verdict()).tampering).toEqual({ seq: 7, reason: 'end' });
  });
});

it('detects a conversation that was truncated and has grown again', async () => {
  await tables.delete(...keyOf(7));
  await tables.delete(...keyOf(6));
  await tables.set(...keyOf(3), 'u', 3);
  await tables.set(...keyOf(3), 'r', {});
  const { e: _, l: __, u: ___, ...unedited } = await stored(2);
  await tables.put(unedited);
  await test.run.functions.recycle();
  await send();
  await send();
  await send();
  await test.run.settled();
  expect(await verdict()).toMatchObject({ entries: 8, tampering: { seq: 7, reason: 'end' } });
});

it.each([
  ['', false],
  [' and has grown again since', true],
])('detects a conversation that was emptied%s', async (_title, grows) => {
  conversationId = await conversationOf(test, cast.alice, cast.carol);
  await send();
  await send();
  await test.run.settled();
  expect(await verdict()).toMatchObject({ entries: 2, anchored: { seq: 2 } });
  await tables.delete(...keyOf(1));
  await tables.delete(...keyOf(2));
  await test.run.functions.recycle();
  if (grows) await send();
  await test.run.settled();
  expect(await verdict()).toMatchObject({ entries: grows ? 1 : 0, tampering: { reason: 'end' } });
});
