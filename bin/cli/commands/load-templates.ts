import { readFile } from 'node:fs/promises';
import { Command, Option } from 'commander';
import { type NewTemplate, newTemplate } from '../../../shared/contract/schemas/template.ts';
import { mostLoadedTemplates } from '../../../shared/features/provisioning/commands.ts';
import type { LoadedTemplate } from '../../../shared/features/templates/load-templates.ts';
import { validate } from '../../../shared/transport/validation.ts';
import { CommandFailure } from '../command-failure.ts';
import { findDeployment } from '../deployment.ts';
import { exitCodes } from '../exit-codes.ts';
import { printResult, say } from '../output.ts';
import { type TargetOptions, withTarget } from '../target-options.ts';

interface LoadTemplatesOptions extends TargetOptions {
  readonly file: string;
  readonly tenant?: string;
  readonly global?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

const examples = `
Examples:
  $ npx switchboard load-templates --file examples/templates.json --tenant demo
  $ npx switchboard load-templates --file examples/templates.json --global --dry-run
  $ npx switchboard load-templates --aws --stage prod --file templates.json --tenant acme --json

The file is a JSON array of templates with the members of POST /api/v1/templates, except scope. A template with the key and
the language of an existing one replaces its content. Templates that the file does not contain stay as they are. If the
file has an error, no template is loaded. The exit code is 1 if a template was rejected.`;

export function loadTemplatesCommand(): Command {
  const command = new Command('load-templates')
    .summary('create and update templates from a file')
    .description('Creates and updates canned replies and forms of a tenant, or global ones, from a JSON file.')
    .requiredOption('--file <path>', 'JSON file with the templates')
    .addOption(new Option('--tenant <slug>', 'tenant of the templates').conflicts(['global']))
    .addOption(new Option('--global', 'load global templates, which every tenant reads'))
    .option('--dry-run', 'show what would change, and change nothing')
    .option('--json', 'print the result as one JSON document');
  return withTarget(command).addHelpText('after', examples).action(loadTemplates);
}

async function loadTemplates(options: LoadTemplatesOptions): Promise<void> {
  const { file, tenant, dryRun = false, json, ...target } = options;
  if (tenant === undefined && options.global !== true) {
    throw new CommandFailure(exitCodes.usage, 'Choose --tenant <slug> or --global.');
  }
  const templates = await readTemplates(file);
  const deployment = await findDeployment(target);
  const place = tenant === undefined ? 'the platform' : tenant;
  say(`${dryRun ? 'Comparing' : 'Loading'} ${templates.length} templates with ${place} in ${deployment.name}`);

  const results: LoadedTemplate[] = [];
  for (let start = 0; start < templates.length; start += mostLoadedTemplates) {
    const batch = templates.slice(start, start + mostLoadedTemplates);
    const loaded = await deployment.provision({
      ...{ command: 'loadTemplates', templates: batch, dryRun },
      ...(tenant === undefined ? {} : { tenant }),
    });
    results.push(...loaded.templates);
    say(`${results.length} of ${templates.length}`);
  }
  printResult(json, { dryRun, templates: results }, linesOf(results));
  if (results.some(({ outcome }) => outcome === 'rejected')) process.exitCode = exitCodes.refused;
}

async function readTemplates(file: string): Promise<readonly NewTemplate[]> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new CommandFailure(exitCodes.usage, `The file ${file} cannot be read.`, { cause });
  });
  const list = parse(text);
  if (!Array.isArray(list) || list.length === 0) {
    throw new CommandFailure(exitCodes.refused, `The file ${file} must be a JSON array with at least one template.`);
  }
  const errors: string[] = [];
  const templates: NewTemplate[] = [];
  const seen = new Set<string>();
  for (const [index, item] of (list as unknown[]).entries()) {
    const checked = validate(newTemplate, String(index), item);
    if (!checked.valid) {
      errors.push(...checked.errors.map(({ pointer, detail }) => `${pointer} ${detail}`));
      continue;
    }
    const { key, language, shortcut } = checked.value;
    for (const [member, value] of Object.entries({ key, shortcut })) {
      const name = `${member} ${language} ${value}`;
      if (value !== undefined && seen.has(name)) errors.push(`/${index}/${member} is already used above`);
      seen.add(name);
    }
    templates.push(checked.value);
  }
  if (errors.length === 0) return templates;
  const lines = errors.map((error) => `\n  ${error}`).join('');
  throw new CommandFailure(exitCodes.refused, `The file ${file} is not valid. No template was loaded:${lines}`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function linesOf(results: readonly LoadedTemplate[]): string[] {
  const count = (wanted: LoadedTemplate['outcome']) => results.filter(({ outcome }) => outcome === wanted).length;
  const summary = (['created', 'updated', 'unchanged', 'rejected'] as const).map((one) => `${count(one)} ${one}`);
  return [
    ...results.map(
      ({ key, language, outcome, detail }) =>
        `${outcome.padEnd(9)} ${key} (${language})${detail === undefined ? '' : `: ${detail}`}`,
    ),
    summary.join(', '),
  ];
}
