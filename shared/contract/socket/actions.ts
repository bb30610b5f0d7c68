import { hello } from './hello.ts';
import { messageDelete, messageEdit, reactionAdd, reactionRemove } from './message-changes.ts';
import { messageSend } from './message-send.ts';
import { ping } from './ping.ts';

export const socketActions = [
  hello,
  messageSend,
  messageEdit,
  messageDelete,
  reactionAdd,
  reactionRemove,
  ping,
] as const;
