import { Command, Option } from 'commander';
import { demoPassword, demoTenants } from '../../demo-data.ts';
import { commandHelp } from '../chat/chat-commands.ts';
import { openChat } from '../chat/open-chat.ts';
import { talk } from '../chat/talk.ts';
import { CommandFailure } from '../command-failure.ts';
import { findDeployment } from '../deployment.ts';
import { exitCodes } from '../exit-codes.ts';
import { askPassword, passwordFromStandardInput } from '../password-input.ts';
import { socketUrlOf } from '../service-address.ts';
import { type TargetOptions, withTarget } from '../target-options.ts';

interface ChatOptions extends TargetOptions {
  readonly as: string;
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
  $ npx switchboard chat --url https://chat.example.com --as ada --tenant acme --with grace
  $ echo "Deployed." | npx switchboard chat --as bot --tenant acme --with ada --password "$PASSWORD"

${commandHelp()}

Own messages: … on its way, ✓ stored, ! refused. A line with ~ is a message of before that has changed, one with * tells
what happened to the group. The last row says whether there is a connection, how far your last message has come, who
types and who is there. Without a connection, what you write is kept and sent later.
Demo users of the local run need no password. With pipes, every line that comes in is a message, every message that
comes out is a line; --json makes each line of output a JSON document.`;

export function chatCommand(): Command {
  const command = new Command('chat')
    .summary('talk to somebody from the terminal')
    .description('Talks to somebody of the same tenant, or to a group, over the real WebSocket.')
    .requiredOption('--as <user>', 'who you are: e-mail address or user name')
    .option('--tenant <slug>', 'your tenant’s short name; platform staff have none')
    .option('--with <user>', 'whom to talk to: e-mail address or user name; repeat it for a new group', collect)
    .option('--group <name>', 'the group to talk to; it is started with the others if you are in none of this name')
    .option('--password <password>', 'your password; other programs on this machine can see it')
    .addOption(
      new Option('--password-stdin', 'read the password from the first line of standard input').conflicts('password'),
    )
    .addOption(new Option('--url <url>', 'where the service is, instead of finding out').conflicts(['local', 'aws']))
    .option('--json', 'print every event as a JSON document in a line of its own');
  return withTarget(command).addHelpText('after', examples).action(chat);
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

async function chat(options: ChatOptions): Promise<void> {
  const others = options.with ?? [];
  if (options.group === undefined && others.length !== 1) {
    const wanted =
      others.length === 0
        ? 'Say whom to talk to: --with or --group.'
        : 'More than one other is a group: add --group <name>.';
    throw new CommandFailure(exitCodes.usage, wanted);
  }
  const place = await findPlace(options);
  const password = await findPassword(options, place.isLocal);
  const who = options.as.includes('@') ? { email: options.as } : { username: options.as };
  const open = await openChat({
    url: place.url,
    socketUrl: place.socketUrl,
    login: { ...(options.tenant === undefined ? {} : { tenant: options.tenant }), ...who, password },
    others,
    ...(options.group === undefined ? {} : { group: options.group }),
  });
  const end = await talk(open, { json: options.json === true });
  if (end.sessionEnded) {
    throw new CommandFailure(exitCodes.refused, 'The session was ended elsewhere. Start the chat again to log in.');
  }
  if (end.failures > 0) process.exitCode = exitCodes.refused;
}

interface Place {
  readonly url: string;
  readonly socketUrl: string;
  readonly isLocal: boolean;
}

async function findPlace(options: ChatOptions): Promise<Place> {
  if (options.url !== undefined) return { url: options.url, socketUrl: socketUrlOf(options.url), isLocal: false };
  const { url, socketUrl, kind } = await findDeployment(options);
  return { url, socketUrl, isLocal: kind === 'local' };
}

async function findPassword(options: ChatOptions, isLocal: boolean): Promise<string> {
  if (options.passwordStdin) return passwordFromStandardInput();
  if (options.password !== undefined) return options.password;
  const demo = demoTenants.find(({ slug }) => slug === (options.tenant ?? 'platform'));
  if (isLocal && demo?.users.some(({ email, username }) => options.as === email || options.as === username)) {
    return demoPassword;
  }
  return askPassword(`Password of ${options.as}: `);
}
