import { type Command, Option } from 'commander';

/** Which deployment a command is about. */
export interface TargetOptions {
  readonly local?: boolean;
  readonly aws?: boolean;
  readonly stage?: string;
  readonly region?: string;
  readonly profile?: string;
}

/** Adds the options that say which deployment a command is about. */
export function withTarget(command: Command): Command {
  return command
    .addOption(new Option('--local', 'the local run (default)').conflicts(['aws', 'stage', 'region', 'profile']))
    .addOption(new Option('--aws', 'a deployment in an AWS account'))
    .addOption(new Option('--stage <name>', 'its stage in cdk.json (default: dev)').implies({ aws: true }))
    .addOption(new Option('--region <region>', 'its region (default: the stage’s in cdk.json)').implies({ aws: true }))
    .addOption(new Option('--profile <name>', 'AWS profile to use').implies({ aws: true }));
}
