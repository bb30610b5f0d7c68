import type { answerForm as answerFormRoute } from '../../../contract/desk/forms.ts';
import {
  formNotFound,
  invalidAnswers,
  type newerReply,
  notASupportConversation,
} from '../../../contract/desk/problems.ts';
import { conversationNotFound, forbidden } from '../../../contract/problems.ts';
import { isRefusal, type Refusal, refuse } from '../../../core/refusal.ts';
import type { Principal } from '../../../core/tenancy/principal.ts';
import type { InputOf } from '../../../core/use-case.ts';
import {
  type attachmentSendProblems,
  type AttachmentsToSend,
  attachmentsToSend,
} from '../../attachments/attachments-of-message.ts';
import { isParticipant } from '../../log/conversation-item.ts';
import { formResponseKind } from '../../log/entry-kinds.ts';
import type { PreconditionResult } from '../../log/append-to-log.ts';
import type { LogOwner } from '../../log/log-content.ts';
import { loadToWrite } from '../../log/load-conversation.ts';
import { ownerOf } from '../../log/log-owner.ts';
import { readEntry } from '../../log/log-store.ts';
import { validateAnswers } from '../../templates/answer-rules.ts';
import { contentOf } from '../../timeline/message-view.ts';
import { type DeskMessageOutcome, sendDeskMessage } from '../send-desk-message.ts';
import { type AnsweredFile, filesOf, repeatedFiles } from './form-rules.ts';

type FileRefusal = Refusal<(typeof attachmentSendProblems)[number]>;
type NewerReply = Refusal<typeof newerReply>;
type Problem =
  | typeof conversationNotFound
  | typeof notASupportConversation
  | typeof forbidden
  | typeof formNotFound
  | typeof invalidAnswers;

/** The answers are a message of the customer, with its effect on the state of the conversation. */
export async function answerForm(
  principal: Principal,
  { conversationId, formSeq, answers, clientMessageId }: InputOf<typeof answerFormRoute>,
): Promise<Exclude<DeskMessageOutcome<FileRefusal>, NewerReply> | Refusal<Problem>> {
  const conversation = await loadToWrite(principal, conversationId);
  if (conversation === undefined) return refuse(conversationNotFound);
  if (conversation.item.kind !== 'support') return refuse(notASupportConversation);
  if (!isParticipant(conversation.item, principal.userId)) {
    return refuse(forbidden, { detail: 'Only the customer of a conversation answers its forms.' });
  }
  const [owner, entry] = await Promise.all([ownerOf(conversation), readEntry(conversation, formSeq)]);
  const form = entry && contentOf(owner, entry)?.form;
  if (form === undefined) return refuse(formNotFound);
  const verdict = validateAnswers(form, answers);
  if (!verdict.valid) return refuse(invalidAnswers, { errors: [...verdict.errors] });
  const files = filesOf(form.fields, verdict.answers);
  const repeated = repeatedFiles(files);
  if (repeated.length > 0) return refuse(invalidAnswers, { errors: [...repeated] });

  const readFiles = () => filesToSend(principal, { owner, clientMessageId, files });
  const found = await readFiles();
  if (isRefusal(found)) return found;
  let isFirst = true;
  const precondition = async (): Promise<PreconditionResult<FileRefusal>> => {
    // Another message may have used the attachments since.
    const current = isFirst ? found : await readFiles();
    isFirst = false;
    if (isRefusal(current)) return { kind: 'stopped', reason: current };
    return { kind: 'granted', extraWrites: (work, { seq }) => current.bind(work, seq) };
  };
  const sent = await sendDeskMessage<FileRefusal>({
    principal,
    conversation,
    kind: formResponseKind,
    content: {
      type: 'form-response',
      replyTo: formSeq,
      answers: verdict.answers,
      ...(files.length === 0 ? {} : { attachments: [...found.attachments] }),
    },
    clientMessageId,
    ...(files.length === 0 ? {} : { precondition }),
  });
  if (isOfReplies(sent)) throw new Error('A response was refused as a reply');
  return sent;
}

function isOfReplies(sent: DeskMessageOutcome<FileRefusal>): sent is NewerReply {
  return isRefusal(sent) && sent.refused.name === 'newer-reply';
}

interface FilesOfAnswers {
  readonly owner: LogOwner;
  readonly clientMessageId: string;
  readonly files: readonly AnsweredFile[];
}

/** A refusal points to the answer. */
async function filesToSend(
  principal: Principal,
  { owner, clientMessageId, files }: FilesOfAnswers,
): Promise<AttachmentsToSend | FileRefusal> {
  const send = { principal, owner, clientMessageId };
  const attachmentIds = files.map(({ attachmentId }) => attachmentId);
  const found = await attachmentsToSend({ ...send, attachmentIds });
  if (!isRefusal(found)) return found;
  for (const { fieldId, attachmentId } of files) {
    const alone = await attachmentsToSend({ ...send, attachmentIds: [attachmentId] });
    if (!isRefusal(alone)) continue;
    const { title } = alone.refused;
    const errors = [
      { pointer: `/answers/${fieldId}`, code: 'custom', detail: `must be a file that you can send: ${title}` },
    ];
    return { ...alone, errors };
  }
  return found;
}
