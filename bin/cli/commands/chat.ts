import { Command, Option } from 'commander';
import { demoPassword, demoTenants } from '../../demo-data.ts';
import { openChat, type OpenChat } from '../chat/conversation.ts';
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
  readonly with: string;
  readonly password?: string;
  readonly passwordStdin?: boolean;
  readonly url?: string;
  readonly json?: boolean;
}

const helpWhileItRuns = `While it runs:
  /history   show older messages
  /help      show this
  /quit      end (also Ctrl-C, or the end of the input)`;

const examples = `
Examples:
  $ npx switchboard chat --as alice@demo.test --tenant demo --with bob@demo.test
  $ npx switchboard chat --url https://chat.example.com --as ada --tenant acme --with grace
  $ echo "Deployed." | npx switchboard chat --as bot --tenant acme --with ada --password "$PASSWORD"

${helpWhileItRuns}

Own messages: … on its way, ✓ stored, ! refused. Without a connection, what you write is kept and sent later.
Demo users of the local run need no password. With pipes, every line that comes in is a message, every message that
comes out is a line; --json makes each line of output a JSON document.`;

export function chatCommand(): Command {
  const command = new Command('chat')
    .summary('talk to somebody from the terminal')
    .description('Talks to somebody of the same tenant, over the real WebSocket.')
    .requiredOption('--as <user>', 'who you are: e-mail address or user name')
    .option('--tenant <slug>', 'your tenant’s short name; platform staff have none')
    .requiredOption('--with <user>', 'whom to talk to: e-mail address or user name')
    .option('--password <password>', 'your password; other programs on this machine can see it')
    .addOption(
      new Option('--password-stdin', 'read the password from the first line of standard input').conflicts('password'),
    )
    .addOption(new Option('--url <url>', 'where the service is, instead of finding out').conflicts(['local', 'aws']))
    .option('--json', 'print every event as a JSON document in a line of its own');
  return withTarget(command).addHelpText('after', examples).action(chat);
}

async function chat(options: ChatOptions): Promise<void> {
  const place = await findPlace(options);
  const password = await findPassword(options, place.isLocal);
  const who = options.as.includes('@') ? { email: options.as } : { username: options.as };
  const open: OpenChat = await openChat({
    url: place.url,
    socketUrl: place.socketUrl,
    login: { ...(options.tenant === undefined ? {} : { tenant: options.tenant }), ...who, password },
    other: options.with,
  });
  const end = await talk(open, { json: options.json === true, help: helpWhileItRuns });
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
