import { vi } from 'vitest';
import type { BusEnvelope } from '../../../shared/contract/events/envelope.ts';
import type { Answer, IdentitySystem } from './identity-system.ts';

export const password = 'Harbour-lamp-72';

/** Each name is a different person. */
export function newPerson(name: string, tenant = 'north') {
  return {
    tenant,
    email: `${name}@people.example`,
    username: name,
    firstName: name,
    lastName: 'Example',
    password,
    passwordConfirm: password,
  };
}

/** Events of one transaction have no order. */
export function byType(events: readonly BusEnvelope[]): readonly BusEnvelope[] {
  return events.toSorted((first, second) => first.type.localeCompare(second.type));
}

export async function createTenant(
  system: IdentitySystem,
  slug: string,
  settings: Parameters<typeof changeable>[0] = {},
): Promise<void> {
  const result = await system.provision({ command: 'createTenant', slug, settings: changeable(settings) });
  if (!result.ok) throw new Error(result.problem.code);
}

function changeable(settings: {
  registration?: 'open' | 'approval' | 'closed';
  emailVerification?: 'optional' | 'required';
  allowedOrigins?: string[];
}) {
  return settings;
}

/** @returns a function that names the operations on the table which this process began since it was last called. */
export async function watchTable(): Promise<() => readonly string[]> {
  const { AwsClient } = await import('../../../shared/core/aws/aws-client.ts');
  const { mock } = vi.spyOn(AwsClient.prototype, 'send');
  return () => {
    const sent = mock.calls.splice(0).map(([operation]) => operation);
    return sent.filter(({ service }) => service === 'dynamodb').map(({ name }) => name);
  };
}

export async function register(system: IdentitySystem, name: string, tenant = 'north'): Promise<string> {
  const answer = await system.call('register', { body: newPerson(name, tenant) });
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
  return (answer.body as { user: { id: string } }).user.id;
}

export function login(system: IdentitySystem, name: string, more: Record<string, unknown> = {}): Promise<Answer> {
  return system.call('login', { body: { tenant: 'north', username: name, password, ...more } });
}

export async function newSession(system: IdentitySystem, name: string, tenant = 'north') {
  await register(system, name, tenant);
  return sessionOf(await login(system, name, { tenant }));
}

export function sessionOf(answer: Answer) {
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
  return answer.body;
}

export async function newSessionAs(
  system: IdentitySystem,
  role: 'member' | 'agent' | 'admin' | 'staff',
  name: string,
  tenant = 'north',
) {
  const { email, username, firstName, lastName } = newPerson(name, tenant);
  const account = { tenant, email, username, firstName, lastName, password, role };
  const result = await system.provision({ command: 'createUser', ...account });
  if (!result.ok) throw new Error(result.problem.code);
  return sessionOf(await login(system, name, role === 'staff' ? { tenant: undefined } : { tenant }));
}
