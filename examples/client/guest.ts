import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createChatClient } from '../../shared/client/chat-client.ts';
import { memoryGuestKeys } from '../../shared/client/guest-keys.ts';
import { guestSignIn } from '../../shared/client/guest-sign-in.ts';
import { fileGuestKeys } from '../../shared/client/guest-keys-in-files.ts';
import { createTransferCode } from '../../shared/contract/guests/create-transfer-code.ts';

const url = process.env['SWITCHBOARD_URL'] ?? 'http://127.0.0.1:3000';
const keyStore = fileGuestKeys(join(await mkdtemp(join(tmpdir(), 'guest-')), 'key.json'));
const guest = guestSignIn({ tenant: 'demo', profile: { name: 'Sam', language: 'en' }, keyStore });

const first = await createChatClient({ url, guest });
first.close();
const again = await createChatClient({ url, guest });
console.log(`${again.user.name} is the same guest: ${again.user.id === first.user.id}`);

const code = await again.call(createTransferCode);
if (!code.ok) throw new Error(code.problem.detail);
const { transferCode } = code.body;
const moved = guestSignIn({ tenant: 'demo', keyStore: memoryGuestKeys(), transferCode });
const laptop = await createChatClient({ url, guest: moved });
console.log(`The laptop is the same guest: ${laptop.user.id === first.user.id}`);
laptop.close();
again.close();
