import { Command, InvalidArgumentError, Option } from 'commander';
import type { TenantSettingsChange } from '../../../shared/features/tenants/settings-change.ts';
import { findDeployment } from '../deployment.ts';
import { printResult, say } from '../output.ts';
import { type TargetOptions, withTarget } from '../target-options.ts';

interface CreateTenantOptions extends TargetOptions {
  readonly slug: string;
  readonly name: string;
  readonly registration?: 'open' | 'approval' | 'closed';
  readonly emailVerification?: 'optional' | 'required';
  readonly messagesPerMinute?: number | 'off';
  readonly textLength?: number;
  readonly json?: boolean;
}

const examples = `
Examples:
  $ npx switchboard create-tenant --slug acme --name "Acme Ltd"
  $ npx switchboard create-tenant --aws --stage prod --slug acme --name Acme --registration approval --json
  $ npx switchboard create-tenant --slug loud --name Loud --messages-per-minute off

It does not change an existing tenant: use npx switchboard settings for that. Create its first administrator with: npx switchboard create-admin --tenant <slug> …`;

export function createTenantCommand(): Command {
  const command = new Command('create-tenant')
    .summary('create a tenant')
    .description('Creates a tenant: an organisation whose users and data are isolated from those of other tenants.')
    .requiredOption('--slug <slug>', 'short name for the login: 3 to 40 characters of a–z, 0–9 and hyphens')
    .requiredOption('--name <name>', 'display name')
    .addOption(
      new Option('--registration <policy>', 'who may register (default: open)').choices(['open', 'approval', 'closed']),
    )
    .addOption(
      new Option(
        '--email-verification <policy>',
        'whether users must verify their address before the first login (default: optional)',
      ).choices(['optional', 'required']),
    )
    .option('--messages-per-minute <n|off>', 'limit per sender and conversation (default: 10)', numberOrOff)
    .option('--text-length <n>', 'longest message in characters, up to 10000 (default: 2000)', wholeNumber)
    .option('--json', 'print the result as one JSON document');
  return withTarget(command).addHelpText('after', examples).action(createTenant);
}

async function createTenant(options: CreateTenantOptions): Promise<void> {
  const { slug, name, registration, emailVerification, messagesPerMinute, textLength } = options;
  const settings: TenantSettingsChange = {
    ...(registration === undefined ? {} : { registration }),
    ...(emailVerification === undefined ? {} : { emailVerification }),
    ...(messagesPerMinute === undefined
      ? {}
      : { messagesPerMinute: messagesPerMinute === 'off' ? null : messagesPerMinute }),
    ...(textLength === undefined ? {} : { textLength }),
  };
  const deployment = await findDeployment(options);
  say(`Creating ${slug} in ${deployment.name}`);
  const result = await deployment.provision({ command: 'createTenant', slug, name, settings });
  const { created, tenant } = result;
  printResult(options.json, { created, tenant, settings: result.settings }, [
    created ? `Created ${slug} (${name})` : `${slug} already exists and was not changed`,
    `  registration ${result.settings.registration}`,
    `  messages per minute ${result.settings.messagesPerMinute ?? 'unlimited'}`,
    `  text length ${result.settings.textLength}`,
  ]);
}

function wholeNumber(text: string): number {
  if (!/^[1-9][0-9]{0,8}$/.test(text)) throw new InvalidArgumentError('It must be a whole number, at least 1.');
  return Number(text);
}

function numberOrOff(text: string): number | 'off' {
  return text === 'off' ? text : wholeNumber(text);
}
