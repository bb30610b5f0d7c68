import { createChatClient } from '../../shared/client/chat-client.ts';
import { conversationsOf, messagesIn, typingIn } from '../../shared/client/chat-state-rules.ts';

const url = process.env['SWITCHBOARD_URL'] ?? 'http://127.0.0.1:3000';
const client = await createChatClient({
  url,
  login: { tenant: 'demo', email: 'bob@demo.test', password: 'Switchboard-1!' },
});
await client.conversations();

const stop = client.on('change', (state) => {
  for (const { id, unreadCount, lastMessage } of conversationsOf(state)) {
    console.log(id, unreadCount, lastMessage?.text, typingIn(state, id, Date.now()));
  }
});

const [newest] = await client.conversations();
if (newest !== undefined) {
  await client.open(newest.id);
  for (const { senderId, text, status } of messagesIn(client.state, newest.id)) console.log(senderId, text, status);
  client.receipts.markRead(newest.id, newest.lastSeq);
}
stop();
console.log(`${conversationsOf(client.state).length} conversations`);
client.close();
