import { type Command, Option } from 'commander';

export interface TargetOptions {
  readonly local?: boolean;
  readonly aws?: boolean;
  readonly stage?: string;
  readonly region?: string;
  readonly profile?: string;
}

export function withTarget(command: Command): Command {
  return command
    .addOption(new Option('--local', 'use the local run (default)').conflicts(['aws', 'stage', 'region', 'profile']))
    .addOption(new Option('--aws', 'use a deployment in an AWS account'))
    .addOption(new Option('--stage <name>', 'stage in cdk.json (default: dev)').implies({ aws: true }))
    .addOption(new Option('--region <region>', 'region (default: that of the stage)').implies({ aws: true }))
    .addOption(new Option('--profile <name>', 'AWS profile').implies({ aws: true }));
}
