import { Command, CommanderError } from 'commander';
import { reportOf } from './command-failure.ts';
import { exitCodes } from './exit-codes.ts';

const notes = `
Results go to standard output, and everything else goes to standard error. With --json, the result is a JSON document.
Without --aws, a command uses the local run whose data is in DATA_DIR (default: .switchboard).

Exit codes:
  0  success
  1  rejected or failed
  2  wrong arguments
  3  the deployment does not exist or is unreachable

Examples:
  $ npx switchboard chat --as alice@demo.test --tenant demo --with bob@demo.test
  $ npx switchboard desk --as agent@demo.test
  $ npx switchboard create-tenant --aws --stage prod --slug acme --name Acme
  $ npx switchboard doctor`;

/** In the order of the help. Only the command that runs is loaded, so that it starts fast. */
const commands = {
  'create-tenant': async () => (await import('./commands/create-tenant.ts')).createTenantCommand(),
  'create-admin': async () => (await import('./commands/create-admin.ts')).createAdminCommand(),
  settings: async () => (await import('./commands/settings.ts')).settingsCommand(),
  'load-templates': async () => (await import('./commands/load-templates.ts')).loadTemplatesCommand(),
  'seed-demo': async () => (await import('./commands/seed-demo.ts')).seedDemoCommand(),
  doctor: async () => (await import('./commands/doctor.ts')).doctorCommand(),
  'push-platform': async () => (await import('./commands/push-platform.ts')).pushPlatformCommand(),
  'restart-timers': async () => (await import('./commands/restart-timers.ts')).restartTimersCommand(),
  'verify-conversation': async () => (await import('./commands/verify-conversation.ts')).verifyConversationCommand(),
  'verify-transcript': async () => (await import('./commands/verify-transcript.ts')).verifyTranscriptCommand(),
  verify: async () => (await import('./commands/verify.ts')).verifyCommand(),
  chat: async () => (await import('./commands/chat.ts')).chatCommand(),
  desk: async () => (await import('./commands/desk.ts')).deskCommand(),
};

/** Runs `npx switchboard <command>` and sets the exit code. Does not end the process. */
export async function main(args: readonly string[]): Promise<void> {
  const names = Object.keys(commands) as (keyof typeof commands)[];
  const named = names.find((name) => name === args[0]);
  const loaded = await Promise.all((named === undefined ? names : [named]).map((name) => commands[name]()));
  const program = new Command('switchboard')
    .description('Manages and tests Switchboard in AWS or on this machine.')
    .addHelpText('after', notes)
    .configureHelp({ showGlobalOptions: false });
  for (const command of loaded) program.addCommand(command);
  // Commands do not inherit these settings.
  for (const command of [program, ...loaded]) command.exitOverride().showHelpAfterError('(use --help for details)');
  // A reader such as `head` closes the pipe early.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? exitCodes.done : exitCodes.refused);
  });
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    process.exitCode = exitCodeOf(error);
  }
}

function exitCodeOf(error: unknown): number {
  // Commander has already printed this.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  const { text, exitCode } = reportOf(error);
  process.stderr.write(`${text}\n`);
  return exitCode;
}
