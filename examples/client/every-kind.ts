import { openAttachments } from '../../shared/client/attachments.ts';
import { createChatClient } from '../../shared/client/chat-client.ts';

const url = process.env['SWITCHBOARD_URL'] ?? 'http://127.0.0.1:3000';
const client = await createChatClient({
  url,
  login: { tenant: 'demo', email: 'alice@demo.test', password: 'Switchboard-1!' },
});
const group = await client.groups.create({ name: 'Harbour', participants: [{ email: 'bob@demo.test' }] });
const bob = group.participants.find(({ userId }) => userId !== client.user.id);

const text = await client.messages.send(group.id, 'Shall we meet at nine?').stored;
const reply = await client.messages.reply(group.id, text.seq, 'At the quay').stored;
const tower = { latitude: 48.8584, longitude: 2.2945, name: 'Eiffel Tower' };
const location = await client.messages.send(group.id, { type: 'location', location: tower }).stored;
const mentions = bob === undefined ? [] : [bob.userId];
const urgent = await client.messages.send(group.id, { type: 'text', text: 'Now!', urgent: true, mentions }).stored;

const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const attachments = openAttachments(client);
const png = new Blob([bytesOf(pixel)]);
const image = await attachments.upload(group.id, { name: 'dot.png', contentType: 'image/png', data: png });
const picture = await client.messages.send(group.id, { type: 'image', attachments: [image.id], text: 'A dot' }).stored;
const header = 'UklGRmQfAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YUAfAAA=';
const wav = new Blob([bytesOf(header), new Uint8Array(8000).fill(128)]);
const sound = await attachments.upload(group.id, { name: 'hm.wav', contentType: 'audio/wav', data: wav });
const voice = await client.messages.send(group.id, { type: 'voice', attachments: [sound.id] }).stored;
const notes = new Blob(['Landed at nine.\n']);
const log = await attachments.upload(group.id, { name: 'log.txt', contentType: 'text/plain', data: notes });
const file = await client.messages.send(group.id, { type: 'file', attachments: [log.id] }).stored;

await client.messages.edit(group.id, text.seq, 'Shall we meet at ten?').stored;
await client.messages.react(group.id, location.seq, '👍').stored;
await client.messages.delete(group.id, urgent.seq).stored;

for (const { seq, type } of [text, reply, location, urgent, picture, voice, file]) console.log(`${seq} ${type}`);
client.close();

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
