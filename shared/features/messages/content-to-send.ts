import { attachmentsToSend, type attachmentSendProblems } from '../attachments/attachments-of-message.ts';
import type { messageTooLong, referenceNotFound } from '../../contract/problems.ts';
import type { AttachmentView } from '../../contract/schemas/attachment.ts';
import type { NewMessage } from '../../contract/schemas/message.ts';
import { isRefusal, type Refusal } from '../../core/refusal.ts';
import { now } from '../../core/runtime/clock.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import type { TenantSettings } from '../tenants/settings.ts';
import type { PreconditionResult } from '../log/append-to-log.ts';
import type { MessageContent } from '../log/entry-kinds.ts';
import type { LogOwner } from '../log/log-content.ts';
import { impossibleLocation, missing, missingReference } from './message-references.ts';
import type { WritableConversation } from '../log/load-conversation.ts';
import { refusalOfText } from '../tenants/text-refusal.ts';

export interface MessageToSend {
  readonly principal: Principal;
  readonly conversation: WritableConversation;
  readonly owner: LogOwner;
  readonly settings: TenantSettings;
  readonly newMessage: NewMessage;
}

export type AttachmentRefusal = Refusal<(typeof attachmentSendProblems)[number]>;

export interface ContentToSend {
  readonly content: MessageContent;
  /** Absent without attachments. */
  readonly precondition?: () => Promise<PreconditionResult<AttachmentRefusal>>;
}

/** Refuses an invalid text, location, reference or attachment. */
export async function contentToSend({
  principal,
  conversation,
  owner,
  settings,
  newMessage,
}: MessageToSend): Promise<
  ContentToSend | AttachmentRefusal | Refusal<typeof messageTooLong | typeof referenceNotFound>
> {
  const invalid =
    refusalOfText(newMessage.text, principal.role, settings.textLength) ??
    impossibleLocation(newMessage.location, now()) ??
    (await missingReference(conversation, newMessage));
  if (invalid !== undefined) return invalid;
  const { clientMessageId, attachments: attachmentIds, ...content } = newMessage;
  if (attachmentIds === undefined) return { content };

  const limit = settings.attachmentsPerMessage;
  if (attachmentIds.length > limit) return missing('/attachments', `must be at most ${limit}`);
  const send = { principal, owner, attachmentIds, clientMessageId };
  const found = await attachmentsToSend(send);
  if (isRefusal(found)) return found;
  const misfit = found.attachments.findIndex((attachment) => !fits(newMessage.type, attachment));
  if (misfit !== -1) return missing(`/attachments/${misfit}`, `must be of the type ${newMessage.type}`);

  let isFirst = true;
  const precondition = async (): Promise<PreconditionResult<AttachmentRefusal>> => {
    // Another message may have used the attachments since.
    const current = isFirst ? found : await attachmentsToSend(send);
    isFirst = false;
    if (isRefusal(current)) return { kind: 'stopped', reason: current };
    return { kind: 'granted', extraWrites: (work, entry) => current.bind(work, entry.seq) };
  };
  return { content: { ...content, attachments: [...found.attachments] }, precondition };
}

/** A file message may contain anything. */
function fits(type: NewMessage['type'], { contentType }: AttachmentView): boolean {
  if (type === 'image') return contentType.startsWith('image/');
  return type === 'voice' ? contentType.startsWith('audio/') : true;
}
