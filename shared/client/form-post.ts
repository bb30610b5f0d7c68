import { NetworkError } from './network-error.ts';

export interface UploadForm {
  readonly url: string;
  readonly fields: Readonly<Record<string, string>>;
}

export interface PostOptions {
  readonly onProgress?: (share: number) => void;
  readonly signal?: AbortSignal;
}

/** Posts a file with a form. Throws {@link NetworkError} if it was not taken: another form may be. */
export type PostForm = (form: UploadForm, data: Blob, options: PostOptions) => Promise<void>;

/**
 * With XMLHttpRequest where there is one, because only it tells how much has gone out; else with fetch. The file is the
 * last field: S3 ignores what comes after it.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTForms.html
 */
export function createPostForm(fetch: typeof globalThis.fetch = (...input) => globalThis.fetch(...input)): PostForm {
  return async ({ url, fields }, data, options) => {
    const body = new FormData();
    for (const [name, value] of Object.entries(fields)) body.append(name, value);
    body.append('file', data);
    const status = await (typeof XMLHttpRequest === 'undefined'
      ? byFetch(fetch, url, body, options)
      : byRequest(url, body, options));
    if (status < 200 || status >= 300)
      throw new NetworkError('not-understood', `The upload was answered with ${status}`);
  };
}

async function byFetch(
  fetch: typeof globalThis.fetch,
  url: string,
  body: FormData,
  { signal, onProgress }: PostOptions,
): Promise<number> {
  onProgress?.(0);
  try {
    const response = await fetch(url, { method: 'POST', body, ...(signal === undefined ? {} : { signal }) });
    await response.arrayBuffer();
    return response.status;
  } catch (error) {
    throw new NetworkError('unreachable', undefined, error);
  }
}

function byRequest(url: string, body: FormData, { signal, onProgress }: PostOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', url);
    request.upload.addEventListener('progress', ({ loaded, total }) => onProgress?.(total === 0 ? 0 : loaded / total));
    request.addEventListener('load', () => resolve(request.status));
    request.addEventListener('error', () => reject(new NetworkError('unreachable')));
    request.addEventListener('abort', () => reject(new NetworkError('closed')));
    const abort = (): void => request.abort();
    signal?.addEventListener('abort', abort, { once: true });
    request.addEventListener('loadend', () => signal?.removeEventListener('abort', abort));
    request.send(body);
  });
}
