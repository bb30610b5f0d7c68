import { hello } from './hello.ts';
import { messageDelete, messageEdit, reactionAdd, reactionRemove } from './message-changes.ts';
import { messageSend } from './message-send.ts';
import { ping } from './ping.ts';
import { presenceUpdate } from './presence-update.ts';
import { receiptUpdate, typingStart, typingStop } from './receipts.ts';

/** What has to be quick: they have a function of their own, which is small and quick to start. */
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
