import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { Command, InvalidArgumentError } from 'commander';
import { findDeployment } from '../deployment.ts';
import { check, type CheckResult, tableOf } from '../doctor/check.ts';
import { checkHealth } from '../doctor/service-checks.ts';
import { exitCodes } from '../exit-codes.ts';
import { printResult, say } from '../output.ts';
import { type TargetOptions, withTarget } from '../target-options.ts';
import { checkAlarmMail } from '../verify/alarm-mail.ts';
import {
  checkBus,
  checkFiles,
  checkSummary,
  sendMessage,
  type SentMessage,
  signInPair,
  type VerificationPair,
} from '../verify/conversation-checks.ts';

interface VerifyOptions extends TargetOptions {
  readonly patience?: number;
  readonly json?: boolean;
}

const examples = `
Examples:
  $ npx switchboard verify
  $ npx switchboard verify --aws --stage prod --json     after each deployment

It leaves two accounts, one message and one file in the tenant "verification", which is closed to registrations.
The exit code is 1 if a check failed.`;

export function verifyCommand(): Command {
  const command = new Command('verify')
    .summary('test a deployment end to end')
    .description(
      'Tests a deployment from the outside: login, socket, message, stream projector, event bus and files. In AWS, it also ' +
        'raises an alarm to test the alarm mail.',
    )
    .option('--patience <seconds>', 'timeout of each check (default: 60, in AWS 300)', seconds)
    .option('--json', 'print the result as one JSON document');
  return withTarget(command).addHelpText('after', examples).action(verify);
}

/** A new event source mapping may take minutes to start. https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html */
const patienceSeconds = { local: 60, aws: 300 } as const;

function seconds(text: string): number {
  if (!/^[1-9][0-9]{0,3}$/.test(text))
    throw new InvalidArgumentError('It must be a whole number of seconds, at least 1.');
  return Number(text);
}

async function verify(options: VerifyOptions): Promise<void> {
  const deployment = await findDeployment(options);
  const patienceMs = (options.patience ?? patienceSeconds[deployment.kind]) * 1000;
  const results: CheckResult[] = [];
  const add = async (...[name, run, fix]: Parameters<typeof check>): Promise<void> => {
    say(`Checking: ${name}`);
    results.push(await check(name, run, fix));
  };
  let pair: VerificationPair | undefined;
  let sent: SentMessage | undefined;
  await add('health', () => checkHealth(deployment.url), 'Run: npx switchboard doctor');
  await add(
    'sign-in and sockets',
    async () => {
      pair = await signInPair(deployment, patienceMs);
      return { passed: true, detail: 'two new accounts are connected' };
    },
    'Read the logs of the functions provision, auth, authorize-socket and socket-connect',
  );
  if (pair !== undefined) {
    const accounts = pair;
    await add(
      'message',
      async () => {
        const [message, finding] = await sendMessage(accounts);
        sent = message;
        return finding;
      },
      'Read the log of the function socket-message',
    );
    if (sent !== undefined) {
      const message = sent;
      await add(
        'summary',
        () => checkSummary(accounts, message),
        'Check the log and the alarms of the function stream-projector',
      );
      await add(
        'event bus',
        () => checkBus(accounts, message),
        'Check the metrics of the event rules and the queue index-messages',
      );
      await add('files', () => checkFiles(accounts, message), 'Read the log of the function attachments');
    }
    accounts.sender.close();
    accounts.recipient.close();
  }
  const { alarms } = deployment;
  if (alarms !== undefined) {
    await add(
      'alarm mail',
      () => checkAlarmMail(new CloudWatchClient(alarms.account), alarms.prefix, patienceMs),
      'Deploy the stack observability again',
    );
  }
  const failures = results.filter((result) => !result.passed);
  printResult(options.json, { passed: failures.length === 0, checks: results }, tableOf(results));
  if (failures.length > 0) process.exitCode = exitCodes.refused;
}
