import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { InvokeCommand, LambdaClient, type LambdaClientConfig } from '@aws-sdk/client-lambda';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProvisioningCommand, ProvisioningResult } from '../../shared/features/provisioning/commands.ts';
import { accountFailure } from './account-failure.ts';
import { CommandFailure, refusal } from './command-failure.ts';
import { exitCodes } from './exit-codes.ts';
import { findLocalRun } from './local-run-record.ts';
import type { TargetOptions } from './target-options.ts';

export interface Deployment {
  readonly kind: 'local' | 'aws';
  /** `the local run` or `stage dev in eu-central-1`. */
  readonly name: string;
  /** Without a trailing slash. */
  readonly url: string;
  readonly socketUrl: string;
  /** Of all named resources, such as `switchboard-dev`. */
  readonly prefix: string;
  readonly account: Account['config'];
  readonly alarms?: { readonly account: Account['config']; readonly prefix: string };
  /** Throws if the command is rejected. */
  readonly provision: <Command extends ProvisioningCommand>(command: Command) => Promise<Success<Command>>;
}

export type Success<Command extends ProvisioningCommand> = Extract<
  ProvisioningResult,
  { ok: true } & (Command['command'] extends 'createTenant'
    ? { created: boolean; settings: unknown }
    : Command['command'] extends 'createUser' | 'createAdmin'
      ? { user: unknown }
      : Command['command'] extends 'verifyConversation'
        ? { verdict: unknown }
        : Command['command'] extends 'loadTemplates'
          ? { templates: unknown }
          : Command['command'] extends 'restartTimers'
            ? { restarted: number }
            : object)
>;

const standardStage = 'dev';

/** @throws CommandFailure if there is none. */
export async function findDeployment(options: TargetOptions): Promise<Deployment> {
  const isAws = options.aws === true;
  const stage = options.stage ?? standardStage;
  const { config, name } = isAws ? await awsAccount(stage, options) : await localAccount();
  const outputs = await stackOutputs(config, stage, name);
  const output = (key: string): string => {
    const value = outputs.get(key);
    if (value !== undefined) return value;
    throw new CommandFailure(
      exitCodes.unreachable,
      `The stacks of ${name} have no output ${key}, so the deployment is incomplete. Run: npx cdk deploy --all`,
    );
  };
  const functionName = output('ProvisionFunctionName');
  const lambda = new LambdaClient(config);
  return {
    kind: isAws ? 'aws' : 'local',
    name,
    prefix: `switchboard-${stage}`,
    account: config,
    url: output('Url'),
    socketUrl: output('SocketUrl'),
    ...(isAws ? { alarms: { account: config, prefix: `switchboard-${stage}` } } : {}),
    provision: (command) => provision(lambda, functionName, command),
  };
}

interface Account {
  readonly config: Pick<LambdaClientConfig, 'endpoint' | 'region' | 'credentials' | 'profile'>;
  readonly name: string;
}

async function localAccount(): Promise<Account> {
  const { awsUrl, region, credentials } = await findLocalRun();
  return { config: { endpoint: awsUrl, region, credentials }, name: 'the local run' };
}

async function awsAccount(stage: string, options: TargetOptions): Promise<Account> {
  const region = options.region ?? (await regionOfStage(stage));
  return {
    config: {
      ...(region === undefined ? {} : { region }),
      ...(options.profile === undefined ? {} : { profile: options.profile }),
    },
    name: `stage ${stage}${region === undefined ? '' : ` in ${region}`}`,
  };
}

async function regionOfStage(stage: string): Promise<string | undefined> {
  const text = await readFile(join(import.meta.dirname, '../../cdk.json'), 'utf8').catch(() => '{}');
  const { context } = JSON.parse(text) as { context?: { stages?: Record<string, { region?: string }> } };
  return context?.stages?.[stage]?.region;
}

async function stackOutputs(
  config: Account['config'],
  stage: string,
  name: string,
): Promise<ReadonlyMap<string, string>> {
  const client = new CloudFormationClient(config);
  const describe = async (part: string) => {
    const answer = await client.send(new DescribeStacksCommand({ StackName: `switchboard-${stage}-${part}` }));
    return answer.Stacks?.flatMap((stack) => stack.Outputs ?? []) ?? [];
  };
  try {
    const outputs = (await Promise.all([describe('edge'), describe('api')])).flat();
    return new Map(outputs.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]));
  } catch (error) {
    throw accountFailure(error, name);
  }
}

async function provision<Command extends ProvisioningCommand>(
  lambda: LambdaClient,
  functionName: string,
  command: Command,
): Promise<Success<Command>> {
  const answer = await lambda
    .send(new InvokeCommand({ FunctionName: functionName, Payload: Buffer.from(JSON.stringify(command)) }))
    .catch((error: unknown) => {
      throw accountFailure(error, functionName);
    });
  const text = Buffer.from(answer.Payload ?? []).toString();
  if (answer.FunctionError !== undefined) {
    throw new CommandFailure(exitCodes.refused, `The function ${functionName} failed: ${text}\nRead its log.`);
  }
  const result = JSON.parse(text) as ProvisioningResult;
  if (!result.ok) throw refusal(result.problem);
  return result as Success<Command>;
}
