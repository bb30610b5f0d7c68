import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestRun } from '../harness.ts';
import { sharedTestRun } from '../shared-run.ts';
import { connect } from '../people.ts';
import { isOfPresence, type Frame, type RawSocket } from '../raw-client.ts';
import { largestFrame } from '../../../shared/contract/sockets/frame-limit.ts';
import { makeTenant, newcomer } from './people-with-sockets.ts';
import type { Person } from '../system/world.ts';

let test: TestRun;
let who: Person;
let socket: RawSocket;

beforeAll(async () => {
  test = await sharedTestRun();
  await makeTenant(test);
  who = await newcomer(test);
  socket = await connect(test, who);
});

afterAll(async () => {
  await socket.close();
  await test.stop();
});

async function answerTo(text: string, options: { readonly inPieces?: number } = {}): Promise<Frame> {
  const seen = socket.frames.length;
  if (options.inPieces === undefined) socket.socket.send(text);
  else {
    socket.socket.send(text.slice(0, options.inPieces), { fin: false });
    socket.socket.send(text.slice(options.inPieces), { fin: true });
  }
  return socket.frame((frame) => !isOfPresence(frame) && socket.frames.indexOf(frame) >= seen);
}

const malformed = { type: 'error', problem: { code: 'MALFORMED_FRAME', status: 400, retryable: false } };

describe('a malformed frame', () => {
  it.each([
    ['nothing', ''],
    ['white space', ' \n'],
    ['text', 'hello'],
    ['half an object', '{"action":"ping"'],
    ['a list', '[{"action":"ping","ref":"r"}]'],
    ['a number', '7'],
    ['null', 'null'],
    ['an object in a text', JSON.stringify(JSON.stringify({ action: 'ping', ref: 'r' }))],
    ['a list in lists', '['.repeat(5_000) + ']'.repeat(5_000)],
    ['an object without members', '{}'],
    ['a ref that is a number', '{"action":"ping","ref":1}'],
    ['a ref that is an object', '{"action":"ping","ref":{"ref":"r"}}'],
    ['a ref that is null', '{"action":"ping","ref":null}'],
    ['a ref that is too long', JSON.stringify({ action: 'ping', ref: 'r'.repeat(129) })],
  ])('%s is rejected without a ref, and the socket stays open', async (_, text) => {
    const answer = await answerTo(text);
    expect(answer).toMatchObject(malformed);
    expect(answer.ref).toBeUndefined();
    expect((await socket.request('ping', {})).type).toBe('pong');
  });

  it.each([
    ['without an action', '{"ref":"r"}'],
    ['with an action that is not text', '{"action":["ping"],"ref":"r"}'],
    ['with an action that is too long', JSON.stringify({ action: 'p'.repeat(65), ref: 'r' })],
    ['with an unknown member', '{"action":"ping","ref":"r","surprise":1}'],
    ['whose data is text', '{"action":"ping","ref":"r","data":"x"}'],
    ['whose data is a list', '{"action":"ping","ref":"r","data":[]}'],
    ['whose data is null', '{"action":"ping","ref":"r","data":null}'],
    ['with a name that objects inherit', '{"action":"ping","ref":"r","__proto__":{"data":{}},"constructor":1}'],
  ])('%s is rejected with its ref', async (_, text) => {
    expect(await answerTo(text)).toMatchObject({ ...malformed, ref: 'r' });
  });
});

describe('a frame', () => {
  it.each(['nothing', 'Ping', 'ping ', '$default', '$connect', '$disconnect', 'toString', '__proto__', ''])(
    'is rejected with its ref when its action is "%s"',
    async (action) => {
      const answer = await answerTo(JSON.stringify({ action, ref: 'r' }));
      expect(answer).toMatchObject({ type: 'error', ref: 'r', problem: { code: 'UNKNOWN_ACTION', status: 404 } });
    },
  );

  it('is answered without a ref when it has none', async () => {
    const answer = await answerTo('{"action":"ping"}');
    expect(answer.type).toBe('pong');
    expect('ref' in answer).toBe(false);
  });

  it('is answered with the last of two refs', async () => {
    expect((await answerTo('{"action":"ping","ref":"a","ref":"b"}')).ref).toBe('b');
    const strange = '\u0000 “☂” \ud83d\ude00 </script>';
    expect((await answerTo(JSON.stringify({ action: 'ping', ref: strange }))).ref).toBe(strange);
    expect((await answerTo(JSON.stringify({ action: 'ping', ref: '' }))).ref).toBe('');
  });

  const ofBytes = (bytes: number) => {
    const frame = (padding: string) => JSON.stringify({ action: 'ping', ref: 'r', data: { padding } });
    return frame('x'.repeat(bytes - frame('').length));
  };

  it.each([largestFrame - 1, largestFrame])('can have %i bytes', async (bytes) => {
    const answer = await answerTo(ofBytes(bytes));
    expect(answer).toMatchObject({ type: 'error', ref: 'r', problem: { code: 'VALIDATION_FAILED' } });
  });

  it('is rejected with its ref when it is one byte too large and arrives in fragments', async () => {
    const answer = await answerTo(ofBytes(largestFrame + 1), { inPieces: 20_000 });
    expect(answer).toMatchObject({ type: 'error', ref: 'r', problem: { code: 'PAYLOAD_TOO_LARGE', status: 413 } });
    expect((await socket.request('ping', {})).type).toBe('pong');
  });
});

describe('a frame that the platform rejects', () => {
  it.each([
    // https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-develop-binary-media-types.html
    ['a binary frame', 1003, (raw: RawSocket) => raw.socket.send(Buffer.from('{"action":"ping"}'))],
    ['a frame above its limit', 1009, (raw: RawSocket) => raw.socket.send('x'.repeat(largestFrame + 1))],
  ])('%s ends the connection with %i and no other connection', async (_, code, send) => {
    const extra = await connect(test, who);
    const closed = extra.closed();
    send(extra);
    expect(await closed).toBe(code);
    const next = await connect(test, who);
    expect((await next.request('ping', {})).type).toBe('pong');
    await next.close();
  });
});

describe('a flood', () => {
  it('is answered frame by frame, each with its ref, and the socket stays open', async () => {
    const extra = await connect(test, who);
    const refs = Array.from({ length: 300 }, (_, index) => `flood-${index}`);
    for (const ref of refs) extra.socket.send(JSON.stringify({ action: 'ping', ref }));
    const last = await Promise.all(refs.map((ref) => extra.frame((frame) => frame.ref === ref, 60_000)));
    expect(new Set(last.map(({ type }: Frame) => String(type)))).toEqual(new Set(['pong']));
    const answered = extra.frames.filter((frame) => !isOfPresence(frame)).map(({ ref }: Frame) => String(ref));
    expect(answered.sort()).toEqual([...refs].sort());
    expect((await extra.request('ping', {})).type).toBe('pong');
    await extra.close();
  });
});
