import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openAttachments } from '../../../shared/client/attachments.ts';
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

/** In order. Later requests succeed. */
interface Failures {
  readonly uploads: ('cut' | 'refused' | 'lost' | 'held')[];
  readonly completes: ('lost' | 'unsent')[];
  readonly onUpload?: (count: number) => void;
}

async function clientWith(failures: Failures) {
  const ids = new Set<string>();
  const attempts = { uploads: 0, completes: 0 };
  const send: typeof fetch = async (input, init = {}) => {
    const url = input as string;
    if (init.body instanceof FormData) {
      attempts.uploads += 1;
      failures.onUpload?.(attempts.uploads);
      const failure = failures.uploads.shift();
      if (failure === 'cut') {
        await sendHalf(url, init.body);
        throw new TypeError('fetch failed');
      }
      // The store rejects an expired form like a wrong signature.
      if (failure === 'refused') init.body = withWrongSignature(init.body);
      if (failure === 'held') return untilAborted(init.signal);
      const response = await fetch(url, init);
      if (failure === 'lost') throw new TypeError('fetch failed');
      return response;
    }
    const isComplete = url.endsWith('/complete');
    const failure = isComplete ? failures.completes.shift() : undefined;
    if (isComplete) attempts.completes += 1;
    if (failure === 'unsent') throw new TypeError('fetch failed');
    const response = await fetch(url, init);
    if (failure === 'lost') throw new TypeError('fetch failed');
    if (url.endsWith('/attachments') && response.ok) ids.add(((await response.clone().json()) as { id: string }).id);
    return response;
  };
  const login = { tenant: cast.slug, username: 'alice', password };
  const client = await createChatClient({ url: test.url, login, fetch: send, random: () => 0 });
  opened.push(client);
  const { id } = await client.startDirect(cast.bob.userId);
  return { client, conversationId: id, ids, attempts };
}

function withWrongSignature(form: FormData): FormData {
  const wrong = new FormData();
  for (const [name, value] of form) wrong.append(name, /signature/i.test(name) ? '0'.repeat(64) : value);
  return wrong;
}

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

it('creates one attachment, with progress that only rises, when requests fail', async () => {
  const { client, conversationId, ids, attempts } = await clientWith({
    uploads: ['cut', 'refused', 'lost'],
    completes: ['unsent', 'lost'],
  });
  const shares: number[] = [];
  const attachment = await openAttachments(client).upload(conversationId, file(), {
    onProgress: (share) => shares.push(share),
  });
  expect([...ids]).toEqual([attachment.id]);
  expect(shares).toEqual(shares.toSorted((a, b) => a - b));
  expect(shares.at(-1)).toBe(1);
  expect(attempts.uploads).toBeGreaterThanOrEqual(3);
  await client.messages.send(conversationId, { type: 'file', attachments: [attachment.id] }).stored;
  const { url } = await openAttachments(client).download(attachment.id);
  expect(await (await fetch(url)).text()).toBe(text);
});

it('continues with the same attachment after a restart', async () => {
  const first = await clientWith({ uploads: ['held'], completes: [] });
  const id = openAttachments(first.client).newId();
  const end = new AbortController();
  const upload = openAttachments(first.client).upload(first.conversationId, file(), { id, signal: end.signal });
  await expect.poll(() => first.attempts.uploads, { timeout: 60_000 }).toBe(1);
  end.abort(new Error('The program ends'));
  await expect(upload).rejects.toThrow('The program ends');
  first.client.close();

  const second = await clientWith({ uploads: [], completes: [] });
  const attachment = await openAttachments(second.client).upload(second.conversationId, file(), { id });
  expect([...first.ids, ...second.ids]).toEqual([attachment.id, attachment.id]);
  const third = await clientWith({ uploads: [], completes: [] });
  const again = await openAttachments(third.client).upload(third.conversationId, file(), { id });
  expect([again.id, third.attempts.uploads]).toEqual([attachment.id, 0]);
});

it('stops immediately when its signal aborts, even while it waits for another attempt', async () => {
  const end = new AbortController();
  const { client, conversationId, attempts } = await clientWith({
    uploads: Array(50).fill('lost'),
    completes: [],
    onUpload: (count) => {
      if (count === 3) setImmediate(() => end.abort(new Error('Enough')));
    },
  });
  const upload = openAttachments(client).upload(conversationId, file(), { signal: end.signal });
  await expect(upload).rejects.toThrow('Enough');
  await expect(openAttachments(client).upload(conversationId, file(), { signal: end.signal })).rejects.toThrow(
    'Enough',
  );
  expect(attempts).toEqual({ uploads: 3, completes: 0 });
});
