import { homedir } from 'node:os';
import { join } from 'node:path';
import { createChatClient } from '../../../shared/client/chat-client.ts';
import { fileGuestKeys } from '../../../shared/client/guest-keys-in-files.ts';
import { guestSignIn } from '../../../shared/client/guest-sign-in.ts';
import { openSupport } from '../../../shared/client/support.ts';
import { OpenChat } from './conversation.ts';
import { People } from './people.ts';

export interface GuestTarget {
  readonly url: string;
  readonly socketUrl: string;
  readonly tenant: string;
}

/** Continues the guest's open support conversation, or starts one. The same key is the same guest. */
export async function openGuestChat({ url, socketUrl, tenant }: GuestTarget): Promise<OpenChat> {
  const keyStore = fileGuestKeys(guestKeyPath(url, tenant, process.env));
  const client = await createChatClient({ url, socketUrl, guest: guestSignIn({ tenant, keyStore }) });
  try {
    const conversation = await openSupport(client).start().stored;
    return new OpenChat(client, new People(client), conversation);
  } catch (error) {
    await client.logout().catch(() => undefined);
    throw error;
  }
}

/** In the user's folder of settings: https://specifications.freedesktop.org/basedir-spec/latest/ */
export function guestKeyPath(url: string, tenant: string, environment: NodeJS.ProcessEnv): string {
  const folder = environment['XDG_CONFIG_HOME'] ?? environment['APPDATA'] ?? join(homedir(), '.config');
  const service = new URL(url).host.replaceAll(/[^\w.-]/g, '_');
  return join(folder, 'switchboard', `guest-${service}-${tenant}.json`);
}
