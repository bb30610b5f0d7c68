import { ulid } from 'ulid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { announce, readyAttachment, textFile } from '../attachments/upload.ts';
import type { TestRun } from '../harness.ts';
import { sharedTestRun } from '../shared-run.ts';
import { type Cast, castOf, connect, conversationOf } from '../people.ts';
import { call, type Frame, type RawSocket, type SignedIn } from '../raw-client.ts';
import { Tables } from '../system/tables.ts';
import { logAccess, rewriteEntry } from '../system/log-access.ts';

// Both transports share the counts.

let test: TestRun;
let tables: Tables;

beforeAll(async () => {
  test = await sharedTestRun();
  tables = new Tables(test.run);
});

afterAll(() => test.stop());

const minute = 60_000;

interface Outcome {
  readonly problem?: Frame;
  readonly from: number;
  readonly to: number;
}
type Way = () => Promise<Frame>;

async function timed(way: Way): Promise<Outcome> {
  const from = Date.now();
  const problem = await way();
  return { ...(problem === undefined ? {} : { problem }), from, to: Date.now() };
}

function waysOf(who: SignedIn, socket: RawSocket, id: string) {
  const path = `/api/v1/conversations/${id}/messages`;
  const http = async (method: string, rest: string, body?: object): Promise<Frame> => {
    const answer = await call(test.url, method, path + rest, { token: who.token, ...(body && { body }) });
    if (answer.status < 400) return undefined;
    if (answer.body.retryAfterMs !== undefined) {
      expect(Number(answer.headers.get('retry-after'))).toBe(Math.ceil(answer.body.retryAfterMs / 1000));
    }
    return answer.body;
  };
  const frame = async (action: string, data: object): Promise<Frame> =>
    (await socket.request(action, { conversationId: id, ...data })).problem;
  const newMessage = (text: string) => ({ type: 'text', text, clientMessageId: ulid() });
  const emoji = '👍';
  return {
    send: [(text = 'x') => http('POST', '', newMessage(text)), (text = 'x') => frame('message.send', newMessage(text))],
    attach: [(body: object) => http('POST', '', body), (body: object) => frame('message.send', body)],
    edit: [(text: string) => http('PATCH', '/1', { text }), (text: string) => frame('message.edit', { seq: 1, text })],
    react: [
      () => http('PUT', `/1/reactions/${encodeURIComponent(emoji)}`),
      () => frame('reaction.add', { seq: 1, emoji }),
    ],
    unreact: [
      () => http('DELETE', `/1/reactions/${encodeURIComponent(emoji)}`),
      () => frame('reaction.remove', { seq: 1, emoji }),
    ],
    remove: [() => http('DELETE', '/1'), () => frame('message.delete', { seq: 1 })],
  } as const;
}

/** Backdates entries and drops all caches of them. */
async function writtenAgo(who: SignedIn, id: string, ages: Readonly<Record<number, number>>): Promise<number[]> {
  await test.run.settled();
  const access = await logAccess(test.run, who.tenantId);
  const at = Date.now();
  for (const [seq, age] of Object.entries(ages)) {
    await rewriteEntry(access, tables, id, Number(seq), { createdAt: at - age });
  }
  await test.run.settled();
  await test.run.functions.recycle();
  return Object.values(ages).map((age) => at - age);
}

/** Expects the time until the blocking entry is a minute old. */
function expectThrottled({ problem, from, to }: Outcome, blockedBy: number): void {
  expect(problem).toMatchObject({ code: 'THROTTLED', status: 429, retryable: true });
  expect(problem.retryAfterMs).toBeGreaterThanOrEqual(blockedBy + minute - to);
  expect(problem.retryAfterMs).toBeLessThanOrEqual(blockedBy + minute - from);
}

async function stageOf(slug: string, settings: Parameters<typeof castOf>[2]) {
  const cast: Cast = await castOf(test, slug, settings);
  const id = await conversationOf(test, cast.alice, cast.bob);
  const socket = await connect(test, cast.alice);
  return { ...cast, id, socket, ways: waysOf(cast.alice, socket, id) };
}

