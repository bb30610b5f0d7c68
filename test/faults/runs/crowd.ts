import type { TestRun } from '../../integration/harness.ts';
import { signIn, type SignedIn } from '../../integration/raw-client.ts';
import { newAccount, password } from '../../integration/system/world.ts';

export interface CrowdMember extends SignedIn {
  readonly username: string;
  readonly email: string;
}

/** Passwords are `password`. The tenant has no limits of messages and edit times. */
export async function crowdOf(test: TestRun, slug: string, names: readonly string[]): Promise<readonly CrowdMember[]> {
  const settings = { messagesPerMinute: null, editWindowMinutes: null };
  const created = await test.provision({ command: 'createTenant', slug, name: slug, settings });
  if (!created.ok) throw new Error(created.problem.detail);
  const members: CrowdMember[] = [];
  for (const name of names) {
    const { email, username } = await newAccount(test, slug, slug, name);
    members.push({ ...(await signIn(test.url, slug, email, password)), username, email });
  }
  return members;
}
