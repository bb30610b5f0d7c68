import { settleAll } from '../../core/runtime/settle-all.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { erase, loadAttachment } from './attachment-store.ts';
import { attachmentIdIn, attachmentPrefix, files, quarantine } from './object-store.ts';

/**
 * Deletes the files of a conversation with everything that is stored about them. Repeating it completes an interrupted
 * deletion. The sweep deletes files that were announced and not examined.
 */
export async function eraseAttachments(scope: TenantScope, conversationId: string): Promise<void> {
  for await (const names of files.list(scope, `${conversationId}/`)) {
    for (const attachmentId of new Set(names.map(attachmentIdIn))) {
      await eraseAttachment(scope, conversationId, attachmentId);
    }
  }
}

/** Deletes the objects last: they are how a repetition finds the attachment. */
async function eraseAttachment(scope: TenantScope, conversationId: string, attachmentId: string): Promise<void> {
  for (;;) {
    const item = await loadAttachment(scope, attachmentId);
    if (item === undefined || (await erase(scope, item)).committed) break;
    // The attachment changed since it was read.
  }
  await settleAll([
    quarantine.delete(scope, attachmentId),
    files.deleteAll(scope, attachmentPrefix(conversationId, attachmentId)),
  ]);
}
