import { once } from 'node:events';
import { clearScreenDown, createInterface, cursorTo, type Interface, moveCursor } from 'node:readline';
import { Command, Option } from 'commander';
import { createChatClient } from '../../../shared/client/chat-client.ts';
import { openDesk } from '../../../shared/client/desk.ts';
import { People } from '../chat/people.ts';
import { CommandFailure, reportOf } from '../command-failure.ts';
import { deskCommands, deskHelp } from '../desk/desk-commands.ts';
import { DeskSession } from '../desk/desk-session.ts';
import { exitCodes } from '../exit-codes.ts';
import { type TargetOptions, withTarget } from '../target-options.ts';
import { findPassword, findService } from './chat.ts';

interface DeskOptions extends TargetOptions {
  readonly as: string;
  readonly tenant: string;
  readonly password?: string;
  readonly passwordStdin?: boolean;
  readonly url?: string;
}

const examples = `
Examples:
  $ npx switchboard desk --as agent@demo.test
  $ npx switchboard desk --as admin@demo.test --tenant demo
  $ printf 'list\\ntake 1\\nreply Hello\\n' | npx switchboard desk --as agent@demo.test

${deskHelp()}

Each change is one plain line, so that screen readers read it in order. A line with New shows a conversation that came
into the list. An urgent message rings the bell of the terminal at each step of the escalation, until a person
acknowledges. In a pipe, each input line is a command.
Demo users of the local run need no password.`;

export function deskCommand(): Command {
  const command = new Command('desk')
    .summary('answer support conversations from the terminal')
    .description('Shows the queue of the desk, and takes, answers and resolves support conversations.')
    .requiredOption('--as <user>', 'your e-mail address or user name')
    .option('--tenant <slug>', 'short name of your tenant', 'demo')
    .option('--password <password>', 'your password (visible to other programs on this machine)')
    .addOption(
      new Option('--password-stdin', 'read the password from the first line of standard input').conflicts('password'),
    )
    .addOption(new Option('--url <url>', 'address of the service').conflicts(['local', 'aws']));
  return withTarget(command).addHelpText('after', examples).action(desk);
}

async function desk(options: DeskOptions): Promise<void> {
  const { url, socketUrl, isLocal } = await findService(options);
  const password = await findPassword(options, isLocal);
  const user = options.as.includes('@') ? { email: options.as } : { username: options.as };
  const client = await createChatClient({ url, socketUrl, login: { tenant: options.tenant, ...user, password } });
  const opened = openDesk(client);
  try {
    const screen = new DeskScreen();
    const write = (line: string): void => screen.write(line);
    const people = new People(client);
    const view = await opened.openView({ view: 'all' });
    const session = new DeskSession({ client, desk: opened, people, view, write });
    if (!(await work(session, screen))) process.exitCode = exitCodes.refused;
  } finally {
    opened.stop();
    await client.logout().catch(() => undefined);
  }
}

/** Writes lines above the command that the agent is typing. */
class DeskScreen {
  reader: Interface | undefined;

  write(line: string): void {
    const { stdout } = process;
    if (this.reader === undefined || process.env['TERM'] === 'dumb') return void stdout.write(`${line}\n`);
    moveCursor(stdout, 0, -this.reader.getCursorPos().rows);
    cursorTo(stdout, 0);
    clearScreenDown(stdout);
    stdout.write(`${line}\n`);
    this.reader.prompt(true);
  }
}

/** Runs until the agent quits, the session ends or the input ends. False if a command failed. */
async function work(session: DeskSession, screen: DeskScreen): Promise<boolean> {
  const isTerminal = process.stdin.isTTY && process.stdout.isTTY;
  const reader = createInterface({ input: process.stdin, ...(isTerminal ? { output: process.stdout } : {}) });
  if (isTerminal) screen.reader = reader;
  const quit = new AbortController();
  const ended = new Promise<void>((resolve) => session.client.on('ended', () => resolve()));
  let hasFailed = false;
  let last = session.list().catch((error: unknown) => session.write(reportOf(error).text));
  const run = async (line: string): Promise<void> => {
    const [, word = '', argument = ''] = /^\/?(\S+)\s*(.*)$/.exec(line.trim()) ?? [];
    if (word === '') return;
    if (word === 'quit') return quit.abort();
    if (word === 'help') return session.write(deskHelp());
    try {
      const command = Object.hasOwn(deskCommands, word) ? deskCommands[word] : undefined;
      if (command === undefined) {
        throw new CommandFailure(exitCodes.usage, `Unknown command ${word}. Type help for all commands.`);
      }
      await command.run(session, argument);
    } catch (error) {
      hasFailed = true;
      session.write(reportOf(error).text);
    }
  };
  // Commands keep their order.
  reader.on('line', (line) => {
    last = last.then(() => (quit.signal.aborted ? undefined : run(line)));
  });
  const sessionEnded = await Promise.race([
    ended.then(() => true),
    once(reader, 'close').then(() => last.then(() => false)),
    ...['SIGINT', 'SIGTERM'].map((signal) => once(process, signal).then(() => false)),
    once(quit.signal, 'abort').then(() => false),
  ]);
  await session.settled();
  screen.reader = undefined;
  reader.close();
  process.stdin.destroy();
  if (sessionEnded)
    throw new CommandFailure(exitCodes.refused, 'The session has ended. Start the desk again to log in.');
  return !hasFailed || isTerminal;
}
