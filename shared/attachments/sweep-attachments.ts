import type { attachmentDiscardedEvent } from '../contract/events/events.ts';
import type { ConsumedEvent } from '../handler/consumer.ts';
import { now } from '../runtime/clock.ts';
import { count } from '../runtime/metrics.ts';
import { together } from '../runtime/together.ts';
import type { TenantScope } from '../tenancy/tenant-scope.ts';
import { discard, forget, loadAttachment } from './attachment-store.ts';
import { attachmentPrefix, deleteObject, deleteObjects, quarantineKey } from './object-store.ts';

/** Deletes attachments that nobody sent in time, and those of deleted messages. */
export async function sweepAttachments({ scope, data }: ConsumedEvent<typeof attachmentDiscardedEvent>): Promise<void> {
  await together(data.attachmentIds.map((attachmentId) => sweep(scope, attachmentId)));
}

/**
 * First nobody sees it, then its bytes go, then its place in the quotas is free: whoever dies in between leaves it to
 * the event's next delivery. What was sent, or got more time, stays.
 */
async function sweep(scope: TenantScope, attachmentId: string): Promise<void> {
  const item = await loadAttachment(scope, attachmentId);
  if (item === undefined) return;
  if (item.status !== 'discarded' && (item.sentSeq !== undefined || item.dueAt > now())) return;
  if (!(await discard(scope, item))) return;
  await together([
    deleteObject(scope, quarantineKey(scope, attachmentId)),
    deleteObjects(scope, attachmentPrefix(scope, item.conversationId, attachmentId)),
  ]);
  const { committed } = await forget(scope, item, now());
  if (committed) count('AttachmentSwept');
}
