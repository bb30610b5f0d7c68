import { createChatClient } from '../../shared/client/chat-client.ts';
import { openNotifications } from '../../shared/client/notifications.ts';

const url = process.env['SWITCHBOARD_URL'] ?? 'http://127.0.0.1:3000';
const signIn = (email: string) =>
  createChatClient({ url, login: { tenant: 'demo', email, password: 'Switchboard-1!' } });
const [alice, bob] = await Promise.all([signIn('alice@demo.test'), signIn('bob@demo.test')]);
const { id } = await alice.startDirect(bob.user.id);

const notifications = openNotifications(bob);
await notifications.setPreferences({
  kinds: { resolved: 'off' },
  quietHours: { timeZone: 'Europe/Berlin', from: '22:00', to: '07:00', days: ['saturday', 'sunday'] },
});
await notifications.load();
/** Resolves with Bob's next notification. */
const next = new Promise<string>((resolve) => {
  notifications.on('notification', ({ kind, silent }) =>
    resolve(`${kind}${silent === true ? ', without a sound' : ''}`),
  );
});
await alice.messages.send(id, { type: 'text', text: 'Look at this', mentions: [bob.user.id] }).stored;
console.log(await next);
await notifications.readAll();
console.log(`${notifications.state.unreadCount} unread`);
alice.close();
bob.close();
