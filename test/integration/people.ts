import type { TenantSettingsChange } from '../../shared/features/tenants/settings-change.ts';
import type { TestRun } from './harness.ts';
import { call, RawSocket, signIn, type SignedIn } from './raw-client.ts';

export const password = 'Correct-Horse-7!';

export interface Cast {
  readonly slug: string;
  readonly alice: SignedIn;
  readonly bob: SignedIn;
  readonly carol: SignedIn;
}

/** Three logged-in members with addresses that end in `@<name>.test`. */
export async function castOf(
  test: TestRun,
  name: string,
  settings: TenantSettingsChange = { messagesPerMinute: null },
): Promise<Cast> {
  const slug = test.slugOf(name);
  const created = await test.provision({ command: 'createTenant', slug, name, settings });
  if (!created.ok) throw new Error(created.problem.detail);
  const [alice, bob, carol] = await Promise.all(
    ['alice', 'bob', 'carol'].map(async (username) => {
      const email = `${username}@${name}.test`;
      const made = await test.provision({
        command: 'createUser',
        tenant: slug,
        username,
        email,
        firstName: username,
        lastName: 'Test',
        password,
        role: 'member',
        active: true,
      });
      if (!made.ok) throw new Error(made.problem.detail);
      return signIn(test.url, slug, email, password);
    }),
  );
  if (alice === undefined || bob === undefined || carol === undefined) throw new Error('A user is missing');
  return { slug, alice, bob, carol };
}

export async function connect(test: TestRun, who: SignedIn): Promise<RawSocket> {
  return new RawSocket(test.run.socketUrl, ['switchboard', `bearer.${who.token}`]).opened();
}

export async function conversationOf(test: TestRun, from: SignedIn, to: SignedIn): Promise<string> {
  const answer = await call(test.url, 'POST', '/api/v1/conversations', {
    token: from.token,
    body: { kind: 'direct', userId: to.userId },
  });
  if (answer.status !== 200 && answer.status !== 201) throw new Error(answer.text);
  return answer.body.id as string;
}
