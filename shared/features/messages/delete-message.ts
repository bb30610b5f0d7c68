import { discardWith } from '../attachments/attachment-store.ts';
import type { deleteMessage as deleteMessageRoute, deleteProblems } from '../../contract/messages/delete-message.ts';
import { editWindowOver, messageNotEditable, notTheSender } from '../../contract/problems.ts';
import type { Message } from '../../contract/schemas/message.ts';
import type { CallerConnection } from '../../core/delivery/caller-connection.ts';
import { isRefusal, type Refusal, refuse } from '../../core/refusal.ts';
import { now } from '../../core/runtime/clock.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import type { InputOf } from '../../core/use-case.ts';
import { type ChangeDecision, changeMessage } from './change-message.ts';
import { editRight } from './edit-right.ts';
import { mayChange } from '../log/change-rules.ts';
import { deletionKind } from '../log/entry-kinds.ts';
import { contentOf, messageOf } from '../timeline/message-view.ts';
import { openForChange } from './open-for-change.ts';
import { refusalOfOwn } from '../log/append-refusal.ts';

type Refused = Refusal<typeof notTheSender | typeof messageNotEditable | typeof editWindowOver>;

/** Also deletes the message's files. The message keeps its number. */
export async function deleteMessage(
  principal: Principal,
  { conversationId, seq }: InputOf<typeof deleteMessageRoute>,
  caller?: CallerConnection<Message>,
): Promise<Message | Refusal<(typeof deleteProblems)[number]>> {
  const context = await openForChange(principal, conversationId);
  if (isRefusal(context)) return context;
  const outcome = await changeMessage<Refused, Message>(
    principal,
    context,
    {
      kind: deletionKind,
      seq,
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
    },
    caller,
  );
  return 'unwritten' in outcome ? refusalOfOwn(outcome.unwritten) : outcome;
}
