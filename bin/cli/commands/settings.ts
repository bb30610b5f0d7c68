import { Command, InvalidArgumentError } from 'commander';
import { settingsChangeSchema, type TenantSettingsChange } from '../../../shared/features/tenants/settings-change.ts';
import { validate } from '../../../shared/transport/validation.ts';
import { CommandFailure } from '../command-failure.ts';
import { findDeployment } from '../deployment.ts';
import { exitCodes } from '../exit-codes.ts';
import { printResult, say } from '../output.ts';
import { type TargetOptions, withTarget } from '../target-options.ts';

interface SettingsOptions extends TargetOptions {
  readonly tenant: string;
  readonly set: readonly (readonly [string, unknown])[];
  readonly json?: boolean;
}

const names = Object.keys(settingsChangeSchema.shape).toSorted();

const examples = `
Examples:
  $ npx switchboard settings --tenant acme
  $ npx switchboard settings --tenant acme --set guests=off
  $ npx switchboard settings --aws --stage prod --tenant acme --set textLength=500 --set messagesPerMinute=null
  $ npx switchboard settings --tenant acme --set 'allowedOrigins=["https://chat.example.com"]'

A value is a word, or JSON. Other settings stay as they are. A change reaches all functions within 30 seconds.

Settings: ${names.join(', ')}`;

export function settingsCommand(): Command {
  const command = new Command('settings')
    .summary('read or change the settings of a tenant')
    .description('Prints the settings of a tenant, or changes some of them.')
    .requiredOption('--tenant <slug>', 'short name of the tenant')
    .option('--set <name=value>', 'change a setting (repeat for several)', assignment, [])
    .option('--json', 'print the result as one JSON document');
  return withTarget(command).addHelpText('after', examples).action(settings);
}

async function settings({ tenant, set, json, ...target }: SettingsOptions): Promise<void> {
  const change = changeOf(Object.fromEntries(set));
  const deployment = await findDeployment(target);
  if (set.length > 0) say(`Changing the settings of ${tenant} in ${deployment.name}`);
  const result = await (set.length > 0
    ? deployment.provision({ command: 'changeSettings', tenant, settings: change })
    : deployment.provision({ command: 'describe', tenant }));
  if (!('settings' in result)) throw new Error('The answer has no settings');
  const current: Readonly<Record<string, unknown>> = { ...result.settings, ...change };
  const width = Math.max(...Object.keys(current).map((name) => name.length));
  printResult(
    json,
    { tenant: result.tenant, settings: current },
    Object.entries(current).map(([name, value]) => `${name.padEnd(width)}  ${textOf(value)}`),
  );
}

/** Checked here, so that the message names the setting as it was typed. */
function changeOf(change: Readonly<Record<string, unknown>>): TenantSettingsChange {
  const checked = validate(settingsChangeSchema, '', change);
  if (checked.valid) return checked.value;
  const lines = checked.errors.map(({ pointer, detail }) => `\n  ${pointer.replace(/^\/+/, '')} ${detail}`);
  throw new CommandFailure(exitCodes.usage, `Nothing was changed:${lines.join('')}\nSettings: ${names.join(', ')}`);
}

function assignment(
  text: string,
  before: readonly (readonly [string, unknown])[],
): readonly (readonly [string, unknown])[] {
  const [, name, value] = /^(\w+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new InvalidArgumentError('Write it as name=value.');
  if (before.some(([each]) => each === name)) throw new InvalidArgumentError(`${name} is set twice.`);
  return [...before, [name, valueOf(value)]];
}

function valueOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
