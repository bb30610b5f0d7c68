import { createChatClient } from '../../shared/client/chat-client.ts';

const url = process.env['SWITCHBOARD_URL'] ?? 'http://127.0.0.1:3000';
const client = await createChatClient({
  url,
  login: { tenant: 'demo', email: 'alice@demo.test', password: 'Switchboard-1!' },
});
const bob = await client.findUser('bob@demo.test');
const conversation = await client.startDirect(bob?.id ?? '');
const { seq } = await client.messages.send(conversation.id, 'Hello, Bob').stored;
console.log(`Stored as number ${seq}`);
client.close();
