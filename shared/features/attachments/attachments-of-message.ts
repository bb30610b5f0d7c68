import {
  attachmentAlreadySent,
  attachmentNotFound,
  attachmentNotUploaded,
} from '../../contract/attachments/problems.ts';
import type { AttachmentView } from '../../contract/schemas/attachment.ts';
import { isRefusal, type Refusal, refuse } from '../../core/refusal.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import { keys } from '../../core/table/keys.ts';
import type { UnitOfWork } from '../../core/table/unit-of-work.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import type { LogOwner } from '../log/log-content.ts';
import { isExamined, viewOf } from './attachment-item.ts';
import { loadAttachment } from './attachment-store.ts';

export const attachmentSendProblems = [attachmentNotFound, attachmentNotUploaded, attachmentAlreadySent] as const;

export interface AttachmentsToSend {
  /** In the order of the ids. */
  readonly attachments: readonly AttachmentView[];
  /**
   * If one was sent elsewhere or discarded meanwhile, the transaction fails with a label that begins with
   * `attachmentLabel`.
   */
  readonly bind: (work: UnitOfWork, seq: number) => void;
}

export const attachmentLabel = 'attachment ';

export interface AttachmentSend {
  readonly principal: Principal;
  /** The conversation, whose keys encrypt the names of the files. */
  readonly owner: LogOwner;
  readonly attachmentIds: readonly string[];
  /** A repeated send has the same id and may use its attachments again. */
  readonly clientMessageId: string;
}

/**
 * They must be the caller's own, in the conversation, examined and not sent. A repeated send gets the same result, even
 * after the message was deleted.
 */
export async function attachmentsToSend(
  send: AttachmentSend,
): Promise<AttachmentsToSend | Refusal<(typeof attachmentSendProblems)[number]>> {
  const { attachmentIds } = send;
  const found = await settleAll(attachmentIds.map((attachmentId) => attachmentToSend(send, attachmentId)));
  const attachments: AttachmentView[] = [];
  for (const result of found) {
    if (isRefusal(result)) return result;
    attachments.push(result);
  }
  return {
    attachments,
    bind: (work, seq) => {
      for (const attachmentId of attachmentIds) bindAttachment(work, send, attachmentId, seq);
    },
  };
}

async function attachmentToSend(
  { principal, owner, clientMessageId }: AttachmentSend,
  attachmentId: string,
): Promise<AttachmentView | Refusal<(typeof attachmentSendProblems)[number]>> {
  const { scope, userId } = principal;
  const { keys: ofContent, conversationId, isErased } = owner;
  const item = isErased === true ? undefined : await loadAttachment(scope, attachmentId);
  if (item === undefined || item.ownerId !== userId || item.conversationId !== conversationId) {
    return refuse(attachmentNotFound);
  }
  if (item.sentAs !== undefined && item.sentAs !== clientMessageId) return refuse(attachmentAlreadySent);
  const isRepetition = item.sentAs !== undefined;
  if (item.status === 'rejected' || (item.status === 'discarded' && !isRepetition)) return refuse(attachmentNotFound);
  if (!isExamined(item)) return refuse(attachmentNotUploaded);
  return viewOf(ofContent, scope, item);
}

function bindAttachment(work: UnitOfWork, send: AttachmentSend, attachmentId: string, seq: number): void {
  const { principal, owner, clientMessageId } = send;
  work.update(
    `${attachmentLabel}${attachmentId}`,
    keys.attachment(attachmentId),
    { expression: 'SET #sentSeq = :seq, #sentAs = :as', values: { seq, as: clientMessageId } },
    {
      expression:
        '#status = :ready AND #ownerId = :owner AND #conversationId = :conversation AND (attribute_not_exists(#sentAs) OR #sentAs = :as)',
      values: { ready: 'ready', owner: principal.userId, conversation: owner.conversationId, as: clientMessageId },
    },
  );
}
