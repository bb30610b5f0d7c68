import { Command, Option } from 'commander';
import { demoPassword, demoTenants } from '../../demo-data.ts';
import { commandHelp } from '../chat/chat-commands.ts';
import type { OpenChat } from '../chat/conversation.ts';
import { openChat } from '../chat/open-chat.ts';
import { openGuestChat } from '../chat/open-guest-chat.ts';
import { talk } from '../chat/talk.ts';
import { CommandFailure } from '../command-failure.ts';
import { findDeployment } from '../deployment.ts';
import { exitCodes } from '../exit-codes.ts';
import { askPassword, passwordFromStandardInput } from '../password-input.ts';
import { socketUrlOf } from '../service-address.ts';
import { type TargetOptions, withTarget } from '../target-options.ts';

interface ChatOptions extends TargetOptions {
  readonly as?: string;
  readonly guest?: boolean;
  readonly tenant?: string;
  readonly with?: readonly string[];
  readonly group?: string;
  readonly password?: string;
  readonly passwordStdin?: boolean;
  readonly url?: string;
  readonly json?: boolean;
}

const examples = `
Examples:
  $ npx switchboard chat --as alice@demo.test --tenant demo --with bob@demo.test
  $ npx switchboard chat --as alice@demo.test --tenant demo --group Harbour --with bob@demo.test --with agent@demo.test
  $ npx switchboard chat --guest --tenant demo
  $ npx switchboard chat --url https://chat.example.com --as ada --tenant acme --with grace
  $ echo "Deployed." | npx switchboard chat --as bot --tenant acme --with ada --password "$PASSWORD"

${commandHelp()}

Your messages are marked: … not sent yet, ✓ stored, ! rejected. A line with ~ shows the new version of an earlier
message, and a line with * a change of the group. The last row shows the connection, the status of your latest message,
typing and presence. While disconnected, the chat keeps your messages and sends them later.
A guest's key is in a file of your settings folder that only you can read: the same key is the same guest.
Demo users of the local run need no password. In a pipe, each input line is a message, and each message is an output
line. With --json, each output line is a JSON document.`;

export function chatCommand(): Command {
  const command = new Command('chat')
    .summary('chat from the terminal')
    .description(
      'Chats with a user of the same tenant, with a group, or as a guest with the desk, over the WebSocket API.',
    )
    .option('--as <user>', 'your e-mail address or user name')
    .addOption(
      new Option('--guest', 'chat with the desk as a guest, without an account').conflicts(['as', 'with', 'group']),
    )
    .option('--tenant <slug>', 'short name of your tenant (omit for platform staff)')
    .option('--with <user>', 'e-mail address or user name to chat with (repeat for a new group)', collect)
    .option('--group <name>', 'group to chat with (created with the --with users if you are in no group of this name)')
    .option('--password <password>', 'your password (visible to other programs on this machine)')
    .addOption(
      new Option('--password-stdin', 'read the password from the first line of standard input').conflicts('password'),
    )
    .addOption(new Option('--url <url>', 'address of the service').conflicts(['local', 'aws']))
    .option('--json', 'print each event as a JSON document on a separate line');
  return withTarget(command).addHelpText('after', examples).action(chat);
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

async function chat(options: ChatOptions): Promise<void> {
  const open = options.guest === true ? await openAsGuest(options) : await openAsUser(options);
  const end = await talk(open, { json: options.json === true });
  if (end.sessionEnded) {
    throw new CommandFailure(exitCodes.refused, 'The session has ended. Start the chat again to log in.');
  }
  if (end.failures > 0) process.exitCode = exitCodes.refused;
}

async function openAsGuest(options: ChatOptions): Promise<OpenChat> {
  if (options.tenant === undefined) throw new CommandFailure(exitCodes.usage, 'Name the tenant: --tenant <slug>.');
  const { url, socketUrl } = await findService(options);
  return openGuestChat({ url, socketUrl, tenant: options.tenant });
}

async function openAsUser(options: ChatOptions): Promise<OpenChat> {
  if (options.as === undefined) {
    throw new CommandFailure(exitCodes.usage, 'Say who you are: --as <user>, or --guest to chat with the desk.');
  }
  const { as } = options;
  const others = options.with ?? [];
  if (options.group === undefined && others.length !== 1) {
    const fix =
      others.length === 0
        ? 'Choose whom to chat with: --with <user> or --group <name>.'
        : 'To chat with several users, add --group <name>.';
    throw new CommandFailure(exitCodes.usage, fix);
  }
  const service = await findService(options);
  const password = await findPassword({ ...options, as }, service.isLocal);
  const user = as.includes('@') ? { email: as } : { username: as };
  return openChat({
    url: service.url,
    socketUrl: service.socketUrl,
    login: { ...(options.tenant === undefined ? {} : { tenant: options.tenant }), ...user, password },
    others,
    ...(options.group === undefined ? {} : { group: options.group }),
  });
}

interface Service {
  readonly url: string;
  readonly socketUrl: string;
  readonly isLocal: boolean;
}

export async function findService(options: TargetOptions & Pick<ChatOptions, 'url'>): Promise<Service> {
  if (options.url !== undefined) return { url: options.url, socketUrl: socketUrlOf(options.url), isLocal: false };
  const { url, socketUrl, kind } = await findDeployment(options);
  return { url, socketUrl, isLocal: kind === 'local' };
}

export async function findPassword(
  options: Pick<ChatOptions, 'tenant' | 'password' | 'passwordStdin'> & { readonly as: string },
  isLocal: boolean,
): Promise<string> {
  if (options.passwordStdin) return passwordFromStandardInput();
  if (options.password !== undefined) return options.password;
  const demo = demoTenants.find(({ slug }) => slug === (options.tenant ?? 'platform'));
  if (isLocal && demo?.users.some(({ email, username }) => options.as === email || options.as === username)) {
    return demoPassword;
  }
  return askPassword(`Password of ${options.as}: `);
}
