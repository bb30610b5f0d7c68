import { hello } from './hello.ts';
import { messageDelete, messageEdit, reactionAdd, reactionRemove } from './message-changes.ts';
import { messageSend } from './message-send.ts';
import { ping } from './ping.ts';
import { presenceUpdate } from './presence-update.ts';
import { receiptUpdate, typingStart, typingStop } from './receipts.ts';

export const socketActions = [
  hello,
  messageSend,
  messageEdit,
  messageDelete,
  reactionAdd,
  reactionRemove,
  receiptUpdate,
  typingStart,
  typingStop,
  presenceUpdate,
  ping,
] as const;
