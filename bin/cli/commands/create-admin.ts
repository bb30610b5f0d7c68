import { Command, Option } from 'commander';
import { findDeployment } from '../deployment.ts';
import { CommandFailure } from '../command-failure.ts';
import { exitCodes } from '../exit-codes.ts';
import { printResult, say } from '../output.ts';
import { askNewPassword, generatePassword, passwordFromStandardInput } from '../password-input.ts';
import { type TargetOptions, withTarget } from '../target-options.ts';

interface CreateAdminOptions extends TargetOptions {
  readonly tenant?: string;
  readonly email: string;
  readonly username: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly passwordStdin?: boolean;
  readonly generatePassword?: boolean;
  readonly json?: boolean;
}

const examples = `
Examples:
  $ npx switchboard create-admin --tenant acme --email ada@acme.example --username ada --first-name Ada --last-name Byron
  $ npx switchboard create-admin --aws --stage prod --email sue@ops.example --username sue --first-name Sue --last-name Lee
  $ pass show acme/ada | npx switchboard create-admin --aws --tenant acme … --password-stdin

The command asks for the password. If you leave it empty, or without a terminal, it generates one and shows it once.
It does not change an existing account.`;

export function createAdminCommand(): Command {
  const command = new Command('create-admin')
    .summary('create an administrator of a tenant, or platform staff')
    .description('Creates an administrator of a tenant. Without --tenant, creates a member of the platform staff.')
    .option('--tenant <slug>', 'short name of the tenant')
    .requiredOption('--email <address>', 'e-mail address for the login')
    .requiredOption('--username <name>', 'user name for the login')
    .requiredOption('--first-name <name>', 'first name')
    .requiredOption('--last-name <name>', 'last name')
    .addOption(
      new Option('--password-stdin', 'read the password from the first line of standard input').conflicts(
        'generatePassword',
      ),
    )
    .option('--generate-password', 'generate a password and show it once')
    .option('--json', 'print the result as one JSON document');
  return withTarget(command).addHelpText('after', examples).action(createAdmin);
}

async function createAdmin(options: CreateAdminOptions): Promise<void> {
  const deployment = await findDeployment(options);
  const chosen = await choosePassword(options);
  const password = chosen ?? generatePassword();
  say(`Creating ${options.email} in ${deployment.name}`);
  const { created, user } = await deployment.provision({
    command: 'createAdmin',
    ...(options.tenant === undefined ? {} : { tenant: options.tenant }),
    email: options.email,
    username: options.username,
    firstName: options.firstName,
    lastName: options.lastName,
    password,
  });
  const wanted = options.tenant === undefined ? 'staff' : 'admin';
  if (!created && user.role !== wanted) {
    throw new CommandFailure(
      exitCodes.refused,
      `${user.email} already has an account with the role ${user.role}, which was not changed. Choose another address.`,
    );
  }
  // An existing account keeps its password.
  const shown = created && chosen === undefined ? { password } : {};
  printResult(options.json, { created, user, ...shown }, [
    created
      ? `Created ${user.email} (${user.username}), ${user.role} of ${options.tenant ?? 'the platform'}`
      : `${user.email} already exists and was not changed`,
    ...('password' in shown ? [`Password, shown only once: ${password}`] : []),
  ]);
}

async function choosePassword(options: CreateAdminOptions): Promise<string | undefined> {
  if (options.passwordStdin) return passwordFromStandardInput();
  return options.generatePassword || !process.stdin.isTTY ? undefined : askNewPassword();
}
