import { furtherActions } from '../shared/contract/actions.ts';
import {
  addReactionFrame,
  deleteMessageFrame,
  editMessageFrame,
  removeReactionFrame,
} from '../shared/features/messages/message-change-frames.ts';
import { startTypingFrame, stopTypingFrame, updateReceiptsFrame } from '../shared/features/receipts/receipt-frames.ts';
import { serveSocket } from '../shared/transport/socket.ts';
import { hello } from '../shared/features/sync/hello.ts';
import { presenceUpdate } from '../shared/features/presence/presence-update.ts';

export const handler = serveSocket(furtherActions, {
  hello,
  'presence.update': presenceUpdate,
  'message.edit': editMessageFrame,
  'message.delete': deleteMessageFrame,
  'reaction.add': addReactionFrame,
  'reaction.remove': removeReactionFrame,
  'receipt.update': updateReceiptsFrame,
  'typing.start': startTypingFrame,
  'typing.stop': stopTypingFrame,
});