describe('the limit of messages', () => {
  it('counts messages over both transports in a rolling minute, with an exact time to wait', async () => {
    const { alice, id, socket, ways } = await stageOf('rolling', { messagesPerMinute: 3 });
    for (const way of [0, 1, 0] as const) expect(await ways.send[way]()).toBeUndefined();
    const [first = 0, second = 0] = await writtenAgo(alice, id, { 1: 55_000, 2: 35_000, 3: 1000 });
    for (const way of [0, 1, 1, 0] as const) expectThrottled(await timed(ways.send[way]), first);
    await writtenAgo(alice, id, { 1: minute });
    const both = await Promise.all(ways.send.map((send) => timed(send)));
    const [refused, ...others] = both.filter(({ problem }) => problem !== undefined);
    expect(others).toEqual([]);
    if (refused === undefined) throw new Error('Both were accepted');
    expectThrottled(refused, second);
    for (const send of ways.send) expectThrottled(await timed(send), second);
    await socket.close();
  });
});

describe('the limit of changes', () => {
  it('counts changes of all kinds over both transports in a rolling minute, separately from messages', async () => {
    const { alice, bob, id, socket, ways } = await stageOf('changing', { messagesPerMinute: 100 });
    expect(await ways.send[0]()).toBeUndefined();
    for (let count = 0; count < 15; count += 1) {
      const [first, second] = count % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const);
      expect(await ways.edit[first](`text ${2 * count}`)).toBeUndefined();
      expect(await ways.react[second]()).toBeUndefined();
      expect(await ways.edit[second](`text ${2 * count + 1}`)).toBeUndefined();
      expect(await ways.unreact[first]()).toBeUndefined();
    }
    const [first = 0, second = 0] = await writtenAgo(alice, id, { 1: 50_000, 2: 45_000, 3: 44_000 }).then((times) =>
      times.slice(1),
    );
    const { edit, react, remove } = ways;
    const more: Way[] = [...edit.map((way) => () => way('one more')), ...react, ...remove];
    for (const way of more) expectThrottled(await timed(way), first);
    for (const send of ways.send) expect(await send()).toBeUndefined();
    const bobs = await connect(test, bob);
    for (const way of waysOf(bob, bobs, id).react) expect(await way()).toBeUndefined();

    await writtenAgo(alice, id, { 1: 2 * minute, 2: minute });
    expect(await edit[1]('one more')).toBeUndefined();
    for (const way of [() => edit[0]('and another'), ...react]) expectThrottled(await timed(way), second);
    await Promise.all([socket.close(), bobs.close()]);
  });
});

describe('the limit of texts and files', () => {
  it('follows the tenant’s settings, over both transports', async () => {
    const settings = { messagesPerMinute: null, textLength: 5, attachmentsPerMessage: 2, attachmentBytes: 10 };
    const { alice, id, socket, ways } = await stageOf('sizes', settings);
    const pointers = ['/body', '/data'] as const;
    for (const [index, pointer] of pointers.entries()) {
      const way = index === 0 ? 0 : 1;
      expect(await ways.send[way]('👋'.repeat(5))).toBeUndefined();
      const tooLong = { code: 'MESSAGE_TOO_LONG', status: 422, errors: [{ pointer: `${pointer}/text` }] };
      expect(await ways.send[way]('👋'.repeat(6))).toMatchObject(tooLong);
      expect(await ways.edit[way](`edit${index}`)).toBeUndefined();
      expect(await ways.edit[way]('too long')).toMatchObject(tooLong);

      const files: string[] = [];
      for (let count = 0; count < 3; count += 1) {
        files.push(await readyAttachment(test, alice, id, textFile(`${index}${count}23456789`)));
      }
      const newMessage = (attachments: readonly string[]) => ({ type: 'file', attachments, clientMessageId: ulid() });
      expect(await ways.attach[way](newMessage(files))).toMatchObject({
        code: 'REFERENCE_NOT_FOUND',
        status: 422,
        errors: [{ pointer: `${pointer}/attachments`, detail: 'must be at most 2' }],
      });
      expect(await ways.attach[way](newMessage(files.slice(0, 2)))).toBeUndefined();
    }
    const large = await announce(test, alice, id, textFile('0123456789a'));
    expect(large).toMatchObject({ status: 422, body: { code: 'ATTACHMENT_TOO_LARGE' } });
    await socket.close();
  });
});
