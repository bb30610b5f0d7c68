import { newClientMessageId } from './client-message-id.ts';
import { createDeadline } from './deadline.ts';
import { NetworkError } from './network-error.ts';

export interface UploadForm {
  readonly url: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** A file as React Native names it. */
export interface DeviceFile {
  /** Such as `file:///…` or `content://…`, from a picker. */
  readonly uri: string;
  /** Bytes. */
  readonly size: number;
}

/** What a form carries. */
export type FormFile = Blob | (DeviceFile & { readonly name: string; readonly type: string });

export interface PostOptions {
  readonly onProgress?: (share: number) => void;
  readonly signal?: AbortSignal;
}

/** Posts a file with a form. Throws {@link NetworkError} if it was not taken: another form may be. */
export type PostForm = (form: UploadForm, data: FormFile, options: PostOptions) => Promise<void>;

/** Milliseconds in which nothing goes out and no answer comes, after which the connection counts as dead. */
const stalledMs = 60_000;
/** Bytes that go out between two news of the progress. */
const chunkBytes = 64 * 1024;

/**
 * Posts with XMLHttpRequest where there is one, because only it tells pages and apps how much has gone out. Node's fetch
 * gets a stream, which tells it too. A `fetch` of the program gets a form, of which it tells nothing. The file is the
 * last field: S3 ignores what comes after it.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTForms.html
 */
export function createPostForm(fetch?: typeof globalThis.fetch): PostForm {
  return async ({ url, fields }, data, { signal, onProgress }) => {
    const deadline = createDeadline(stalledMs, signal);
    const going = (share: number): void => {
      deadline.renew();
      onProgress?.(share);
    };
    const options = { signal: deadline.signal, onProgress: going };
    try {
      going(0);
      let sending: Promise<number>;
      if (typeof XMLHttpRequest !== 'undefined') sending = byRequest(url, formOf(fields, data), options);
      else if (fetch === undefined && data instanceof Blob && isServer())
        sending = byStream(url, fields, data, options);
      else sending = byFetch(fetch ?? ((...input) => globalThis.fetch(...input)), url, formOf(fields, data), options);
      const status = await deadline.race(sending);
      if (status >= 200 && status < 300) return;
      throw new NetworkError('not-understood', `The upload was answered with ${status}`);
    } catch (error) {
      if (error instanceof NetworkError) throw error;
      throw new NetworkError(deadline.signal.aborted ? 'timeout' : 'unreachable', undefined, error);
    } finally {
      deadline.end();
    }
  };
}

/**
 * Finds out whether this platform can send a file.
 *
 * @throws TypeError if it cannot.
 */
export function checkFile(data: Blob | DeviceFile): void {
  const isBlob = data instanceof Blob;
  if (!isBlob && typeof (data as Partial<DeviceFile> | undefined)?.uri !== 'string') {
    throw new TypeError('The data of a file is a Blob, or in React Native { uri, size }');
  }
  if (isBlob === isReactNative()) {
    throw new TypeError(
      isBlob ? 'React Native sends no Blob: give { uri, size }' : 'Only React Native sends { uri, size }: give a Blob',
    );
  }
  if (!Number.isSafeInteger(data.size) || data.size < 0) throw new TypeError('The size of a file is a number of bytes');
}

/** Its forms take objects that name a file: https://reactnative.dev/docs/network */
function isReactNative(): boolean {
  return 'getParts' in FormData.prototype;
}

/** Workers of pages have no streams that S3 takes: browsers send them by HTTP/2 only. */
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

/** The form as bytes, read piece by piece as they go out, with the length that S3 wants to know before. */
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
