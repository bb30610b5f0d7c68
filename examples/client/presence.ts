import { createChatClient } from '../../shared/client/chat-client.ts';
import { presenceIn } from '../../shared/client/chat-state-rules.ts';

const url = process.env['SWITCHBOARD_URL'] ?? 'http://127.0.0.1:3000';
const signIn = (email: string) =>
  createChatClient({ url, login: { tenant: 'demo', email, password: 'Switchboard-1!' } });
const [alice, bob] = await Promise.all([signIn('alice@demo.test'), signIn('bob@demo.test')]);
await alice.startDirect(bob.user.id);

alice.on('presence', (users) => {
  for (const { userId, status } of users) if (userId === bob.user.id) console.log(`Bob is ${status}`);
});
/** Resolves when Alice receives this status of Bob. */
const bobIs = (status: string) =>
  new Promise<void>((resolve) => {
    const check = () => {
      if (presenceIn(alice.state, bob.user.id)?.status === status) resolve();
    };
    alice.on('change', check);
    check();
  });
const stop = alice.presence.watch([bob.user.id]);
await bobIs('online');
bob.presence.set('away');
await bobIs('away');
await bob.logout();
await bobIs('offline');
stop();
console.log(`Last seen at ${presenceIn(alice.state, bob.user.id)?.lastSeenAt}`);
alice.close();
