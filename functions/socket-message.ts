import { quickActions } from '../shared/contract/actions.ts';
import { answer } from '../shared/core/refusal.ts';
import { sendMessage } from '../shared/features/messages/send-message.ts';
import { ping } from '../shared/features/sockets/ping.ts';
import { serveSocket } from '../shared/transport/socket.ts';

export const handler = serveSocket(quickActions, {
  ping,
  'message.send': async (...call) => answer(await sendMessage(...call), ({ message }) => message),
});
