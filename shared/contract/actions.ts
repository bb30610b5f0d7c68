import { hello } from './sync/hello.ts';
import { messageDelete, messageEdit, reactionAdd, reactionRemove } from './messages/message-changes.ts';
import { messageSend } from './messages/message-send.ts';
import { ping } from './sockets/ping.ts';
import { presenceUpdate } from './presence/presence-update.ts';
import { receiptUpdate, typingStart, typingStop } from './receipts/receipt-actions.ts';

/** Low latency: their function is small, so it starts quickly. */
export const quickActions = [messageSend, ping] as const;

export const furtherActions = [
  hello,
  messageEdit,
  messageDelete,
  reactionAdd,
  reactionRemove,
  receiptUpdate,
  typingStart,
  typingStop,
  presenceUpdate,
] as const;
