import { once } from 'node:events';
import { keys } from '../../../shared/core/table/keys.ts';
import { tenantPrefix } from '../../../shared/core/tenancy/tenant-scope.ts';
import type { TestRun } from '../harness.ts';
import { call, type RawSocket, signIn, type SignedIn } from '../raw-client.ts';
import type { Tables } from '../system/tables.ts';
import { newPerson, password, type Person } from '../system/world.ts';

const name = 'sockets';

let names = 0;

export async function makeTenant(test: TestRun): Promise<void> {
  const settings = { messagesPerMinute: null };
  const slug = test.slugOf(name);
  const created = await test.provision({ command: 'createTenant', slug, name, settings });
  if (!created.ok) throw new Error(created.problem.detail);
}

export async function newcomer(test: TestRun, role: 'member' | 'admin' = 'member'): Promise<Person> {
  names += 1;
  return newPerson(test, test.slugOf(name), 'sockets', `p${names}`, role);
}

export function anotherSession(test: TestRun, { email }: Pick<Person, 'email'>): Promise<SignedIn> {
  return signIn(test.url, test.slugOf(name), email, password);
}

/** Waits for everything sent so far. The answer to a ping arrives last. */
export async function arrived({ socket }: RawSocket): Promise<void> {
  const answered = once(socket, 'pong');
  socket.ping();
  await answered;
}

export async function recordedConnections(tables: Tables, who: SignedIn): Promise<readonly string[]> {
  const { pk, sk } = keys.userConnections(who.userId);
  const item = await tables.get(`${tenantPrefix}${who.tenantId}#${pk}`, sk);
  return Object.keys(item ?? {})
    .filter((name) => name.startsWith('c:'))
    .map((name) => name.slice('c:'.length));
}

export async function ask(test: TestRun, who: SignedIn | undefined, method: string, path: string, body?: unknown) {
  const answer = await call(test.url, method, path, { token: who?.token, ...(body === undefined ? {} : { body }) });
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.text}`);
  return answer;
}
