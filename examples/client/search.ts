import { createChatClient } from '../../shared/client/chat-client.ts';

const url = process.env['SWITCHBOARD_URL'] ?? 'http://127.0.0.1:3000';
const client = await createChatClient({
  url,
  login: { tenant: 'demo', email: 'alice@demo.test', password: 'Switchboard-1!' },
});
const bob = await client.findUser('bob@demo.test');
const { id } = await client.startDirect(bob?.id ?? '');
const { seq } = await client.messages.send(id, 'The ferry leaves at nine').stored;

/** The index contains a message after about a second. */
const newest = async (text: string) => {
  for await (const { items } of client.search({ text, conversationId: id, limit: 10 })) {
    if (items[0] !== undefined) return items[0];
  }
  return undefined;
};
while ((await newest('ferr nine'))?.seq !== seq) await new Promise((resolve) => setTimeout(resolve, 200));
console.log(`Found: ${(await newest('FERRY'))?.text}`);
client.close();
