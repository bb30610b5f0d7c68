import { furtherActions } from '../shared/contract/actions.ts';
import {
  addReactionFrame,
  deleteMessageFrame,
  editMessageFrame,
  removeReactionFrame,
} from '../shared/features/messages/message-change-frames.ts';
import { startTypingFrame, stopTypingFrame, updateReceiptsFrame } from '../shared/features/receipts/receipt-frames.ts';
import { fromFrame, serveSocket } from '../shared/transport/socket.ts';
import { hello } from '../shared/features/sync/hello.ts';
import { presenceUpdate } from '../shared/features/presence/presence-update.ts';

export const handler = serveSocket(furtherActions, {
  hello: fromFrame(hello),
  'presence.update': presenceUpdate,
  'message.edit': fromFrame(editMessageFrame),
  'message.delete': fromFrame(deleteMessageFrame),
  'reaction.add': fromFrame(addReactionFrame),
  'reaction.remove': fromFrame(removeReactionFrame),
  'receipt.update': fromFrame(updateReceiptsFrame),
  'typing.start': fromFrame(startTypingFrame),
  'typing.stop': fromFrame(stopTypingFrame),
});
