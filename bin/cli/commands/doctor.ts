import { Command, Option } from 'commander';
import { type CheckResult, check, passed, tableOf } from '../doctor/check.ts';
import { checkEngine, checkNode } from '../doctor/machine-checks.ts';
import { checkClock, checkHealth, checkSigningKeys, checkSocket } from '../doctor/service-checks.ts';
import { type Deployment, findDeployment } from '../deployment.ts';
import { exitCodes } from '../exit-codes.ts';
import { printResult, say } from '../output.ts';
import { socketUrlOf } from '../service-address.ts';
import { type TargetOptions, withTarget } from '../target-options.ts';

interface DoctorOptions extends TargetOptions {
  readonly url?: string;
  readonly json?: boolean;
}

const examples = `
Examples:
  $ npx switchboard doctor
  $ npx switchboard doctor --aws --stage prod --json
  $ npx switchboard doctor --url https://chat.example.com    from the outside, without AWS credentials

It changes nothing. The exit code is 1 if a check failed.`;

export function doctorCommand(): Command {
  const command = new Command('doctor')
    .summary('check this machine and a deployment')
    .description('Checks this machine and a deployment, and explains how to fix each failure.')
    .addOption(new Option('--url <url>', 'address of the service to check').conflicts(['local', 'aws']))
    .option('--json', 'print the result as one JSON document');
  return withTarget(command).addHelpText('after', examples).action(doctor);
}

async function doctor(options: DoctorOptions): Promise<void> {
  const results: CheckResult[] = [];
  const add = async (...[name, run, fix]: Parameters<typeof check>): Promise<void> => {
    say(`Checking: ${name}`);
    results.push(await check(name, run, fix));
  };
  const isLocal = options.aws !== true && options.url === undefined;

  await add('Node', checkNode, 'Install Node 24 or newer');
  if (isLocal) await add('local database engine', checkEngine, 'Run npm ci');

  const target = await findTarget(options, add);
  if (target !== undefined) {
    const { url, socketUrl, deployment } = target;
    const unreachable = `Check that ${url} is reachable from here and that the deployment is complete`;
    await add('health', () => checkHealth(url), unreachable);
    await add('sign-in keys', () => checkSigningKeys(url), unreachable);
    await add('clock', () => checkClock(url), unreachable);
    await add('WebSocket', () => checkSocket(socketUrl), unreachable);
    if (deployment !== undefined) {
      await add('administration', () => checkAdministration(deployment), 'Read the log of the function provision');
    }
  }

  const failures = results.filter((result) => !result.passed);
  printResult(options.json, { passed: failures.length === 0, checks: results }, tableOf(results));
  if (failures.length > 0) process.exitCode = exitCodes.refused;
}

interface Target {
  readonly url: string;
  readonly socketUrl: string;
  readonly deployment: Deployment | undefined;
}

async function findTarget(
  options: DoctorOptions,
  add: (...args: Parameters<typeof check>) => Promise<void>,
): Promise<Target | undefined> {
  if (options.url !== undefined) {
    const url = options.url.replace(/\/+$/, '');
    return { url, socketUrl: socketUrlOf(url), deployment: undefined };
  }
  let deployment: Deployment | undefined;
  await add(
    'deployment',
    async () => {
      deployment = await findDeployment(options);
      return passed(`${deployment.name}: ${deployment.url}`);
    },
    'Start it with npm start, or deploy it with npx cdk deploy --all',
  );
  return deployment && { url: deployment.url, socketUrl: deployment.socketUrl, deployment };
}

async function checkAdministration(deployment: Deployment) {
  await deployment.provision({ command: 'describe' });
  return passed('the function provision answers');
}
