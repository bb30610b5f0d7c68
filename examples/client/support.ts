import { createChatClient } from '../../shared/client/chat-client.ts';
import { conversationsOf, messagesIn } from '../../shared/client/chat-state-rules.ts';
import { memoryGuestKeys } from '../../shared/client/guest-keys.ts';
import { memoryOutbox } from '../../shared/client/outbox-storage.ts';
import { guestSignIn } from '../../shared/client/guest-sign-in.ts';
import { keepSupportStart, openSupport } from '../../shared/client/support.ts';

const url = process.env['SWITCHBOARD_URL'] ?? 'http://127.0.0.1:3000';
const outbox = memoryOutbox();
await keepSupportStart(outbox, { message: 'I cannot log in' });
console.log('Kept before there is a network');

const guest = guestSignIn({ tenant: 'demo', keyStore: memoryGuestKeys() });
const client = await createChatClient({ url, guest, outbox });
const support = openSupport(client);
const conversation =
  conversationsOf(client.state)[0] ??
  (await new Promise<{ readonly id: string }>((resolve) => {
    client.on('change', (state) => conversationsOf(state).forEach(resolve));
  }));
await client.open(conversation.id);
const urgent = { type: 'text', text: 'Please answer soon', urgent: true } as const;
const { seq } = await client.messages.send(conversation.id, urgent).stored;
// The state shows a message once it has all entries before it.
const shown = () => messagesIn(client.state, conversation.id).find((each) => each.seq === seq);
if (shown() === undefined) {
  await new Promise<void>((resolve) => {
    client.on('change', () => {
      if (shown() !== undefined) resolve();
    });
  });
}
const message = shown();
if (message !== undefined) console.log(`The message is ${support.helpState(conversation.id, message)}`);
await support.wipe(conversation.id);
client.close();
