import { completeAttachment } from '../contract/attachments/complete-attachment.ts';
import { createAttachment } from '../contract/attachments/create-attachment.ts';
import { getAttachment } from '../contract/attachments/get-attachment.ts';
import type { AnnouncedAttachment, AttachmentDownload, AttachmentView } from '../contract/schemas/attachment.ts';
import { type Accepted, answerOf } from './answer-of.ts';
import { createBackOff } from './back-off.ts';
import { newClientMessageId } from './client-message-id.ts';
import { postForm, type PostForm } from './form-post.ts';
import type { CallRoute } from './http.ts';
import { NetworkError } from './network-error.ts';
import { RefusedError } from './refused-error.ts';
import type { ServerClock } from './server-clock.ts';

export interface UploadedFile {
  readonly name: string;
  /** Such as `image/jpeg`. */
  readonly contentType: string;
  readonly data: Blob;
}

export interface UploadOptions {
  /** Hears how much of the file has gone out, from 0 to 1. */
  readonly onProgress?: (share: number) => void;
  /** Gives up when it aborts. */
  readonly signal?: AbortSignal;
}

export interface Attachments {
  /**
   * Uploads a file for a conversation, and has it examined. Whatever breaks off is tried again, with a new form when the
   * old one has expired, until it is there, is refused or is given up. Then a message can carry it:
   * `send(conversationId, { type: 'image', attachments: [id] })`.
   *
   * @throws RefusedError if it was refused, or what the signal says.
   */
  upload(conversationId: string, file: UploadedFile, options?: UploadOptions): Promise<AttachmentView>;
  /** An address that gives the bytes for a short time. */
  download(attachmentId: string, variant?: 'original' | 'thumbnail'): Promise<AttachmentDownload>;
}

/** A form that is not taken has mostly expired; one that never is taken would not be tomorrow. */
const mostRefusals = 5;

export interface AttachmentsOptions {
  readonly call: CallRoute;
  readonly clock: ServerClock;
  readonly post?: PostForm;
  readonly random?: () => number;
}

export function createAttachments({ call, clock, post = postForm, random }: AttachmentsOptions): Attachments {
  const attempt = async (body: CreateBody, data: Blob, options: UploadOptions): Promise<AttachmentView> => {
    const announced: AnnouncedAttachment = await answerOf(call, createAttachment, { body });
    // Without a form it was uploaded and examined before, and only the answer was lost.
    if (announced.upload !== undefined) await post(announced.upload, data, options);
    options.onProgress?.(1);
    return answerOf(call, completeAttachment, { params: { attachmentId: announced.id } });
  };
  return {
    upload: async (conversationId, { name, contentType, data }, options = {}) => {
      const clientAttachmentId = newClientMessageId(clock.now());
      const body = { conversationId, name, contentType, size: data.size, clientAttachmentId };
      const backOff = createBackOff(random === undefined ? {} : { random });
      for (let refusals = 0; ;) {
        try {
          options.signal?.throwIfAborted();
          return await attempt(body, data, options);
        } catch (error) {
          options.signal?.throwIfAborted();
          if (error instanceof NetworkError && error.failure === 'not-understood') refusals += 1;
          if (!isPassing(error) || refusals >= mostRefusals) throw error;
          await pause(backOff.next(), options.signal);
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

/** Worth another attempt. What was not uploaded whole is asked for with a new form. */
function isPassing(error: unknown): boolean {
  if (error instanceof NetworkError) return true;
  return error instanceof RefusedError && (error.problem.retryable || error.problem.code === 'ATTACHMENT_NOT_UPLOADED');
}

function pause(waitMs: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, waitMs);
    const give = (): void => {
      clearTimeout(timer);
      reject(signal?.reason instanceof Error ? signal.reason : new Error('Given up'));
    };
    signal?.addEventListener('abort', give, { once: true });
  });
}
