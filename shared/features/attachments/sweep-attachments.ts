import type { attachmentDiscardedEvent } from '../../contract/events/events.ts';
import type { ConsumedEvent } from '../../transport/consumer.ts';
import { now } from '../../core/runtime/clock.ts';
import { count } from '../../core/runtime/metrics.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import type { AttachmentItem } from './attachment-item.ts';
import { discard, forget, loadAttachment } from './attachment-store.ts';
import { attachmentPrefix, deleteObject, deleteObjects, quarantineKey } from './object-store.ts';

/** Deletes attachments that nobody sent in time, those of deleted messages, and what examinations left that lost. */
export async function sweepAttachments({
  scope,
  data: { attachmentIds, conversationId },
}: ConsumedEvent<typeof attachmentDiscardedEvent>): Promise<void> {
  await settleAll(attachmentIds.map((attachmentId) => sweep(scope, attachmentId, conversationId)));
}

async function sweep(scope: TenantScope, attachmentId: string, leftIn: string | undefined): Promise<void> {
  const item = await loadAttachment(scope, attachmentId);
  const isOver = item !== undefined && (item.status === 'discarded' || isOverdue(item));
  if (isOver && (await discard(scope, item))) return remove(scope, item);
  if (leftIn === undefined || item?.status === 'announced') return;
  const prefix = attachmentPrefix(scope, leftIn, attachmentId);
  await deleteObjects(scope, prefix, item?.facts && `${prefix}${item.facts.digest}/`);
}

/** What was sent, or got more time, stays. */
function isOverdue({ sentSeq, dueAt }: AttachmentItem): boolean {
  return sentSeq === undefined && dueAt <= now();
}

/**
 * Nobody sees it any more. Now its bytes go, and then its place in the quotas is free: whoever dies in between leaves it
 * to the event's next delivery.
 */
async function remove(scope: TenantScope, item: AttachmentItem): Promise<void> {
  const { attachmentId, conversationId } = item;
  await settleAll([
    deleteObject(scope, quarantineKey(scope, attachmentId)),
    deleteObjects(scope, attachmentPrefix(scope, conversationId, attachmentId)),
  ]);
  const { committed } = await forget(scope, item, now());
  if (committed) count('AttachmentSwept');
}
