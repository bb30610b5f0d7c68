import { createChatClient } from '../../shared/client/chat-client.ts';
import { getUnreadCount } from '../../shared/contract/receipts/get-unread-count.ts';

const url = process.env['SWITCHBOARD_URL'] ?? 'http://127.0.0.1:3000';
const client = await createChatClient({
  url,
  login: { tenant: 'demo', email: 'alice@demo.test', password: 'Switchboard-1!' },
});
const answer = await client.call(getUnreadCount);
if (!answer.ok) throw new Error(answer.problem.detail);
console.log(`${answer.body.messages} unread messages in ${answer.body.conversations} conversations`);
client.close();
