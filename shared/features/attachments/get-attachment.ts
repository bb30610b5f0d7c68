import type { getAttachment as getAttachmentRoute } from '../../contract/attachments/get-attachment.ts';
import { attachmentNotFound, attachmentNotUploaded, thumbnailNotFound } from '../../contract/attachments/problems.ts';
import type { AttachmentDownload } from '../../contract/schemas/attachment.ts';
import { type Refusal, refuse } from '../../core/refusal.ts';
import { now, toTimestamp } from '../../core/runtime/clock.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import type { InputOf } from '../../core/use-case.ts';
import { openConversation } from './attachment-conversation.ts';
import { isExamined, viewOf } from './attachment-item.ts';
import { loadAttachment } from './attachment-store.ts';
import { contentDisposition } from './file-name-rules.ts';
import { attachmentPrefix, files } from './object-store.ts';
import { refuseRejected } from './rejection-refusal.ts';
import { thumbnailType } from './thumbnail-rules.ts';

/** For users who see its message, and before it is sent, for its owner. */
export async function getAttachment(
  principal: Principal,
  { attachmentId, variant = 'original' }: InputOf<typeof getAttachmentRoute>,
): Promise<AttachmentDownload | Refusal<(typeof getAttachmentRoute)['problems'][number]>> {
  const { scope, userId } = principal;
  const item = await loadAttachment(scope, attachmentId);
  if (item === undefined || item.status === 'discarded') return refuse(attachmentNotFound);
  if (item.sentSeq === undefined && item.ownerId !== userId) return refuse(attachmentNotFound);
  const conversation = await openConversation(principal, item.conversationId);
  if (conversation === undefined) return refuse(attachmentNotFound);
  const { access, keys } = conversation;
  if (item.sentSeq !== undefined && item.sentSeq < access.visibleFrom) return refuse(attachmentNotFound);
  if (item.status === 'rejected') return refuseRejected(item);
  if (!isExamined(item)) return refuse(attachmentNotUploaded);

  const view = viewOf(keys, scope, item);
  if (variant === 'thumbnail' && !view.hasThumbnail) return refuse(thumbnailNotFound);
  const name = `${attachmentPrefix(item.conversationId, attachmentId)}${item.properties.digest}/${variant}`;
  const { url, lifeMs } =
    variant === 'thumbnail'
      ? await files.downloadAddress(scope, name, thumbnailType, contentDisposition('inline', `${view.name}.webp`))
      : await files.downloadAddress(
          scope,
          name,
          servedType(view.contentType, item.properties.charset),
          contentDisposition(modeOf(view.contentType), view.name),
        );
  return { ...view, url, expiresAt: toTimestamp(now() + lifeMs) };
}

/** Browsers show only pictures and sounds, which cannot run code. */
function modeOf(contentType: string): 'inline' | 'attachment' {
  return /^(image|audio)\//.test(contentType) ? 'inline' : 'attachment';
}

/** Adds a known charset, so that browsers need not guess it. */
function servedType(contentType: string, charset: string | undefined): string {
  return charset === undefined ? contentType : `${contentType}; charset=${charset}`;
}
