import { createChatClient } from '../../shared/client/chat-client.ts';
import { openDrafts } from '../../shared/client/drafts.ts';

const url = process.env['SWITCHBOARD_URL'] ?? 'http://127.0.0.1:3000';
const login = { tenant: 'demo', email: 'alice@demo.test', password: 'Switchboard-1!' };
const [phone, laptop] = await Promise.all([createChatClient({ url, login }), createChatClient({ url, login })]);
const [phoneDrafts, laptopDrafts] = [openDrafts(phone), openDrafts(laptop)];
const bob = await phone.findUser('bob@demo.test');
const { id } = await phone.startDirect(bob?.id ?? '');
await laptopDrafts.load();

phoneDrafts.set(id, 'Shall we meet at nine?');
await new Promise<void>((resolve) => {
  laptopDrafts.on('change', () => {
    if (laptopDrafts.of(id)?.text === 'Shall we meet at nine?') resolve();
  });
});
const text = laptopDrafts.of(id)?.text ?? '';
const { seq } = await laptop.messages.send(id, text).stored;
laptopDrafts.clear(id);
console.log(`Sent as number ${seq}`);
phone.close();
laptop.close();
