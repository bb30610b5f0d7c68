import { furtherActions } from '../shared/contract/actions.ts';
import { deleteMessage } from '../shared/features/messages/delete-message.ts';
import { editMessage } from '../shared/features/messages/edit-message.ts';
import { addReaction, removeReaction } from '../shared/features/messages/react-to-message.ts';
import { presenceUpdate } from '../shared/features/presence/presence-update.ts';
import { startTyping, stopTyping } from '../shared/features/receipts/set-typing.ts';
import { updateReceipts } from '../shared/features/receipts/update-receipts.ts';
import { hello } from '../shared/features/sync/hello.ts';
import { serveSocket } from '../shared/transport/socket.ts';

export const handler = serveSocket(furtherActions, {
  hello,
  'presence.update': presenceUpdate,
  'message.edit': editMessage,
  'message.delete': deleteMessage,
  'reaction.add': addReaction,
  'reaction.remove': removeReaction,
  'receipt.update': updateReceipts,
  'typing.start': startTyping,
  'typing.stop': stopTyping,
});
