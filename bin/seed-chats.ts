import { type Attachments, openAttachments, type UploadedFile } from '../shared/client/attachments.ts';
import { createChatClient, type ChatClient } from '../shared/client/chat-client.ts';
import type { NewMessage } from '../shared/client/outgoing-task.ts';
import { demoPassword } from './demo-data.ts';
import type { SeededService } from './seed-desk.ts';

const groupName = 'Harbour';
const picture = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
/** The start of a WAV file of 8 kHz with 8000 samples. */
const soundHeader = 'UklGRmQfAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YUAfAAA=';

const files: readonly (UploadedFile & { readonly type: 'image' | 'voice' | 'file' })[] = [
  { type: 'image', name: 'quay.png', contentType: 'image/png', data: new Blob([bytesOf(picture)]) },
  {
    type: 'voice',
    name: 'hm.wav',
    contentType: 'audio/wav',
    data: new Blob([bytesOf(soundHeader), new Uint8Array(8000).fill(128)]),
  },
  { type: 'file', name: 'log.txt', contentType: 'text/plain', data: new Blob(['Landed at nine.\n']) },
];

/**
 * Fills a direct conversation and a group of the demo tenant with every type of message. Does nothing if the group
 * exists.
 *
 * @returns the number of conversations.
 * @throws RefusedError, NetworkError.
 */
export async function seedChats(service: SeededService): Promise<number> {
  const [alice, bob] = await Promise.all(['alice@demo.test', 'bob@demo.test'].map((email) => userOf(service, email)));
  if (alice === undefined || bob === undefined) throw new Error('The demo tenant has no Alice or Bob');
  try {
    if ((await alice.conversations()).some(({ name }) => name === groupName)) return 0;
    const direct = await alice.startDirect(bob.user.id);
    const question = await say(alice, direct.id, 'Shall we meet at nine?');
    await bob.messages.reply(direct.id, question.seq, 'At ten, if you like').stored;
    const group = await alice.groups.create({
      name: groupName,
      participants: [{ userId: bob.user.id }, { email: 'agent@demo.test' }],
    });
    await fillGroup(alice, bob, group.id);
    return 2;
  } finally {
    await Promise.all([alice.logout(), bob.logout()]);
  }
}

async function fillGroup(alice: ChatClient, bob: ChatClient, groupId: string): Promise<void> {
  const mentions = [bob.user.id];
  const text = await say(alice, groupId, { type: 'text', text: 'The ferry leaves at nine', mentions });
  await say(bob, groupId, { type: 'location', location: { latitude: 53.5461, longitude: 9.9661, name: 'The quay' } });
  for (const { type, ...file } of files) await sendFile(alice, openAttachments(alice), groupId, type, file);
  await bob.messages.react(groupId, text.seq, '👍').stored;
  await alice.messages.edit(groupId, text.seq, 'The ferry leaves at ten').stored;
  const mistake = await say(bob, groupId, 'Wrong group');
  await bob.messages.delete(groupId, mistake.seq).stored;
  await say(bob, groupId, { type: 'text', text: 'It leaves now!', urgent: true });
}

async function sendFile(
  client: ChatClient,
  attachments: Attachments,
  conversationId: string,
  type: (typeof files)[number]['type'],
  file: UploadedFile,
): Promise<void> {
  const { id } = await attachments.upload(conversationId, file);
  await say(client, conversationId, { type, attachments: [id] });
}

function say(client: ChatClient, conversationId: string, message: string | NewMessage) {
  return client.messages.send(conversationId, message).stored;
}

function userOf({ url, socketUrl }: SeededService, email: string): Promise<ChatClient> {
  return createChatClient({ url, socketUrl, login: { tenant: 'demo', email, password: demoPassword } });
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
