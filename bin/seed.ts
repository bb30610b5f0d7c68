import type { ProvisioningCommand, ProvisioningResult } from '../shared/features/provisioning/commands.ts';
import { demoPassword, demoTenants } from './demo-data.ts';

export type Provision = (command: ProvisioningCommand) => Promise<ProvisioningResult>;

export interface SeedResult {
  readonly tenantsCreated: number;
  readonly usersCreated: number;
}

/** Each needs a processor for its password hash. */
const usersAtOnce = 4;

/**
 * Does not change existing tenants and users.
 *
 * @throws Error with the problem's detail if a command is rejected.
 */
export async function seedDemo(
  provision: Provision,
  log: (line: string) => void = () => undefined,
): Promise<SeedResult> {
  let tenantsCreated = 0;
  let usersCreated = 0;
  for (const tenant of demoTenants) {
    if (tenant.slug !== 'platform') {
      const result = await run(provision, {
        command: 'createTenant',
        slug: tenant.slug,
        name: tenant.name,
        settings: tenant.settings,
      });
      if (result.created) tenantsCreated += 1;
    }
    for (let start = 0; start < tenant.users.length; start += usersAtOnce) {
      const results = await Promise.all(
        tenant.users.slice(start, start + usersAtOnce).map((user) =>
          run(provision, {
            command: 'createUser',
            tenant: tenant.slug,
            ...user,
            password: demoPassword,
            active: true,
          }),
        ),
      );
      usersCreated += results.filter((result) => result.created).length;
    }
    log(`Tenant ${tenant.slug}: ${tenant.users.length} users`);
  }
  return { tenantsCreated, usersCreated };
}

async function run(provision: Provision, command: ProvisioningCommand): Promise<{ readonly created: boolean }> {
  const result = await provision(command);
  if (!result.ok) throw new Error(`${command.command} was rejected: ${result.problem.detail}`);
  return { created: 'created' in result && result.created };
}
