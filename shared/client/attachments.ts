import { completeAttachment } from '../contract/attachments/complete-attachment.ts';
import { createAttachment } from '../contract/attachments/create-attachment.ts';
import { getAttachment } from '../contract/attachments/get-attachment.ts';
import type { AnnouncedAttachment, AttachmentDownload, AttachmentView } from '../contract/schemas/attachment.ts';
import type { Guest } from '../contract/schemas/guest.ts';
import type { User } from '../contract/schemas/user.ts';
import { type Accepted, answerOf } from './answer-of.ts';
import { createBackOff } from './back-off.ts';
import type { ChatClient } from './chat-client.ts';
import { newClientMessageId } from './client-message-id.ts';
import { throwIfAborted } from './deadline.ts';
import { checkFile, createPostForm, type DeviceFile, type FormFile, type PostForm } from './form-post.ts';
import type { CallRoute } from './http.ts';
import { NetworkError } from './network-error.ts';
import { waitOf as problemWait } from './retry-after-rules.ts';
import { RefusedError } from './refused-error.ts';
import type { ServerClock } from './server-clock.ts';

export interface UploadedFile {
  readonly name: string;
  readonly contentType: string;
  /** {@link DeviceFile} in React Native, whose forms do not support Blobs. */
  readonly data: Blob | DeviceFile;
}

export interface UploadOptions {
  /** A fraction from 0 to 1 that never decreases. */
  readonly onProgress?: (share: number) => void;
  readonly signal?: AbortSignal;
  /** From {@link Attachments.newId}. A restarted program continues the upload with the same id. */
  readonly id?: string;
}

export interface Attachments {
  newId(): string;
  /**
   * Retries interrupted uploads. Send the result with `messages.send(conversationId, { type: 'image', attachments: [id]
   * })`.
   *
   * @throws RefusedError, an aborted signal's reason, TypeError if the platform does not support `data`, or the
   *   browser's error if the file is unreadable.
   */
  upload(conversationId: string, file: UploadedFile, options?: UploadOptions): Promise<AttachmentView>;
  /** The URL is valid for a short time. */
  download(attachmentId: string, variant?: 'original' | 'thumbnail'): Promise<AttachmentDownload>;
}

/** After this many rejections, a new form would not help. */
const mostRefusals = 5;

export interface AttachmentsOptions {
  readonly call: CallRoute;
  readonly clock: ServerClock;
  readonly post?: PostForm;
  readonly fetch?: typeof globalThis.fetch;
  readonly random?: () => number;
}

export function openAttachments(client: ChatClient<User | Guest>): Attachments {
  const { clock, fetch, random } = client.internals;
  return createAttachments({
    ...{ call: client.call, clock },
    ...(fetch === undefined ? {} : { fetch }),
    ...(random === undefined ? {} : { random }),
  });
}

export function createAttachments(options: AttachmentsOptions): Attachments {
  const { call, clock, random } = options;
  const post = options.post ?? createPostForm(options.fetch);
  const attempt = async (body: CreateBody, data: FormFile, { signal, onProgress }: UploadOptions) => {
    const until = signal === undefined ? {} : { signal };
    const announced: AnnouncedAttachment = await answerOf(call, createAttachment, { body, ...until });
    // An earlier attempt completed, but its answer was lost.
    if (announced.upload !== undefined) {
      await post(announced.upload, data, { ...until, ...(onProgress === undefined ? {} : { onProgress }) });
    }
    onProgress?.(1);
    return answerOf(call, completeAttachment, { params: { attachmentId: announced.id }, ...until });
  };
  const newId = (): string => newClientMessageId(clock.now());
  return {
    newId,
    upload: async (conversationId, { name, contentType, data }, uploadOptions = {}) => {
      checkFile(data);
      const file = data instanceof Blob ? data : { ...data, name, type: contentType };
      const body = {
        conversationId,
        name,
        contentType,
        size: data.size,
        clientAttachmentId: uploadOptions.id ?? newId(),
      };
      const attemptOptions = {
        ...uploadOptions,
        ...(uploadOptions.onProgress === undefined ? {} : { onProgress: increasing(uploadOptions.onProgress) }),
      };
      const backOff = createBackOff(random === undefined ? {} : { random });
      for (let refusals = 0; ;) {
        try {
          throwIfAborted(uploadOptions.signal);
          return await attempt(body, file, attemptOptions);
        } catch (error) {
          throwIfAborted(uploadOptions.signal);
          // A deleted or changed file fails like a lost connection. This read throws the real error.
          if (data instanceof Blob) await data.slice(0, 1).arrayBuffer();
          if (error instanceof NetworkError && error.failure === 'not-understood') refusals += 1;
          if (!isTemporary(error) || refusals >= mostRefusals) throw error;
          await pause(Math.max(backOff.next(), waitOf(error)), uploadOptions.signal);
        }
      }
    },
    download: (attachmentId, variant = 'original'): Promise<Accepted<typeof getAttachment>> =>
      answerOf(call, getAttachment, { params: { attachmentId }, query: { variant } }),
  };
}

interface CreateBody {
  readonly conversationId: string;
  readonly name: string;
  readonly contentType: string;
  readonly size: number;
  readonly clientAttachmentId: string;
}

/** The server returns a new form for an incomplete upload. */
function isTemporary(error: unknown): boolean {
  if (error instanceof NetworkError) return true;
  return error instanceof RefusedError && (error.problem.retryable || error.problem.code === 'ATTACHMENT_NOT_UPLOADED');
}

function waitOf(error: unknown): number {
  return error instanceof RefusedError ? (problemWait(error.problem) ?? 0) : 0;
}

function increasing(onProgress: (share: number) => void): (share: number) => void {
  let most = -1;
  return (share) => {
    if (share <= most) return;
    most = share;
    onProgress(share);
  };
}

function pause(waitMs: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, signal?.aborted === true ? 0 : waitMs);
    signal?.addEventListener('abort', done, { once: true });
  });
}
