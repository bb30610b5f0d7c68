import { Command } from 'commander';
import { findDeployment } from '../deployment.ts';
import { printResult, say } from '../output.ts';
import { type TargetOptions, withTarget } from '../target-options.ts';

interface RestartTimersOptions extends TargetOptions {
  readonly json?: boolean;
}

const examples = `
Examples:
  $ npx switchboard restart-timers
  $ npx switchboard restart-timers --aws --stage prod

Use it after the stack of events was removed and deployed again, or after a restore: the timers are in the table, but the
messages and schedules that announce them are gone. It does no harm at other times.`;

export function restartTimersCommand(): Command {
  const command = new Command('restart-timers')
    .summary('announce all timers again')
    .description('Makes every open conversation and absent agent of all tenants check what is due.')
    .option('--json', 'print the result as one JSON document');
  return withTarget(command).addHelpText('after', examples).action(restartTimers);
}

async function restartTimers({ json, ...target }: RestartTimersOptions): Promise<void> {
  const deployment = await findDeployment(target);
  say(`Restarting the timers of all tenants in ${deployment.name}`);
  let tenants = 0;
  let after: Readonly<Record<string, string>> | undefined;
  do {
    const { restarted, next } = await deployment.provision({
      command: 'restartTimers',
      ...(after === undefined ? {} : { after }),
    });
    tenants += restarted;
    after = next;
  } while (after !== undefined);
  printResult(json, { tenants }, [`Restarted the timers of ${tenants} tenants. Overdue ones run within minutes`]);
}
