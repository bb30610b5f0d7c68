import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createAttachments, type UploadedFile } from './attachments.ts';
import type { CallRoute } from './http.ts';
import { createServerClock } from './server-clock.ts';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const form = { url: 'https://files.test/', fields: { key: 'quarantine/1' } };

function attachmentsWith(post?: Parameters<typeof createAttachments>[0]['post']) {
  const operations: string[] = [];
  const call = (async (route: { operationId: string }) => {
    operations.push(route.operationId);
    return { ok: true, status: 200, body: { id: 'a', upload: form } };
  }) as unknown as CallRoute;
  const options = { call, clock: createServerClock(), random: () => 0 };
  return { attachments: createAttachments({ ...options, ...(post === undefined ? {} : { post }) }), operations };
}

const fileOf = (data: unknown): UploadedFile => ({ name: 'a.txt', contentType: 'text/plain', data: data as Blob });

describe('an upload', () => {
  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['a text', 'text'],
    ['bytes', new Uint8Array(2)],
    ['a path', { path: '/tmp/a' }],
    ['a file of React Native on another platform', { uri: 'file:///a', size: 2 }],
  ])('rejects without a request when the file is %s', async (_label, data) => {
    const { attachments, operations } = attachmentsWith(async () => undefined);
    await expect(attachments.upload('c', fileOf(data))).rejects.toBeInstanceOf(TypeError);
    expect(operations).toEqual([]);
  });

  it('fails when the file is no longer readable', async () => {
    const gone = new DOMException('The file changed', 'NotReadableError');
    const data = Object.assign(new Blob(['text']), { slice: () => ({ arrayBuffer: () => Promise.reject(gone) }) });
    const post = vi.fn(() => Promise.reject(new TypeError('Failed to fetch')));
    const { attachments } = attachmentsWith(post);
    await expect(attachments.upload('c', fileOf(data))).rejects.toBe(gone);
    expect(post).toHaveBeenCalledTimes(1);
  });
});

describe('React Native', () => {
  /** https://github.com/facebook/react-native/blob/main/packages/react-native/Libraries/Network/FormData.js */
  class NativeFormData {
    readonly parts: [string, unknown][] = [];
    append(name: string, value: unknown): void {
      this.parts.push([name, value]);
    }
    getParts(): unknown {
      return this.parts;
    }
  }
  class NativeRequest extends EventTarget {
    static readonly sent: NativeFormData[] = [];
    readonly upload = new EventTarget();
    readonly status = 204;
    open(): void {}
    abort(): void {}
    send(body: NativeFormData): void {
      NativeRequest.sent.push(body);
      this.upload.dispatchEvent(Object.assign(new Event('progress'), { loaded: 1, total: 4 }));
      this.dispatchEvent(new Event('load'));
    }
  }

  beforeEach(() => {
    vi.stubGlobal('FormData', NativeFormData);
    vi.stubGlobal('XMLHttpRequest', NativeRequest);
    NativeRequest.sent.length = 0;
  });

  it('sends the address, name and type of a file, and reports progress', async () => {
    const { attachments } = attachmentsWith();
    const shares: number[] = [];
    const file = fileOf({ uri: 'file:///a', size: 4 });
    await attachments.upload('c', file, { onProgress: (share) => shares.push(share) });
    const [key, part] = NativeRequest.sent[0]?.parts ?? [];
    expect(key).toEqual(['key', 'quarantine/1']);
    expect(part).toEqual(['file', { uri: 'file:///a', size: 4, name: 'a.txt', type: 'text/plain' }]);
    expect(shares).toEqual([0, 0.25, 1]);
  });

  it('rejects a Blob', async () => {
    const { attachments } = attachmentsWith();
    await expect(attachments.upload('c', fileOf(new Blob(['x'])))).rejects.toThrow('{ uri, size }');
  });
});

it('restarts an upload that stalls', async () => {
  vi.useFakeTimers();
  const attempts: AbortSignal[] = [];
  const fetch = vi.fn<typeof globalThis.fetch>(async (_url, { signal } = {}) => {
    if (signal) attempts.push(signal);
    return attempts.length === 1 ? new Promise<never>(() => undefined) : new Response(null, { status: 204 });
  });
  const call = (async () => ({ ok: true, status: 200, body: { id: 'a', upload: form } })) as unknown as CallRoute;
  const attachments = createAttachments({ call, clock: createServerClock(), random: () => 0, fetch });
  const uploaded = attachments.upload('c', fileOf(new Blob(['x'])));
  await vi.advanceTimersByTimeAsync(61_000);
  expect(await uploaded).toMatchObject({ id: 'a' });
  expect(attempts.map(({ aborted }) => aborted)).toEqual([true, false]);
});
