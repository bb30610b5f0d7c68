import { deleteMessage } from './delete-message.ts';
import { editMessage } from './edit-message.ts';
import { getMessage } from './get-message.ts';
import { listMessageVersions } from './list-message-versions.ts';
import { listMessages } from './list-messages.ts';
import { addReaction, removeReaction } from './reactions.ts';
import { sendMessage } from './send-message.ts';

export const messageRoutes = [listMessages, sendMessage, getMessage] as const;

export const messageChangeRoutes = [
  editMessage,
  deleteMessage,
  listMessageVersions,
  addReaction,
  removeReaction,
] as const;
