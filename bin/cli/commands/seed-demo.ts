import { Command } from 'commander';
import { demoPassword, demoTenants } from '../../demo-data.ts';
import { seedChats } from '../../seed-chats.ts';
import { seedDesk } from '../../seed-desk.ts';
import { seedDemo } from '../../seed.ts';
import { findDeployment } from '../deployment.ts';
import { printResult, say } from '../output.ts';

interface SeedDemoOptions {
  readonly json?: boolean;
  readonly withMessages?: boolean;
}

const examples = `
Examples:
  $ npx switchboard seed-demo
  $ npx switchboard seed-demo --with-messages
  $ DATA_DIR=/tmp/try npx switchboard seed-demo --json

Only for the local run, because the password of the demo users is public. It does not change existing tenants and users.`;

export function seedDemoCommand(): Command {
  return new Command('seed-demo')
    .summary('create the demo tenants and users in the local run')
    .description('Creates the demo tenants and users in the local run. The first npm start does so too.')
    .option('--with-messages', 'also fill the demo tenant: a desk, a direct conversation and a group')
    .option('--json', 'print the result as one JSON document')
    .addHelpText('after', examples)
    .action(seed);
}

async function seed(options: SeedDemoOptions): Promise<void> {
  const deployment = await findDeployment({ local: true });
  const result = await seedDemo((command) => deployment.provision(command), say);
  const conversationsCreated =
    options.withMessages === true ? (await seedDesk(deployment)) + (await seedChats(deployment)) : 0;
  const tenants = demoTenants.map(({ slug, users }) => ({ slug, users: users.map(({ email }) => email) }));
  printResult(options.json, { ...result, conversationsCreated, tenants }, [
    `Created ${result.tenantsCreated} tenants and ${result.usersCreated} users. Their password is ${demoPassword}`,
    ...(options.withMessages === true ? [`Created ${conversationsCreated} conversations`] : []),
  ]);
}
