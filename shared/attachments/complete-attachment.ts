import { createHash } from 'node:crypto';
import type { completeAttachment as completeAttachmentRoute } from '../contract/attachments/complete-attachment.ts';
import {
  attachmentBeingExamined,
  attachmentNotFound,
  attachmentNotUploaded,
  quotaExceeded,
} from '../contract/attachments/problems.ts';
import type { AttachmentView } from '../contract/schemas/attachment.ts';
import { participation } from '../conversations/open-conversation.ts';
import { tenantKeys } from '../encryption/data-keys.ts';
import { type Refusal, refuse } from '../handler/refusal.ts';
import { now } from '../runtime/clock.ts';
import { count } from '../runtime/metrics.ts';
import { together } from '../runtime/together.ts';
import type { Principal } from '../tenancy/principal.ts';
import type { TenantScope } from '../tenancy/tenant-scope.ts';
import { tenantSettings } from '../tenants/tenant-settings.ts';
import { type AttachmentItem, hasFacts, viewOf } from './attachment-item.ts';
import {
  beginExamination,
  discardObjects,
  forgetExamination,
  hasTenantRoom,
  loadAttachment,
  markReady,
  markRejected,
  tenantQuota,
} from './attachment-store.ts';
import { type Accepted, examine } from './examine.ts';
import type { Rejected } from './inspection-rules.ts';
import { attachmentPrefix, deleteObject, quarantineKey, readObject, writeObject } from './object-store.ts';
import { refuseRejected } from './rejection-refusal.ts';
import { thumbnailType } from './thumbnail-rules.ts';
import { mostExaminations } from './upload-limits.ts';

type Completion = AttachmentView | Refusal<(typeof completeAttachmentRoute)['problems'][number]>;

const retryAfterMs = 5000;
const noTenantRoom =
  'The files of your tenant take all the room that it has. This one stays uploaded for an hour: complete it again when there is room.';

/**
 * Examines an uploaded file and keeps or deletes it. The item holds the decision, which is made once, however many
 * requests there are at a time, and wherever a function died before.
 */
export async function completeAttachment(principal: Principal, attachmentId: string): Promise<Completion> {
  const { scope, userId } = principal;
  const item = await loadAttachment(scope, attachmentId);
  if (item === undefined || item.ownerId !== userId) return refuse(attachmentNotFound);
  if ((await participation(scope, item.conversationId, userId)) === undefined) return refuse(attachmentNotFound);
  const settled = await outcomeOf(scope, item);
  if (settled !== undefined) return settled;

  const [uploaded, settings] = await together([
    readObject(scope, quarantineKey(scope, attachmentId)),
    tenantSettings(scope),
  ]);
  if (uploaded === undefined) {
    // Another request may have completed it, and deleted the upload, since the item was read.
    return decided(scope, attachmentId, refuse(attachmentNotUploaded));
  }
  const { tenantQuotaBytes } = settings;
  if (!(await hasTenantRoom(scope, tenantQuotaBytes, item.counted))) {
    return refuse(quotaExceeded, { detail: noTenantRoom });
  }
  const start = await beginExamination(scope, attachmentId, now());
  if (start === 'busy') return refuse(attachmentBeingExamined, { retryAfterMs });
  if (start === 'exhausted') await reject(scope, item, notExamined);
  if (start === 'begun') {
    const refusal = await examineAndKeep(scope, item, uploaded, tenantQuotaBytes);
    if (refusal !== undefined) return refusal;
  }
  return decided(scope, attachmentId, refuse(attachmentNotFound));
}

const notExamined = {
  kind: 'rejected',
  rejection: 'not-examined',
  detail: `The file could not be examined in the time that there is, in ${mostExaminations} attempts. Save it in a simpler form.`,
} as const;

async function examineAndKeep(
  scope: TenantScope,
  item: AttachmentItem,
  uploaded: Uint8Array,
  tenantQuotaBytes: number | null,
): Promise<Refusal<typeof quotaExceeded> | undefined> {
  const examined = await examine(item, uploaded);
  // From here on, a failure is not the file's.
  try {
    if (examined.kind === 'rejected') await reject(scope, item, examined);
    else if (!(await keep(scope, item, examined, tenantQuotaBytes))) {
      await forgetExamination(scope, item.attachmentId);
      return refuse(quotaExceeded, { detail: noTenantRoom });
    }
    return undefined;
  } catch (error) {
    await forgetExamination(scope, item.attachmentId);
    throw error;
  }
}

async function reject(scope: TenantScope, item: AttachmentItem, rejected: Rejected): Promise<void> {
  const { committed } = await markRejected(scope, item, rejected);
  if (committed) count('AttachmentRejected');
}

/** What the item says now, or the given answer while it says nothing. */
async function decided(scope: TenantScope, attachmentId: string, otherwise: Completion): Promise<Completion> {
  const newest = await loadAttachment(scope, attachmentId);
  return (newest && (await outcomeOf(scope, newest))) ?? otherwise;
}

/** What was decided about an attachment; nothing as long as it is awaited. */
async function outcomeOf(scope: TenantScope, item: AttachmentItem): Promise<Completion | undefined> {
  if (item.status === 'announced') return undefined;
  // Also in a repetition: the first may have died before.
  await deleteObject(scope, quarantineKey(scope, item.attachmentId));
  if (item.status === 'rejected') return refuseRejected(item);
  if (item.status === 'discarded' || !hasFacts(item)) return refuse(attachmentNotFound);
  return viewOf(await tenantKeys(scope), scope, item);
}

/**
 * Stores what was examined, and then records it. A request that comes second has its own copy swept, unless it is the
 * same.
 * @returns false if the tenant has no room for it.
 */
async function keep(
  scope: TenantScope,
  item: AttachmentItem,
  { bytes, facts, thumbnail }: Accepted,
  tenantQuotaBytes: number | null,
): Promise<boolean> {
  const { attachmentId, conversationId } = item;
  const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 32);
  const prefix = `${attachmentPrefix(scope, conversationId, attachmentId)}${digest}/`;
  await together([
    writeObject(scope, `${prefix}original`, facts.contentType ?? item.contentType, bytes),
    ...(thumbnail === undefined ? [] : [writeObject(scope, `${prefix}thumbnail`, thumbnailType, thumbnail)]),
  ]);
  const all = { digest, size: bytes.length, ...facts, hasThumbnail: thumbnail !== undefined };
  const outcome = await markReady(scope, item, all, tenantQuotaBytes, now());
  if (outcome.committed) {
    count('AttachmentReady');
    return true;
  }
  // What was stored is stored again when there is room, or swept with the file.
  if (outcome.failed === tenantQuota) return false;
  const other = outcome.existing as AttachmentItem | undefined;
  if (other?.facts?.digest !== digest) await discardObjects(scope, conversationId, attachmentId);
  return true;
}
