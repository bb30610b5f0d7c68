import { Command, CommanderError } from 'commander';
import { reportOf } from './command-failure.ts';
import { chatCommand } from './commands/chat.ts';
import { createAdminCommand } from './commands/create-admin.ts';
import { createTenantCommand } from './commands/create-tenant.ts';
import { doctorCommand } from './commands/doctor.ts';
import { seedDemoCommand } from './commands/seed-demo.ts';
import { verifyConversationCommand } from './commands/verify-conversation.ts';
import { verifyCommand } from './commands/verify.ts';
import { exitCodes } from './exit-codes.ts';

const notes = `
Data goes to standard output, everything else to standard error; --json makes one JSON document of it.
Without --aws a command is about the local run whose data is in DATA_DIR (default: .switchboard).

Exit codes:
  0  done
  1  refused, or something failed
  2  the command line is wrong
  3  there is no deployment, or it cannot be reached

Examples:
  $ npx switchboard chat --as alice@demo.test --tenant demo --with bob@demo.test
  $ npx switchboard create-tenant --aws --stage prod --slug acme --name Acme
  $ npx switchboard doctor`;

/** The command line: `npx switchboard <command>`. Sets the exit code; what keeps the process going ends it. */
export async function main(args: readonly string[]): Promise<void> {
  const commands = [
    createTenantCommand(),
    createAdminCommand(),
    seedDemoCommand(),
    doctorCommand(),
    verifyConversationCommand(),
    verifyCommand(),
    chatCommand(),
  ];
  const program = new Command('switchboard')
    .description('Works with a Switchboard in AWS or on this machine.')
    .addHelpText('after', notes)
    .configureHelp({ showGlobalOptions: false });
  for (const command of commands) program.addCommand(command);
  // Commands that are added do not inherit it.
  for (const command of [program, ...commands]) command.exitOverride().showHelpAfterError('(--help shows how)');
  // Whoever reads has enough, as `head` has.
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
  // Commander has said what is wrong, or has shown the help that was asked for.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  const { text, exitCode } = reportOf(error);
  process.stderr.write(`${text}\n`);
  return exitCode;
}
