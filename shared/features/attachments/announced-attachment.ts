import { attachmentConflict } from '../../contract/attachments/problems.ts';
import type { createAttachment as createAttachmentRoute } from '../../contract/attachments/create-attachment.ts';
import type { RouteInput } from '../../contract/kit/define-route.ts';
import type { AnnouncedAttachment } from '../../contract/schemas/attachment.ts';
import type { AttachmentType } from '../../contract/schemas/attachment-types.ts';
import type { TenantKeys } from '../../core/encryption/data-keys.ts';
import { type Refusal, refuse } from '../../core/refusal.ts';
import { now, toTimestamp } from '../../core/runtime/clock.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import { type AttachmentItem, nameOf } from './attachment-item.ts';
import { clientAttachment, loadAttachment } from './attachment-store.ts';
import { quarantine } from './object-store.ts';

export type Announcement = RouteInput<typeof createAttachmentRoute>['body'];
export type Announced = { readonly created: boolean; readonly attachment: AnnouncedAttachment };

/** Answers a repeated announcement. */
export async function replay(
  principal: Principal,
  keys: TenantKeys,
  announcement: Announcement & { readonly contentType: AttachmentType },
): Promise<Announced | Refusal<typeof attachmentConflict>> {
  const { scope, userId } = principal;
  const earlier = await clientAttachment(scope, userId, announcement.clientAttachmentId ?? '');
  const item = earlier && (await loadAttachment(scope, earlier.attachmentId));
  if (item === undefined || item.status === 'discarded') {
    return refuse(attachmentConflict, { detail: 'That file was not sent in time and is deleted. Use a new id.' });
  }
  const isSame =
    item.conversationId === announcement.conversationId &&
    item.contentType === announcement.contentType &&
    item.announcedSize === announcement.size &&
    nameOf(keys, scope, item) === announcement.name;
  if (!isSame) return refuse(attachmentConflict);
  const attachment = item.status === 'announced' ? await withForm(principal, item) : { id: item.attachmentId };
  return { created: false, attachment };
}

export async function withForm({ scope }: Principal, item: AttachmentItem): Promise<AnnouncedAttachment> {
  const { attachmentId, contentType, announcedSize } = item;
  const form = await quarantine.uploadForm(scope, attachmentId, contentType, announcedSize);
  const expiresAt = toTimestamp(now() + form.lifeMs);
  return { id: attachmentId, upload: { url: form.url, fields: { ...form.fields }, expiresAt } };
}
