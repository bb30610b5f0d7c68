import {
  attachmentAlreadySent,
  attachmentNotFound,
  attachmentNotUploaded,
} from '../../contract/attachments/problems.ts';
import type { AttachmentView } from '../../contract/schemas/attachment.ts';
import { tenantKeys } from '../../core/encryption/data-keys.ts';
import { isRefusal, type Refusal, refuse } from '../../core/refusal.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import { keys } from '../../core/table/keys.ts';
import type { UnitOfWork } from '../../core/table/unit-of-work.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import { hasFacts, viewOf } from './attachment-item.ts';
import { loadAttachment } from './attachment-store.ts';

/** Problems of sending attachments: operations that send declare them. */
export const attachmentSendProblems = [attachmentNotFound, attachmentNotUploaded, attachmentAlreadySent] as const;

export interface AttachmentsToSend {
  /** What the message's content stores, in the order of the ids. */
  readonly attachments: readonly AttachmentView[];
  /**
   * Binds them to the message in the transaction that writes it; fails it, under a label that begins with
   * `attachmentLabel`, if one was bound to another message, or discarded, meanwhile.
   */
  readonly bind: (work: UnitOfWork, seq: number) => void;
}

/** What the labels of `bind` in a unit of work begin with. */
export const attachmentLabel = 'attachment ';

export interface AttachmentSend {
  readonly principal: Principal;
  readonly conversationId: string;
  readonly attachmentIds: readonly string[];
  /** What was bound to the same message is no obstacle: the message is repeated. */
  readonly clientMessageId: string;
}

/**
 * The caller's own, examined, unsent attachments of a conversation, for a message that is to carry them. One
 * consistent read each, side by side. The same for a repetition, also after the message was deleted.
 */
export async function attachmentsToSend(
  send: AttachmentSend,
): Promise<AttachmentsToSend | Refusal<(typeof attachmentSendProblems)[number]>> {
  const { attachmentIds } = send;
  const found = await settleAll(attachmentIds.map((attachmentId) => oneToSend(send, attachmentId)));
  const attachments: AttachmentView[] = [];
  for (const one of found) {
    if (isRefusal(one)) return one;
    attachments.push(one);
  }
  return {
    attachments,
    bind: (work, seq) => {
      for (const attachmentId of attachmentIds) bindOne(work, send, attachmentId, seq);
    },
  };
}

async function oneToSend(
  { principal, conversationId, clientMessageId }: AttachmentSend,
  attachmentId: string,
): Promise<AttachmentView | Refusal<(typeof attachmentSendProblems)[number]>> {
  const { scope, userId } = principal;
  const [item, tenant] = await settleAll([loadAttachment(scope, attachmentId), tenantKeys(scope)]);
  if (item === undefined || item.ownerId !== userId || item.conversationId !== conversationId) {
    return refuse(attachmentNotFound);
  }
  if (item.sentAs !== undefined && item.sentAs !== clientMessageId) return refuse(attachmentAlreadySent);
  const isRepetition = item.sentAs !== undefined;
  if (item.status === 'rejected' || (item.status === 'discarded' && !isRepetition)) return refuse(attachmentNotFound);
  if (!hasFacts(item)) return refuse(attachmentNotUploaded);
  return viewOf(tenant, scope, item);
}

function bindOne(work: UnitOfWork, send: AttachmentSend, attachmentId: string, seq: number): void {
  const { principal, conversationId, clientMessageId } = send;
  work.update(
    `${attachmentLabel}${attachmentId}`,
    keys.attachment(attachmentId),
    { expression: 'SET #sentSeq = :seq, #sentAs = :as', values: { seq, as: clientMessageId } },
    {
      expression:
        '#status = :ready AND #ownerId = :owner AND #conversationId = :conversation AND (attribute_not_exists(#sentAs) OR #sentAs = :as)',
      values: { ready: 'ready', owner: principal.userId, conversation: conversationId, as: clientMessageId },
    },
  );
}
