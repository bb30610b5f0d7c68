import type { createAttachment as createAttachmentRoute } from '../contract/attachments/create-attachment.ts';
import {
  attachmentConflict,
  attachmentTooLarge,
  attachmentTypeUnsupported,
  quotaExceeded,
} from '../contract/attachments/problems.ts';
import { conversationNotFound } from '../contract/problems.ts';
import { type AnnouncedAttachment, type AttachmentType, attachmentTypes } from '../contract/schemas/attachment.ts';
import type { RouteInput } from '../contract/kit/define-route.ts';
import { participation } from '../conversations/open-conversation.ts';
import { type TenantKeys, tenantKeys } from '../encryption/data-keys.ts';
import { type Refusal, refuse } from '../handler/refusal.ts';
import { now, toTimestamp } from '../runtime/clock.ts';
import { newId } from '../runtime/ids.ts';
import { count } from '../runtime/metrics.ts';
import { together } from '../runtime/together.ts';
import type { Principal } from '../tenancy/principal.ts';
import { tenantSettings } from '../tenants/tenant-settings.ts';
import { arrivalMs, type AttachmentItem, encryptName, nameOf } from './attachment-item.ts';
import { announce, announcing, clientAttachment, loadAttachment } from './attachment-store.ts';
import { safeName } from './file-name-rules.ts';
import { quarantineKey, uploadForm } from './object-store.ts';

type Announcement = RouteInput<typeof createAttachmentRoute>['body'];
type AnnounceRefusal = Refusal<(typeof createAttachmentRoute)['problems'][number]>;
type Announced = { readonly created: boolean; readonly attachment: AnnouncedAttachment };

/** Announces a file of a conversation and gives the form to upload it with. */
export async function createAttachment(
  principal: Principal,
  announcement: Announcement,
): Promise<Announced | AnnounceRefusal> {
  const { scope, userId } = principal;
  const { conversationId, clientAttachmentId, size } = announcement;
  const [conversation, settings, keys] = await together([
    participation(scope, conversationId, userId),
    tenantSettings(scope),
    tenantKeys(scope),
  ]);
  if (conversation === undefined) return refuse(conversationNotFound);
  const contentType = knownType(announcement.contentType);
  if (contentType === undefined) {
    return refuse(attachmentTypeUnsupported, { detail: `Types that can be sent: ${attachmentTypes.join(', ')}.` });
  }
  if (size > settings.attachmentBytes) {
    return refuse(attachmentTooLarge, {
      detail: `The file has ${size} bytes; the limit is ${settings.attachmentBytes}.`,
    });
  }

  const at = now();
  const attachmentId = newId();
  const name = safeName(announcement.name);
  const item: AttachmentItem = {
    ...{ attachmentId, conversationId, ownerId: userId, status: 'announced', contentType },
    ...{ name: encryptName(keys, scope, attachmentId, name), announcedSize: size, counted: size },
    ...{ createdAt: at, dueAt: at + arrivalMs },
  };
  const outcome = await announce(scope, item, settings, clientAttachmentId);
  if (outcome.committed) {
    count('AttachmentAnnounced');
    return { created: true, attachment: await withForm(principal, item) };
  }
  switch (outcome.failed) {
    case announcing.userQuota:
      return refuse(quotaExceeded, { detail: 'Your own files take all the room that you have.' });
    case announcing.tenantQuota:
      return refuse(quotaExceeded, { detail: 'The files of your tenant take all the room that it has.' });
    default:
      return replay(principal, keys, { ...announcement, name, contentType });
  }
}

/** The answer to a repetition: the attachment that the client's id stands for. */
async function replay(
  principal: Principal,
  keys: TenantKeys,
  announcement: Announcement & { readonly contentType: AttachmentType },
): Promise<Announced | Refusal<typeof attachmentConflict>> {
  const { scope, userId } = principal;
  const known = await clientAttachment(scope, userId, announcement.clientAttachmentId ?? '');
  const item = known && (await loadAttachment(scope, known.attachmentId));
  if (item === undefined || item.status === 'discarded') {
    return refuse(attachmentConflict, { detail: 'That file was not sent in time and is deleted. Take a new id.' });
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

async function withForm({ scope }: Principal, item: AttachmentItem): Promise<AnnouncedAttachment> {
  const { attachmentId, contentType, announcedSize } = item;
  const form = await uploadForm(scope, quarantineKey(scope, attachmentId), contentType, announcedSize);
  const expiresAt = toTimestamp(now() + form.lifeMs);
  return { id: attachmentId, upload: { url: form.url, fields: { ...form.fields }, expiresAt } };
}

/** `audio/webm;codecs=opus`, as recorders say it, is `audio/webm`. */
function knownType(given: string): AttachmentType | undefined {
  const essence = given.split(';', 1)[0]?.trim().toLowerCase();
  return attachmentTypes.find((type) => type === essence);
}
