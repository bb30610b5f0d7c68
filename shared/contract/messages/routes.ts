import { getMessage } from './get-message.ts';
import { listMessages } from './list-messages.ts';
import { sendMessage } from './send-message.ts';

export const messageRoutes = [listMessages, sendMessage, getMessage] as const;
