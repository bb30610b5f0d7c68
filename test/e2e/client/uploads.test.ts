import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ChatClient, createChatClient } from '../../../shared/client/chat-client.ts';
import type { TestRun } from '../../integration/harness.ts';
import { sharedTestRun } from '../../integration/shared-run.ts';
import { type Cast, castOf, password } from '../../integration/people.ts';

let test: TestRun;
let cast: Cast;
const opened: ChatClient[] = [];

beforeAll(async () => {
  test = await sharedTestRun();
  cast = await castOf(test, 'uploads');
});
afterAll(async () => {
  for (const client of opened) client.close();
  await test?.stop();
});

/** What befalls the next requests of a kind, one after the other; then all goes well. */
interface Weather {
  readonly uploads: ('cut' | 'refused' | 'lost' | 'held')[];
  readonly completes: ('lost' | 'unsent')[];
  readonly onUpload?: (count: number) => void;
}

/** A client to whose requests things happen, and the ids of the attachments that it was told of. */
async function clientIn(weather: Weather) {
  const ids = new Set<string>();
  const made = { uploads: 0, completes: 0 };
  const send: typeof fetch = async (input, init = {}) => {
    const url = input as string;
    if (init.body instanceof FormData) {
      made.uploads += 1;
      weather.onUpload?.(made.uploads);
      const what = weather.uploads.shift();
      if (what === 'cut') {
        await sendHalf(url, init.body);
        throw new TypeError('fetch failed');
      }
      // A form that is not good any more: the store does not take its signature.
      if (what === 'refused') init.body = withWrongSignature(init.body);
      if (what === 'held') return untilAborted(init.signal);
      const response = await fetch(url, init);
      if (what === 'lost') throw new TypeError('fetch failed');
      return response;
    }
    const isComplete = url.endsWith('/complete');
    const what = isComplete ? weather.completes.shift() : undefined;
    if (isComplete) made.completes += 1;
    if (what === 'unsent') throw new TypeError('fetch failed');
    const response = await fetch(url, init);
    if (what === 'lost') throw new TypeError('fetch failed');
    if (url.endsWith('/attachments') && response.ok) ids.add(((await response.clone().json()) as { id: string }).id);
    return response;
  };
  const login = { tenant: cast.slug, username: 'alice', password };
  const client = await createChatClient({ url: test.url, login, fetch: send, random: () => 0 });
  opened.push(client);
  const { id } = await client.startDirect(cast.bob.userId);
  return { client, conversationId: id, ids, made };
}

function withWrongSignature(form: FormData): FormData {
  const wrong = new FormData();
  for (const [name, value] of form) wrong.append(name, /signature/i.test(name) ? '0'.repeat(64) : value);
  return wrong;
}

/** Half of an upload reaches the store; then the connection is gone. */
async function sendHalf(url: string, form: FormData): Promise<void> {
  const whole = new Response(form);
  const bytes = Buffer.from(await whole.arrayBuffer());
  await new Promise<void>((resolve) => {
    const headers = { 'content-type': whole.headers.get('content-type') ?? '', 'content-length': bytes.length };
    const request = httpRequest(url, { method: 'POST', headers });
    request.on('error', () => resolve());
    request.on('close', () => resolve());
    request.write(bytes.subarray(0, bytes.length / 2), () => request.destroy());
  });
}

function untilAborted(signal: AbortSignal | null | undefined): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')));
  });
}

const text = 'Landed at nine.\n'.repeat(2000);
const file = () => ({ name: 'landing.txt', contentType: 'text/plain', data: new Blob([text]) });

it('whatever breaks off, one attachment is there in the end, and its progress never goes back', async () => {
  const { client, conversationId, ids, made } = await clientIn({
    uploads: ['cut', 'refused', 'lost'],
    completes: ['unsent', 'lost'],
  });
  const shares: number[] = [];
  const attachment = await client.attachments.upload(conversationId, file(), {
    onProgress: (share) => shares.push(share),
  });
  expect([...ids]).toEqual([attachment.id]);
  expect(shares).toEqual(shares.toSorted((one, other) => one - other));
  expect(shares.at(-1)).toBe(1);
  expect(made.uploads).toBeGreaterThanOrEqual(3);
  await client.messages.send(conversationId, { type: 'file', attachments: [attachment.id] }).stored;
  const { url } = await client.attachments.download(attachment.id);
  expect(await (await fetch(url)).text()).toBe(text);
});

it('goes on after the end of the program with the same attachment', async () => {
  const first = await clientIn({ uploads: ['held'], completes: [] });
  const id = first.client.attachments.newId();
  const end = new AbortController();
  const given = first.client.attachments.upload(first.conversationId, file(), { id, signal: end.signal });
  // The end comes while the upload is under way.
  await expect.poll(() => first.made.uploads, { timeout: 60_000 }).toBe(1);
  end.abort(new Error('The program ends'));
  await expect(given).rejects.toThrow('The program ends');
  first.client.close();

  const second = await clientIn({ uploads: [], completes: [] });
  const attachment = await second.client.attachments.upload(second.conversationId, file(), { id });
  expect([...first.ids, ...second.ids]).toEqual([attachment.id, attachment.id]);
  // Another time there is nothing left to do.
  const third = await clientIn({ uploads: [], completes: [] });
  const again = await third.client.attachments.upload(third.conversationId, file(), { id });
  expect([again.id, third.made.uploads]).toEqual([attachment.id, 0]);
});

it('is given up at once, also while it waits for another attempt', async () => {
  const end = new AbortController();
  const { client, conversationId, made } = await clientIn({
    uploads: Array(50).fill('lost'),
    completes: [],
    onUpload: (count) => {
      if (count === 3) setImmediate(() => end.abort(new Error('Enough')));
    },
  });
  const given = client.attachments.upload(conversationId, file(), { signal: end.signal });
  await expect(given).rejects.toThrow('Enough');
  await expect(client.attachments.upload(conversationId, file(), { signal: end.signal })).rejects.toThrow('Enough');
  expect(made).toEqual({ uploads: 3, completes: 0 });
});
