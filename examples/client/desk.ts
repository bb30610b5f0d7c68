import { createChatClient } from '../../shared/client/chat-client.ts';
import { openDesk } from '../../shared/client/desk.ts';

const url = process.env['SWITCHBOARD_URL'] ?? 'http://127.0.0.1:3000';
const login = { tenant: 'demo', email: 'agent@demo.test', password: 'Switchboard-1!' };
const client = await createChatClient({ url, login });
const desk = openDesk(client);
desk.on('urgent', ({ conversationId, step }) => console.log(`Urgent: ${conversationId}, step ${step ?? 1}`));
desk.on('view', ({ items }) => console.log(`${items.length} conversations wait`));

const waiting = await desk.openView({ view: 'unassigned' });
const { mine, unassigned } = await desk.loadCounts();
console.log(`${mine} are mine, ${unassigned} wait`);

const [first] = waiting.items;
if (first !== undefined) {
  await desk.setAvailability('online');
  await desk.assign(first.id, 'me');
  await client.open(first.id);
  await desk.reply(first.id, 'How can I help?').stored;
  await desk.note(first.id, 'Called back at nine');
  await desk.resolve(first.id);
}
desk.stop();
client.close();
