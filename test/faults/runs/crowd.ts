import { keys } from '../../../shared/core/table/keys.ts';
import { tenantPrefix } from '../../../shared/core/tenancy/tenant-scope.ts';
import type { TestRun } from '../../integration/harness.ts';
import { signIn, type SignedIn } from '../../integration/raw-client.ts';
import { cheapHash } from '../../integration/system/cheap-hash.ts';
import { Tables } from '../../integration/system/tables.ts';
import { newAccount, password } from '../../integration/system/world.ts';

export interface CrowdMember extends SignedIn {
  readonly username: string;
  readonly email: string;
}

/** Creates a tenant without limits of messages and edit times, and users with a cheap password hash. Their password is `password`. */
export async function crowdOf(test: TestRun, slug: string, names: readonly string[]): Promise<readonly CrowdMember[]> {
  const settings = { messagesPerMinute: null, editWindowMinutes: null };
  const created = await test.provision({ command: 'createTenant', slug, name: slug, settings });
  if (!created.ok) throw new Error(created.problem.detail);
  const tables = new Tables(test.run);
  const members: CrowdMember[] = [];
  let prefix: string | undefined;
  for (const name of names) {
    const { userId, email, username } = await newAccount(test, slug, slug, name);
    const { pk, sk } = keys.userCredentials(userId);
    prefix ??= await prefixOf(tables, pk);
    await tables.set(prefix + pk, sk, 'passwordHash', cheapHash(password));
    members.push({ ...(await signIn(test.url, slug, email, password)), username, email });
  }
  return members;
}

/** Prefix of the tenant's partition keys. */
async function prefixOf(tables: Tables, partitionKey: string): Promise<string> {
  const item = (await tables.items()).find(({ pk }) => pk.startsWith(tenantPrefix) && pk.endsWith(`#${partitionKey}`));
  if (item === undefined) throw new Error('The account is not in the table');
  return item.pk.slice(0, -partitionKey.length);
}
