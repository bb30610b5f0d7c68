import { quickActions } from '../shared/contract/socket/actions.ts';
import { sendMessageFrame } from '../shared/conversations/send-message-frame.ts';
import { serveSocket } from '../shared/handler/socket.ts';
import { ping } from '../shared/realtime/ping.ts';

export const handler = serveSocket(quickActions, { ping, 'message.send': sendMessageFrame });
