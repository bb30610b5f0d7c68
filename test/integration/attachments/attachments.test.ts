import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestRun, type TestRun } from '../harness.ts';
import { type Cast, castOf, conversationOf } from '../people.ts';
import { announce, attach, complete, get, textFile, upload } from './upload.ts';

let test: TestRun;
let cast: Cast;
let conversation: string;

beforeAll(async () => {
  test = await startTestRun();
  cast = await castOf(test, 'files');
  conversation = await conversationOf(test, cast.alice, cast.bob);
});

afterAll(() => test.stop());

describe('a file', () => {
  it('is announced, uploaded, completed and loaded', async () => {
    const file = textFile('hello there');
    const announced = await announce(test, cast.alice, conversation, file);
    expect(announced.status, announced.text).toBe(201);
    expect((await complete(test, cast.alice, announced.body.id)).body.code).toBe('ATTACHMENT_NOT_UPLOADED');
    const sent = await upload(announced.body.upload, file.bytes);
    expect(sent.status, sent.text).toBe(204);
    const completed = await complete(test, cast.alice, announced.body.id);
    expect(completed.body, completed.text).toEqual({
      id: announced.body.id,
      name: 'notes.txt',
      contentType: 'text/plain',
      size: 11,
      hasThumbnail: false,
    });
    const loaded = await get(test, cast.alice, announced.body.id);
    expect(loaded.status, loaded.text).toBe(200);
    const response = await fetch(loaded.body.url);
    expect(await response.text()).toBe('hello there');
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(response.headers.get('content-disposition')).toBe(
      `attachment; filename="notes.txt"; filename*=UTF-8''notes.txt`,
    );
  });

  it('that lies about its type is refused', async () => {
    const answer = await attach(test, cast.alice, conversation, { ...textFile('<html>'), contentType: 'image/png' });
    expect(answer.body, answer.text).toMatchObject({ status: 422, code: 'ATTACHMENT_REJECTED' });
  });
});
