import { quickActions } from '../shared/contract/actions.ts';
import { sendMessageFrame } from '../shared/features/messages/send-message-frame.ts';
import { fromFrame, serveSocket } from '../shared/transport/socket.ts';
import { ping } from '../shared/features/sockets/ping.ts';

export const handler = serveSocket(quickActions, { ping, 'message.send': fromFrame(sendMessageFrame) });
