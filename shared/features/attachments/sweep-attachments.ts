import type { attachmentDiscardedEvent } from '../../contract/events/events.ts';
import type { ConsumedEvent } from '../../transport/consumer.ts';
import { now } from '../../core/runtime/clock.ts';
import { count } from '../../core/runtime/metrics.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import type { AttachmentItem } from './attachment-item.ts';
import { discard, forget, loadAttachment } from './attachment-store.ts';
import { attachmentPrefix, files, quarantine } from './object-store.ts';

/** Deletes overdue and discarded attachments, and objects of superseded examinations. */
export async function sweepAttachments({
  scope,
  data: { attachmentIds, conversationId },
}: ConsumedEvent<typeof attachmentDiscardedEvent>): Promise<void> {
  await settleAll(attachmentIds.map((attachmentId) => sweep(scope, attachmentId, conversationId)));
}

async function sweep(scope: TenantScope, attachmentId: string, conversationId: string | undefined): Promise<void> {
  const item = await loadAttachment(scope, attachmentId);
  const isOver = item !== undefined && (item.status === 'discarded' || isOverdue(item));
  if (isOver && (await discard(scope, item))) return remove(scope, item);
  if (conversationId === undefined || item?.status === 'announced') return;
  const prefix = attachmentPrefix(conversationId, attachmentId);
  await files.deleteAll(scope, prefix, item?.properties && `${prefix}${item.properties.digest}/`);
}

function isOverdue({ sentSeq, dueAt }: AttachmentItem): boolean {
  return sentSeq === undefined && dueAt <= now();
}

/** Deletes the bytes before the refund, so that a redelivery completes an interrupted removal. */
async function remove(scope: TenantScope, item: AttachmentItem): Promise<void> {
  const { attachmentId, conversationId } = item;
  await settleAll([
    quarantine.delete(scope, attachmentId),
    files.deleteAll(scope, attachmentPrefix(conversationId, attachmentId)),
  ]);
  const { committed } = await forget(scope, item, now());
  if (committed) count('AttachmentSwept');
}
