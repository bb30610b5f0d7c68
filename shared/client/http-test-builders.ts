import { vi } from 'vitest';

/** What a test sees of a request. */
export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  readonly body: unknown;
}

export type Answerer = (request: SeenRequest) => Response | Promise<Response>;

/** A `fetch` that answers as told, and keeps what was asked. */
export function fakeFetch(answer: Answerer) {
  const requests: SeenRequest[] = [];
  const fetch = vi.fn<typeof globalThis.fetch>(async (input, init = {}) => {
    const { method = 'GET', headers, body, signal } = init;
    const request: SeenRequest = {
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

/** A refusal as the API makes them. */
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
