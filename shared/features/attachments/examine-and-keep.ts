import { createHash } from 'node:crypto';
import { quotaExceeded } from '../../contract/attachments/problems.ts';
import { type Refusal, refuse } from '../../core/refusal.ts';
import { now } from '../../core/runtime/clock.ts';
import { count } from '../../core/runtime/metrics.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import type { AttachmentType } from '../../contract/schemas/attachment-types.ts';
import type { TenantKeys } from '../../core/encryption/data-keys.ts';
import { type AttachmentItem, encryptName, nameOf } from './attachment-item.ts';
import { discardObjects, forgetExamination, markReady, markRejected, tenantQuota } from './attachment-store.ts';
import { type Accepted, examine } from './examine.ts';
import { nameForType } from './file-name-rules.ts';
import type { Rejected } from './inspection-rules.ts';
import { attachmentPrefix, files } from './object-store.ts';
import { thumbnailType } from './thumbnail-rules.ts';

export const noTenantRoom =
  'The files of your tenant have used up its quota. This one stays uploaded for an hour: complete it again when there is room.';

interface Examination {
  readonly scope: TenantScope;
  /** Of the conversation's content. */
  readonly keys: TenantKeys;
  readonly item: AttachmentItem;
  readonly tenantQuotaBytes: number | null;
}

/** @returns a refusal if the tenant has no room. */
export async function examineAndKeep(
  examination: Examination,
  uploaded: Uint8Array,
): Promise<Refusal<typeof quotaExceeded> | undefined> {
  const { scope, item } = examination;
  const examined = await examine(item, uploaded);
  // From here on, a failure is not the file's fault.
  try {
    if (examined.kind === 'rejected') await reject(scope, item, examined);
    else if (!(await keep(examination, examined))) {
      await forgetExamination(scope, item.attachmentId);
      return refuse(quotaExceeded, { detail: noTenantRoom });
    }
    return undefined;
  } catch (error) {
    await forgetExamination(scope, item.attachmentId);
    throw error;
  }
}

export async function reject(scope: TenantScope, item: AttachmentItem, rejected: Rejected): Promise<void> {
  const { committed } = await markRejected(scope, item, rejected);
  if (committed) count('AttachmentRejected');
}

function foundName(
  { scope, keys, item }: Examination,
  found: AttachmentType | undefined,
): { readonly name?: Uint8Array } {
  if (found === undefined || found === item.contentType) return {};
  const name = nameForType(nameOf(keys, scope, item), item.contentType, found);
  return { name: encryptName(keys, scope, item.attachmentId, name) };
}

/**
 * Stores the file, then records it. If another request was first, deletes this copy unless it has the same key.
 * @returns false if the tenant has no room.
 */
async function keep(examination: Examination, { bytes, properties, thumbnail }: Accepted): Promise<boolean> {
  const { scope, item, tenantQuotaBytes } = examination;
  const { attachmentId, conversationId } = item;
  const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 32);
  const prefix = `${attachmentPrefix(conversationId, attachmentId)}${digest}/`;
  await settleAll([
    files.write(scope, `${prefix}original`, properties.contentType ?? item.contentType, bytes),
    ...(thumbnail === undefined ? [] : [files.write(scope, `${prefix}thumbnail`, thumbnailType, thumbnail)]),
  ]);
  const name = foundName(examination, properties.contentType);
  const all = { digest, size: bytes.length, ...properties, ...name, hasThumbnail: thumbnail !== undefined };
  const outcome = await markReady(scope, item, all, tenantQuotaBytes, now());
  if (outcome.committed) {
    count('AttachmentReady');
    return true;
  }
  // A later attempt overwrites the stored bytes, or the sweep deletes them.
  if (outcome.failed === tenantQuota) return false;
  const current = outcome.existing as AttachmentItem | undefined;
  if (current?.properties?.digest !== digest) await discardObjects(scope, conversationId, attachmentId);
  return true;
}
