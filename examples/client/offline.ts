import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createChatClient } from '../../shared/client/chat-client.ts';
import { fileOutbox } from '../../shared/client/outbox-in-files.ts';

const url = process.env['SWITCHBOARD_URL'] ?? 'http://127.0.0.1:3000';
const login = { tenant: 'demo', email: 'alice@demo.test', password: 'Switchboard-1!' };
const outbox = fileOutbox(await mkdtemp(join(tmpdir(), 'outbox-')));
const client = await createChatClient({ url, login, outbox });

client.on('outgoing', ({ pending, state }) => console.log(pending.localId, state));
const group = await client.groups.create({ name: 'Harbour', participants: [{ email: 'bob@demo.test' }] });
const { kept, stored } = client.messages.send(group.id, 'Written on a train');
await kept;
console.log('It survives the end of this program');
console.log(`Stored as number ${(await stored).seq}`);
client.close();
