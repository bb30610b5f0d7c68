import { furtherActions } from '../shared/contract/socket/actions.ts';
import {
  addReactionFrame,
  deleteMessageFrame,
  editMessageFrame,
  removeReactionFrame,
} from '../shared/conversations/message-change-frames.ts';
import {
  startTypingFrame,
  stopTypingFrame,
  updateReceiptsFrame,
} from '../shared/conversations/receipts/receipt-frames.ts';
import { serveSocket } from '../shared/handler/socket.ts';
import { hello } from '../shared/realtime/hello.ts';
import { presenceUpdate } from '../shared/realtime/presence/presence-update.ts';

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
