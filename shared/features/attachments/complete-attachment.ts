import type { completeAttachment as completeAttachmentRoute } from '../../contract/attachments/complete-attachment.ts';
import {
  attachmentBeingExamined,
  attachmentNotFound,
  attachmentNotUploaded,
  quotaExceeded,
} from '../../contract/attachments/problems.ts';
import type { AttachmentView } from '../../contract/schemas/attachment.ts';
import type { TenantKeys } from '../../core/encryption/data-keys.ts';
import { type Refusal, refuse } from '../../core/refusal.ts';
import { now } from '../../core/runtime/clock.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import type { InputOf } from '../../core/use-case.ts';
import { tenantSettings } from '../tenants/tenant-settings.ts';
import { openConversation } from './attachment-conversation.ts';
import { type AttachmentItem, isExamined, viewOf } from './attachment-item.ts';
import { beginExamination, discardReady, hasTenantRoom, isBusy, loadAttachment } from './attachment-store.ts';
import { examineAndKeep, noTenantRoom, reject } from './examine-and-keep.ts';
import { quarantine } from './object-store.ts';
import { refuseRejected } from './rejection-refusal.ts';
import { mostExaminations } from './upload-limits.ts';

type Completion = AttachmentView | Refusal<(typeof completeAttachmentRoute)['problems'][number]>;

const retryAfterMs = 5000;

/** Decides once, even with concurrent requests and after a crash at any point. */
export async function completeAttachment(
  principal: Principal,
  { attachmentId }: InputOf<typeof completeAttachmentRoute>,
): Promise<Completion> {
  const { scope, userId } = principal;
  const item = await loadAttachment(scope, attachmentId);
  if (item === undefined || item.ownerId !== userId) return refuse(attachmentNotFound);
  const conversation = await openConversation(principal, item.conversationId);
  if (conversation === undefined) return refuse(attachmentNotFound);
  const { keys } = conversation;
  const settled = await outcomeOf(scope, keys, item);
  if (settled !== undefined) return settled;
  if (isBusy(item, now())) return refuse(attachmentBeingExamined, { retryAfterMs });

  const [uploaded, settings] = await settleAll([quarantine.read(scope, attachmentId), tenantSettings(scope)]);
  if (uploaded === undefined) {
    // Another request may have completed the file and deleted the upload.
    return decided(scope, keys, attachmentId, refuse(attachmentNotUploaded));
  }
  const { tenantQuotaBytes } = settings;
  if (!(await hasTenantRoom(scope, tenantQuotaBytes, item.counted))) {
    return refuse(quotaExceeded, { detail: noTenantRoom });
  }
  const start = await beginExamination(scope, attachmentId, now());
  if (start === 'busy') return refuse(attachmentBeingExamined, { retryAfterMs });
  if (start === 'exhausted') await reject(scope, item, notExamined);
  if (start === 'begun') {
    const refusal = await examineAndKeep({ scope, keys, item, tenantQuotaBytes }, uploaded);
    if (refusal !== undefined) return refusal;
    // The customer may have wiped the conversation meanwhile, and its files may have been deleted already.
    if ((await openConversation(principal, item.conversationId)) === undefined) {
      await discardReady(scope, attachmentId);
      return refuse(attachmentNotFound);
    }
  }
  return decided(scope, keys, attachmentId, refuse(attachmentNotFound));
}

const notExamined = {
  kind: 'rejected',
  rejection: 'not-examined',
  detail: `The file could not be examined in time, in ${mostExaminations} attempts. Save it in a simpler form.`,
} as const;

async function decided(
  scope: TenantScope,
  keys: TenantKeys,
  attachmentId: string,
  otherwise: Completion,
): Promise<Completion> {
  const newest = await loadAttachment(scope, attachmentId);
  return (newest && (await outcomeOf(scope, keys, newest))) ?? otherwise;
}

/** Undefined while the file is pending. */
async function outcomeOf(scope: TenantScope, keys: TenantKeys, item: AttachmentItem): Promise<Completion | undefined> {
  if (item.status === 'announced') return undefined;
  // The first attempt may have crashed before the deletion.
  await quarantine.delete(scope, item.attachmentId);
  if (item.status === 'rejected') return refuseRejected(item);
  if (item.status === 'discarded' || !isExamined(item)) return refuse(attachmentNotFound);
  return viewOf(keys, scope, item);
}
