import type { createAttachment as createAttachmentRoute } from '../../contract/attachments/create-attachment.ts';
import {
  attachmentTooLarge,
  attachmentTypeUnsupported,
  quotaExceeded,
  tooManyUploads,
} from '../../contract/attachments/problems.ts';
import { conversationNotFound } from '../../contract/problems.ts';
import { attachmentTypeOf, attachmentTypes } from '../../contract/schemas/attachment-types.ts';
import { type Refusal, refuse } from '../../core/refusal.ts';
import { countAttempt, tenantBucket } from '../identity/attempt-counter.ts';
import { now } from '../../core/runtime/clock.ts';
import { newId } from '../../core/runtime/ids.ts';
import { count } from '../../core/runtime/metrics.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import { tenantSettings } from '../tenants/tenant-settings.ts';
import { type Announced, type Announcement, replay, withForm } from './announced-attachment.ts';
import { openConversation } from './attachment-conversation.ts';
import { arrivalMs, type AttachmentItem, encryptName } from './attachment-item.ts';
import { announce, announcing, clientAttachment, hasTenantRoom, type UserFiles } from './attachment-store.ts';
import { safeName } from './file-name-rules.ts';
import { announcementLimit, mostPendingBytes, mostPendingFiles, quotaOf } from './upload-limits.ts';

type AnnounceRefusal = Refusal<(typeof createAttachmentRoute)['problems'][number]>;

/** Returns the form for the upload. */
export async function createAttachment(
  principal: Principal,
  announcement: Announcement,
): Promise<Announced | AnnounceRefusal> {
  const { scope, userId } = principal;
  const { conversationId, clientAttachmentId, size } = announcement;
  const [conversation, settings] = await settleAll([
    openConversation(principal, conversationId),
    tenantSettings(scope),
  ]);
  if (conversation === undefined) return refuse(conversationNotFound);
  const { keys } = conversation;
  const contentType = attachmentTypeOf(announcement.contentType, announcement.name);
  if (contentType === undefined) return refuse(attachmentTypeUnsupported, { detail: unsupported(announcement) });
  if (size > settings.attachmentBytes) {
    return refuse(attachmentTooLarge, {
      detail: `The file has ${size} bytes; the limit is ${settings.attachmentBytes}.`,
    });
  }
  const [retryAfterMs, hasRoom] = await settleAll([
    countAttempt(tenantBucket(scope, announcementLimit, userId)),
    hasTenantRoom(scope, settings.tenantQuotaBytes, size),
  ]);
  if (retryAfterMs > 0) {
    return refuse(tooManyUploads, {
      retryAfterMs,
      detail: 'You announced files too fast. Wait, and announce this one again.',
    });
  }
  const name = safeName(announcement.name, contentType);
  if (!hasRoom) {
    // A repetition needs no additional room.
    const isKnown =
      clientAttachmentId !== undefined && (await clientAttachment(scope, userId, clientAttachmentId)) !== undefined;
    return isKnown
      ? replay(principal, keys, { ...announcement, name, contentType })
      : refuse(quotaExceeded, { detail: noTenantRoom });
  }

  const at = now();
  const attachmentId = newId();
  const item: AttachmentItem = {
    ...{ attachmentId, conversationId, ownerId: userId, status: 'announced', contentType },
    ...{ name: encryptName(keys, scope, attachmentId, name), announcedSize: size, counted: size },
    ...{ createdAt: at, dueAt: at + arrivalMs },
  };
  const quota = quotaOf(principal.role, settings.userQuotaBytes);
  const outcome = await announce(scope, item, quota, clientAttachmentId);
  if (outcome.committed) {
    count('AttachmentAnnounced');
    return { created: true, attachment: await withForm(principal, item) };
  }
  if (outcome.failed !== announcing.user) return replay(principal, keys, { ...announcement, name, contentType });
  const files = outcome.existing as UserFiles | undefined;
  const isFull = quota !== null && (files?.bytes ?? 0) + size > quota;
  return isFull
    ? refuse(quotaExceeded, { detail: 'Your files have used up your quota.' })
    : refuse(tooManyUploads, { retryAfterMs: pendingRetryMs, detail: tooManyPending });
}

const pendingRetryMs = 5000;
const tooManyPending = `At most ${mostPendingFiles} files with ${mostPendingBytes / 1024 / 1024} MiB in total can be announced and not completed. Complete the uploaded ones, then announce this one again.`;
const noTenantRoom = 'The files of your tenant have used up its quota.';

function unsupported({ contentType }: Announcement): string {
  const given = contentType === '' ? 'without a type, and with this extension,' : `of the type ${contentType}`;
  const advice = /^video\//i.test(contentType)
    ? ' Videos cannot be sent; announce a sound without a video as audio/mp4 or audio/webm.'
    : '';
  return `Files ${given} cannot be sent.${advice} Types that can be sent: ${attachmentTypes.join(', ')}.`;
}
