import { discardWith } from '../attachments/attachment-store.ts';
import type { deleteProblems } from '../../contract/messages/delete-message.ts';
import { editWindowOver, messageNotEditable, notTheSender } from '../../contract/problems.ts';
import type { Message } from '../../contract/schemas/message.ts';
import { isRefusal, type Refusal, refuse } from '../../core/refusal.ts';
import { now } from '../../core/runtime/clock.ts';
import { type ChangeDecision, type ChangeInput, changeMessage } from './change-message.ts';
import { editRight } from './edit-right.ts';
import { mayChange } from '../log/change-rules.ts';
import { deletionKind } from '../log/kinds/deletion.ts';
import { contentOf, messageOf } from './message-view.ts';
import { openForChange } from './open-for-change.ts';
import { refusalOfOwn } from './send-refusal.ts';

type Refused = Refusal<typeof notTheSender | typeof messageNotEditable | typeof editWindowOver>;

/** Deletes a message: its place stays, nothing serves what it said, and its files are deleted. */
export async function deleteMessage(
  input: ChangeInput<Message>,
): Promise<Message | Refusal<(typeof deleteProblems)[number]>> {
  const { principal } = input;
  const context = await openForChange(principal, input.conversationId);
  if (isRefusal(context)) return context;
  const outcome = await changeMessage<Refused, Message>(input, context, {
    kind: deletionKind,
    content: { type: 'deletion' },
    decide: (message): ChangeDecision<Refused> => {
      const decision = mayChange(message, editRight(principal, context.settings), now());
      switch (decision.kind) {
        case 'no-message':
          return { kind: 'refused', refusal: refuse(messageNotEditable) };
        case 'not-sender':
          return { kind: 'refused', refusal: refuse(notTheSender) };
        case 'too-late':
          return { kind: 'refused', refusal: refuse(editWindowOver) };
        case 'deleted':
          return { kind: 'same' };
        case 'allowed':
          return { kind: 'change' };
      }
    },
    extraWrites: (work, message) => {
      const attachments = contentOf(context, message)?.attachments ?? [];
      discardWith(
        work,
        attachments.map(({ id }) => id),
      );
    },
    answer: (message) => messageOf(context, message),
  });
  return 'unwritten' in outcome ? refusalOfOwn(outcome.unwritten) : outcome;
}
