import type {
  messageDelete,
  messageEdit,
  reactionAdd,
  reactionRemove,
} from '../../contract/messages/message-changes.ts';
import { isRefusal } from '../../core/refusal.ts';
import type { ActionHandler, ActionInput } from '../../transport/socket.ts';
import { deleteMessage } from './delete-message.ts';
import { editMessage } from './edit-message.ts';
import { addReaction, removeReaction } from './react-to-message.ts';

const answered = { answered: true } as const;

/** `message.edit`: the ack goes out in one batch with the deliveries, as with all of these. */
export const editMessageFrame: ActionHandler<typeof messageEdit> = async (input) => {
  const { conversationId, seq, ...edit } = input.data;
  const outcome = await editMessage({ ...sourceOf(input), conversationId, seq, edit, pointer: '/data' });
  return isRefusal(outcome) ? outcome : answered;
};

export const deleteMessageFrame: ActionHandler<typeof messageDelete> = async (input) => {
  const outcome = await deleteMessage({ ...sourceOf(input), ...input.data });
  return isRefusal(outcome) ? outcome : answered;
};

export const addReactionFrame: ActionHandler<typeof reactionAdd> = async (input) => {
  const outcome = await addReaction({ ...sourceOf(input), ...input.data });
  return isRefusal(outcome) ? outcome : answered;
};

export const removeReactionFrame: ActionHandler<typeof reactionRemove> = async (input) => {
  const outcome = await removeReaction({ ...sourceOf(input), ...input.data });
  return isRefusal(outcome) ? outcome : answered;
};

function sourceOf<A extends typeof messageEdit | typeof messageDelete | typeof reactionAdd | typeof reactionRemove>({
  principal,
  connection,
  answer,
}: ActionInput<A>) {
  return { principal, origin: connection.connectionId, acknowledge: answer };
}
