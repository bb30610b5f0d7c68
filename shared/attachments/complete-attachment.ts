import { createHash } from 'node:crypto';
import { attachmentNotFound, attachmentNotUploaded } from '../contract/attachments/problems.ts';
import type { attachmentRejected } from '../contract/attachments/problems.ts';
import type { AttachmentView } from '../contract/schemas/attachment.ts';
import { participation } from '../conversations/open-conversation.ts';
import { tenantKeys } from '../encryption/data-keys.ts';
import { type Refusal, refuse } from '../handler/refusal.ts';
import { now } from '../runtime/clock.ts';
import { count } from '../runtime/metrics.ts';
import { together } from '../runtime/together.ts';
import type { Principal } from '../tenancy/principal.ts';
import type { TenantScope } from '../tenancy/tenant-scope.ts';
import { type AttachmentItem, hasFacts, viewOf } from './attachment-item.ts';
import { discardObjects, loadAttachment, markReady, markRejected } from './attachment-store.ts';
import { type Examined, examine } from './examine.ts';
import { attachmentPrefix, deleteObject, quarantineKey, readObject, writeObject } from './object-store.ts';
import { refuseRejected } from './rejection-refusal.ts';
import { thumbnailType } from './thumbnail-rules.ts';

type Completion =
  AttachmentView | Refusal<typeof attachmentNotFound | typeof attachmentNotUploaded | typeof attachmentRejected>;

/**
 * Examines an uploaded file and keeps it, or deletes it. The item decides what happened, once: however often, and
 * however many at a time, it is asked for, and wherever a function died before.
 */
export async function completeAttachment(principal: Principal, attachmentId: string): Promise<Completion> {
  const { scope, userId } = principal;
  const item = await loadAttachment(scope, attachmentId);
  if (item === undefined || item.ownerId !== userId) return refuse(attachmentNotFound);
  if ((await participation(scope, item.conversationId, userId)) === undefined) return refuse(attachmentNotFound);
  const settled = await outcomeOf(scope, item);
  if (settled !== undefined) return settled;

  const uploaded = await readObject(scope, quarantineKey(scope, attachmentId));
  if (uploaded === undefined) {
    // Somebody else may have completed it, and deleted the upload, since the item was read.
    const newer = await loadAttachment(scope, attachmentId);
    return (newer && (await outcomeOf(scope, newer))) ?? refuse(attachmentNotUploaded);
  }
  const examined = await examine(item, uploaded);
  if (examined.kind === 'rejected') {
    await markRejected(scope, item, examined.rejection);
    count('AttachmentRejected');
  } else await keep(scope, item, examined);
  const decided = await loadAttachment(scope, attachmentId);
  return (decided && (await outcomeOf(scope, decided))) ?? refuse(attachmentNotFound);
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

/** Stores what was examined, and then says so. Whoever comes second has its own copy swept, unless it is the same. */
async function keep(scope: TenantScope, item: AttachmentItem, examined: Extract<Examined, { kind: 'accepted' }>) {
  const { attachmentId, conversationId, contentType } = item;
  const { bytes, thumbnail } = examined;
  const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 32);
  const prefix = `${attachmentPrefix(scope, conversationId, attachmentId)}${digest}/`;
  await together([
    writeObject(scope, `${prefix}original`, contentType, bytes),
    ...(thumbnail === undefined ? [] : [writeObject(scope, `${prefix}thumbnail`, thumbnailType, thumbnail)]),
  ]);
  const facts = { digest, size: bytes.length, ...examined.facts, hasThumbnail: thumbnail !== undefined };
  const outcome = await markReady(scope, attachmentId, facts, now());
  if (outcome.committed) {
    count('AttachmentReady');
    return;
  }
  const other = outcome.existing as AttachmentItem | undefined;
  if (other?.facts?.digest !== digest) await discardObjects(scope, conversationId, attachmentId);
}
