import { SNSClient } from '@aws-sdk/client-sns';
import { Command, Option } from 'commander';
import { type PushPlatform, pushPlatforms } from '../../../shared/contract/schemas/device.ts';
import { putPlatform, removePlatform, storedPlatforms } from '../../push-platforms.ts';
import { accountFailure } from '../account-failure.ts';
import { CommandFailure } from '../command-failure.ts';
import { type Deployment, findDeployment } from '../deployment.ts';
import { exitCodes } from '../exit-codes.ts';
import { printResult, say } from '../output.ts';
import { type CredentialOptions, pushCredentials } from '../push-credentials.ts';
import { type TargetOptions, withTarget } from '../target-options.ts';

interface JsonOption extends TargetOptions {
  readonly json?: boolean;
}

interface PlatformOption extends JsonOption {
  readonly platform: PushPlatform;
}

type PutOptions = PlatformOption & CredentialOptions;

interface RemoveOptions extends PlatformOption {
  readonly yes?: boolean;
}

const examples = `
Examples:
  $ npx switchboard push-platform put --aws --stage prod --platform fcm --credentials service-account.json
  $ npx switchboard push-platform put --aws --stage prod --platform apns --credentials AuthKey_ABC123DEFG.p8 \\
      --key-id ABC123DEFG --team-id 1234567890 --bundle-id com.example.chat
  $ npx switchboard push-platform list --aws --stage prod --json

The command calls SNS with your own AWS credentials and stores nothing elsewhere. Removing the stacks keeps the platforms:
see docs/push.md.`;

export function pushPlatformCommand(): Command {
  const json = new Option('--json', 'print the result as one JSON document');
  const platform = () => new Option('--platform <name>', 'platform').choices([...pushPlatforms]).makeOptionMandatory();
  const put = new Command('put')
    .summary('store or replace the credentials of a platform')
    .description(
      'Stores the credentials with which SNS sends pushes. A repetition replaces them and keeps all devices.',
    )
    .addOption(platform())
    .requiredOption('--credentials <file>', 'key file, or - for standard input')
    .option('--key-id <id>', 'id of the signing key (APNs)')
    .option('--team-id <id>', 'id of your team (APNs)')
    .option('--bundle-id <id>', 'bundle id of the app (APNs)')
    .addOption(json)
    .action(putCommand);
  const list = new Command('list')
    .summary('list the platforms')
    .description('Lists the platforms of the stage, and whether the platform still accepts the credentials.')
    .addOption(json)
    .action(listCommand);
  const remove = new Command('remove')
    .summary('delete a platform with its devices')
    .description('Deletes the credentials and all endpoints. Apps must register their devices again.')
    .addOption(platform())
    .option('--yes', 'delete it')
    .addOption(json)
    .action(removeCommand);
  const command = new Command('push-platform')
    .summary('manage the credentials for pushes')
    .description('Manages the platform applications of SNS, through which pushes reach phones.')
    .addHelpText('after', examples);
  for (const each of [put, list, remove]) command.addCommand(withTarget(each).exitOverride());
  return command;
}

async function putCommand(options: PutOptions): Promise<void> {
  const { platform } = options;
  const credentials = await pushCredentials(platform, options);
  const deployment = await findDeployment(options);
  const { created } = await calling(deployment, (sns) => putPlatform(sns, deployment.prefix, platform, credentials));
  printResult(options.json, { platform, created }, [
    created ? `${platform}: stored` : `${platform}: replaced the credentials`,
  ]);
}

async function listCommand(options: JsonOption): Promise<void> {
  const deployment = await findDeployment(options);
  const stored = await calling(deployment, (sns) => storedPlatforms(sns, deployment.prefix));
  const lines = stored.map(({ platform, enabled }) => `${platform}: ${enabled ? 'enabled' : 'disabled by SNS'}`);
  printResult(options.json, { platforms: stored }, lines.length === 0 ? ['No platform is stored'] : lines);
}

async function removeCommand(options: RemoveOptions): Promise<void> {
  const { platform, yes } = options;
  const deployment = await findDeployment(options);
  const stored = await calling(deployment, (sns) => storedPlatforms(sns, deployment.prefix));
  const found = stored.find((each) => each.platform === platform);
  if (found === undefined) {
    throw new CommandFailure(exitCodes.refused, `${deployment.name} has no platform ${platform}.`);
  }
  if (yes !== true) {
    throw new CommandFailure(
      exitCodes.usage,
      `This deletes the endpoints of all ${platform} devices in ${deployment.name}. Repeat the command with --yes.`,
    );
  }
  say(`Deleting ${found.arn}`);
  await calling(deployment, (sns) => removePlatform(sns, found));
  printResult(options.json, { platform, removed: true }, [`${platform}: removed`]);
}

/** SNS names what it dislikes, without the credentials. */
async function calling<Result>(
  { account, name }: Pick<Deployment, 'account' | 'name'>,
  work: (sns: SNSClient) => Promise<Result>,
): Promise<Result> {
  try {
    return await work(new SNSClient(account));
  } catch (error) {
    if (error instanceof Error && error.name.startsWith('InvalidParameter')) {
      throw new CommandFailure(exitCodes.refused, `SNS rejected the credentials: ${error.message}`, { cause: error });
    }
    throw accountFailure(error, name);
  }
}
