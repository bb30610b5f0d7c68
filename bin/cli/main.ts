import { Command, CommanderError } from 'commander';
import { reportOf } from './command-failure.ts';
import { chatCommand } from './commands/chat.ts';
import { createAdminCommand } from './commands/create-admin.ts';
import { createTenantCommand } from './commands/create-tenant.ts';
import { deskCommand } from './commands/desk.ts';
import { doctorCommand } from './commands/doctor.ts';
import { loadTemplatesCommand } from './commands/load-templates.ts';
import { restartTimersCommand } from './commands/restart-timers.ts';
import { seedDemoCommand } from './commands/seed-demo.ts';
import { settingsCommand } from './commands/settings.ts';
import { verifyConversationCommand } from './commands/verify-conversation.ts';
import { verifyTranscriptCommand } from './commands/verify-transcript.ts';
import { verifyCommand } from './commands/verify.ts';
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

/** Runs `npx switchboard <command>` and sets the exit code. Does not end the process. */
export async function main(args: readonly string[]): Promise<void> {
  const commands = [
    createTenantCommand(),
    createAdminCommand(),
    settingsCommand(),
    loadTemplatesCommand(),
    seedDemoCommand(),
    doctorCommand(),
    restartTimersCommand(),
    verifyConversationCommand(),
    verifyTranscriptCommand(),
    verifyCommand(),
    chatCommand(),
    deskCommand(),
  ];
  const program = new Command('switchboard')
    .description('Manages and tests Switchboard in AWS or on this machine.')
    .addHelpText('after', notes)
    .configureHelp({ showGlobalOptions: false });
  for (const command of commands) program.addCommand(command);
  // Commands do not inherit these settings.
  for (const command of [program, ...commands]) command.exitOverride().showHelpAfterError('(use --help for details)');
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
