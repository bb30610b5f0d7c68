import { vi } from 'vitest';

export interface RecordedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  readonly body: unknown;
}

export type Answerer = (request: RecordedRequest) => Response | Promise<Response>;

export function fakeFetch(answer: Answerer) {
  const requests: RecordedRequest[] = [];
  const fetch = vi.fn<typeof globalThis.fetch>(async (input, init = {}) => {
    const { method = 'GET', headers, body, signal } = init;
    const request: RecordedRequest = {
      method,
      url: input as string,
      headers: new Headers(headers),
      body: typeof body === 'string' ? JSON.parse(body) : undefined,
    };
    requests.push(request);
    signal?.throwIfAborted();
    return new Promise<Response>((resolve, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason as Error));
      Promise.resolve(answer(request)).then(resolve, reject);
    });
  });
  return { fetch, requests };
}

export function json(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } });
}

export function refusal(status: number, code: string, more: object = {}) {
  const problem = {
    type: `/reference#${code}`,
    title: code,
    status,
    detail: code,
    code,
    retryable: false,
    requestId: 'r1',
  };
  return { ...problem, ...more };
}
