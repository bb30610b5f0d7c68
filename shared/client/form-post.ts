import { newClientMessageId } from './client-message-id.ts';
import { createDeadline } from './deadline.ts';
import { NetworkError } from './network-error.ts';

export interface UploadForm {
  readonly url: string;
  readonly fields: Readonly<Record<string, string>>;
}

export interface DeviceFile {
  readonly uri: string;
  /** Bytes. */
  readonly size: number;
}

export type FormFile = Blob | (DeviceFile & { readonly name: string; readonly type: string });

export interface PostOptions {
  readonly onProgress?: (share: number) => void;
  readonly signal?: AbortSignal;
}

/** Throws {@link NetworkError} if a new form may help. */
export type PostForm = (form: UploadForm, data: FormFile, options: PostOptions) => Promise<void>;

/** Limit without progress or an answer. */
const stalledMs = 60_000;
const chunkBytes = 64 * 1024;

/**
 * Only XMLHttpRequest reports progress to pages and apps. The file must be the last field: S3 ignores later ones.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTForms.html
 */
export function createPostForm(fetch?: typeof globalThis.fetch): PostForm {
  return async ({ url, fields }, data, { signal, onProgress }) => {
    const deadline = createDeadline(stalledMs, signal);
    const report = (share: number): void => {
      deadline.renew();
      onProgress?.(share);
    };
    const options = { signal: deadline.signal, onProgress: report };
    try {
      report(0);
      let sending: Promise<number>;
      if (typeof XMLHttpRequest !== 'undefined') sending = byRequest(url, formOf(fields, data), options);
      else if (fetch === undefined && data instanceof Blob && isServer())
        sending = byStream(url, fields, data, options);
      else sending = byFetch(fetch ?? ((...input) => globalThis.fetch(...input)), url, formOf(fields, data), options);
      const status = await deadline.race(sending);
      if (status >= 200 && status < 300) return;
      throw new NetworkError('not-understood', `the upload returned status ${status}`);
    } catch (error) {
      if (error instanceof NetworkError) throw error;
      throw new NetworkError(deadline.signal.aborted ? 'timeout' : 'unreachable', undefined, error);
    } finally {
      deadline.end();
    }
  };
}

/** @throws TypeError if this platform cannot send the file. */
export function checkFile(data: Blob | DeviceFile): void {
  const isBlob = data instanceof Blob;
  if (!isBlob && typeof (data as Partial<DeviceFile> | undefined)?.uri !== 'string') {
    throw new TypeError('The data of a file must be a Blob, or { uri, size } in React Native');
  }
  if (isBlob === isReactNative()) {
    throw new TypeError(
      isBlob
        ? 'React Native cannot send a Blob: pass { uri, size }'
        : 'Only React Native can send { uri, size }: pass a Blob',
    );
  }
  if (!Number.isSafeInteger(data.size) || data.size < 0) {
    throw new TypeError('The size of a file must be a number of bytes');
  }
}

/** React Native's forms accept objects that name a file: https://reactnative.dev/docs/network */
function isReactNative(): boolean {
  return 'getParts' in FormData.prototype;
}

/** Excludes web workers: browsers stream bodies only over HTTP/2, which S3 does not support. */
function isServer(): boolean {
  return !('WorkerGlobalScope' in globalThis);
}

function formOf(fields: UploadForm['fields'], data: FormFile): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append('file', data as Blob);
  return form;
}

interface SendOptions {
  readonly onProgress: (share: number) => void;
  readonly signal: AbortSignal;
}

async function byFetch(
  fetch: typeof globalThis.fetch,
  url: string,
  body: FormData,
  { signal }: SendOptions,
): Promise<number> {
  const response = await fetch(url, { method: 'POST', body, signal });
  await response.arrayBuffer();
  return response.status;
}

/** S3 requires the content length. */
async function byStream(
  url: string,
  fields: UploadForm['fields'],
  data: Blob,
  { signal, onProgress }: SendOptions,
): Promise<number> {
  const boundary = newClientMessageId(Date.now());
  const parts = Object.entries(fields).map(
    ([name, value]) => `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  const file = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="blob"\r\n\r\n`;
  const whole = new Blob([...parts, file, data, `\r\n--${boundary}--\r\n`]);
  let offset = 0;
  const body = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      const piece = whole.slice(offset, offset + chunkBytes);
      if (piece.size === 0) return controller.close();
      controller.enqueue(new Uint8Array(await piece.arrayBuffer()));
      onProgress(offset / whole.size);
      offset += piece.size;
    },
  });
  const init = {
    method: 'POST',
    body,
    signal,
    duplex: 'half',
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}`, 'content-length': String(whole.size) },
  };
  const response = await globalThis.fetch(url, init);
  await response.arrayBuffer();
  return response.status;
}

function byRequest(url: string, body: FormData, { signal, onProgress }: SendOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', url);
    request.upload.addEventListener('progress', ({ loaded, total }) => onProgress(total === 0 ? 0 : loaded / total));
    request.addEventListener('load', () => resolve(request.status));
    request.addEventListener('error', () => reject(new NetworkError('unreachable')));
    request.addEventListener('abort', () => reject(new NetworkError('closed')));
    const abort = (): void => request.abort();
    signal.addEventListener('abort', abort);
    request.addEventListener('loadend', () => signal.removeEventListener('abort', abort));
    request.send(body);
  });
}
