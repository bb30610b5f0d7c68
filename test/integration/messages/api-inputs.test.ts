import { request as httpRequest } from 'node:http';
import { ulid } from 'ulid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestRun } from '../harness.ts';
import { sharedTestRun } from '../shared-run.ts';
import { castOf, type Cast, connect, conversationOf } from '../people.ts';
import { call, type Frame, type HttpRequest } from '../raw-client.ts';

let test: TestRun;
let cast: Cast;
let id: string;

beforeAll(async () => {
  test = await sharedTestRun();
  cast = await castOf(test, 'inputs', { messagesPerMinute: null, textLength: 10_000 });
  id = await conversationOf(test, cast.alice, cast.bob);
});

afterAll(() => test.stop());

const asAlice = (method: string, path: string, request: HttpRequest = {}) =>
  call(test.url, method, `/api/v1${path}`, { token: cast.alice.token, ...request });
const send = (body: object) =>
  asAlice('POST', `/conversations/${id}/messages`, {
    body: { type: 'text', text: 'x', clientMessageId: ulid(), ...body },
  });
const sendRaw = (raw: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
  asAlice('POST', `/conversations/${id}/messages`, {
    raw,
    headers: { 'content-type': 'application/json', ...headers },
  });
const textMessage = (more: string) => `{"type":"text","text":"Grüße","clientMessageId":"${ulid()}"${more}}`;
/** A value can break several rules. */
const pointersOf = ({ errors = [] }: Frame): string[] => [
  ...new Set((errors as { pointer: string }[]).map(({ pointer }) => pointer)),
];

describe('the text of a message', () => {
  it.each([
    ['the text', { text: 'a\ud800' }, '/body/text'],
    ['metadata', { metadata: { a: [{ b: '\udc00' }] } }, '/body/metadata/a/0/b'],
    ['the name of a member', { metadata: { a: { 'b\ud800': 1 } } }, '/body/metadata/a/b\ufffd'],
    [
      'the name of a place',
      { type: 'location', text: undefined, location: { latitude: 1, longitude: 2, name: '\ud800' } },
      '/body/location/name',
    ],
  ])('is rejected when %s contains half of a surrogate pair', async (_, body, pointer) => {
    const answer = await send(body);
    expect(answer.status, answer.text).toBe(422);
    expect(pointersOf(answer.body)).toEqual([pointer]);
  });

  it.each(['\u3164', '\u2800', '\ufe0f', '\u200b\u00ad', '\u0301'])(
    'is rejected when it shows nothing: %j',
    async (text) => {
      expect((await send({ text })).body).toMatchObject({ code: 'VALIDATION_FAILED' });
      const answer = await asAlice('PATCH', '/users/me', { body: { firstName: text } });
      expect(pointersOf(answer.body)).toEqual(['/body/firstName']);
      const group = await asAlice('POST', '/conversations', { body: { kind: 'group', name: text, participants: [] } });
      expect(pointersOf(group.body)).toEqual(['/body/name']);
    },
  );

  it('is stored exactly as sent', async () => {
    for (const text of [' e\u0301 \u202eabc\u202c ', '\ufffd', 'علی\u200cرضا']) {
      expect((await send({ text })).body.text).toBe(text);
    }
  });

  it('can have 10,000 characters of four bytes over HTTP in any JSON encoding', async () => {
    const text = '😀'.repeat(10_000);
    expect((await send({ text })).status).toBe(201);
    const escaped = '\\ud83d\\ude00'.repeat(10_000);
    const answer = await sendRaw(`{"type":"text","text":"${escaped}","clientMessageId":"${ulid()}"}`);
    expect(answer.status, answer.text.slice(0, 500)).toBe(201);
    expect(answer.body.text).toBe(text);
  });
});

describe('a body', () => {
  it('is rejected in Latin-1 with any declared charset', async () => {
    const latin1 = new Uint8Array(Buffer.from(textMessage(''), 'latin1'));
    expect((await sendRaw(latin1)).body).toMatchObject({ code: 'MALFORMED_JSON', status: 400 });
    const named = await sendRaw(latin1, { 'content-type': 'application/json; charset=iso-8859-1' });
    expect(named.body).toMatchObject({ code: 'UNSUPPORTED_MEDIA_TYPE', status: 415 });
  });

  it('is accepted in UTF-8 with a byte order mark and with U+FFFD', async () => {
    const marked = await sendRaw(`\ufeff${textMessage('')}`, { 'content-type': 'application/json; charset=UTF-8' });
    expect(marked.body).toMatchObject({ text: 'Grüße' });
    expect((await sendRaw(textMessage(',"metadata":{"a":"\ufffd"}'))).status).toBe(201);
  });

  it.each(['9007199254740993', '-12345678901234567890', '1e400', '0.1234567890123456789'])(
    'is rejected with a pointer to the number %s, over both transports',
    async (number) => {
      const answer = await sendRaw(textMessage(`,"metadata":{"a":{"b":${number}}}`));
      expect(answer.body).toMatchObject({ code: 'VALIDATION_FAILED' });
      expect(pointersOf(answer.body)).toContain('/body/metadata/a/b');
      const socket = await connect(test, cast.alice);
      const ref = `r${number}`;
      socket.socket.send(
        `{"action":"message.send","ref":"${ref}","data":{"conversationId":"${id}",${textMessage(`,"metadata":{"a":{"b":${number}}}`).slice(1)}}`,
      );
      const { problem } = await socket.frame((frame) => frame.ref === ref);
      expect(pointersOf(problem)).toEqual(['/data/metadata/a/b']);
      await socket.close();
    },
  );

  it('keeps numbers that can be represented exactly', async () => {
    const metadata = { a: [0.1, -1.5e300, 9007199254740991, 1e-7] };
    expect((await send({ metadata })).body.metadata).toEqual(metadata);
  });

  it('has a short answer when it has thousands of unknown members, over both transports', async () => {
    const unknown = Object.fromEntries(Array.from({ length: 2500 }, (_, index) => [`n${index}`, 1]));
    const answer = await call(test.url, 'POST', '/api/v1/auth/login', { body: unknown });
    expect(answer.status).toBe(422);
    expect(answer.body.errors).toHaveLength(20);
    expect(answer.text.length).toBeLessThan(10_000);
    const socket = await connect(test, cast.alice);
    expect((await socket.request('ping', unknown)).problem.errors).toHaveLength(20);
    await socket.close();
  });
});

describe('a query', () => {
  it('is rejected when it is not UTF-8', async () => {
    expect((await asAlice('GET', '/search/messages?q=abc%ff')).body).toMatchObject({
      code: 'VALIDATION_FAILED',
      errors: [{ pointer: '/query/q' }],
    });
  });

  it('accepts instants with offsets', async () => {
    const answer = await asAlice('GET', '/search/messages?type=text&before=2020-01-01T00:00:00%2B02:00');
    expect(answer.body).toEqual({ items: [], nextCursor: null });
    const unescaped = await asAlice('GET', '/search/messages?type=text&before=2020-01-01T00:00:00+02:00');
    expect(unescaped.body).toEqual({ items: [], nextCursor: null });
  });
});

it('stores an instant with an offset in UTC', async () => {
  const inAnHour = new Date(Date.now() + 3_600_000).toISOString();
  const local = `${new Date(Date.parse(inAnHour) + 7_200_000).toISOString().slice(0, -1)}+02:00`;
  const location = { latitude: 48.858400000000003, longitude: 2.2945, liveUntil: local };
  const answer = await send({ type: 'location', text: undefined, location });
  expect(answer.body.location).toEqual({ latitude: 48.8584, longitude: 2.2945, liveUntil: inAnHour });
});

it('stores two spellings of an emoji as one reaction', async () => {
  const { seq } = (await send({})).body as { seq: number };
  const react = (method: string, emoji: string) =>
    asAlice(method, `/conversations/${id}/messages/${seq}/reactions/${encodeURIComponent(emoji)}`);
  expect((await react('PUT', '❤')).body.reactions).toEqual([{ emoji: '❤️', userIds: [cast.alice.userId] }]);
  expect((await react('PUT', '❤️')).body.reactions).toHaveLength(1);
  expect((await react('PUT', '❤︎')).body.reactions).toHaveLength(1);
  expect((await react('DELETE', '❤')).body.reactions).toEqual([]);
});

describe('the API', () => {
  const headed = async (path: string, token?: string) => {
    const get = await call(test.url, 'GET', path, { token });
    const head = await call(test.url, 'HEAD', path, { token });
    expect(head.text).toBe('');
    expect(head.status).toBe(get.status);
    expect(head.headers.get('content-type')).toBe(get.headers.get('content-type'));
    return head.status;
  };

  it('answers HEAD like GET, without a body', async () => {
    expect(await headed('/healthz')).toBe(200);
    expect(await headed('/.well-known/jwks.json')).toBe(200);
    expect(await headed('/api/v1/openapi.json')).toBe(200);
    expect(await headed('/api/v1/users/me', cast.alice.token)).toBe(200);
    expect(await headed(`/api/v1/conversations/${id}/messages`, cast.alice.token)).toBe(200);
    expect(await headed('/api/v1/users/me')).toBe(401);
    expect(await headed('/api/v1/nothing')).toBe(404);
  });

  it.each([
    ['DELETE', '/healthz', 'GET, HEAD'],
    ['PUT', '/api/v1/users/me', 'GET, HEAD, PATCH'],
    ['GET', '/api/v1/auth/login', 'POST'],
    ['POST', `/api/v1/conversations/${ulid()}/messages/1`, 'DELETE, GET, HEAD, PATCH'],
  ])('rejects %s of %s with the methods that the path supports', async (method, path, allow) => {
    const answer = await call(test.url, method, path);
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe(allow);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.body).toMatchObject({ code: 'METHOD_NOT_ALLOWED', instance: path });
  });

  it('answers with a problem when the path does not exist', async () => {
    expect((await call(test.url, 'PUT', '/api/v1/nothing')).body).toMatchObject({ code: 'NOT_FOUND', status: 404 });
  });
});

it('accepts a body without a declared length unless it has U+FFFD', async () => {
  const answerTo = (raw: string) =>
    new Promise<number | undefined>((resolve, reject) => {
      const url = new URL(`/api/v1/conversations/${id}/messages`, test.url);
      const sent = httpRequest(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${cast.alice.token}`,
          'transfer-encoding': 'chunked',
        },
      });
      sent.on('response', (answer) => resolve(answer.resume().statusCode)).on('error', reject);
      sent.end(raw);
    });
  expect(await answerTo(textMessage(''))).toBe(201);
  expect(await answerTo(textMessage(',"metadata":{"a":"\ufffd"}'))).toBeGreaterThanOrEqual(201);
});
