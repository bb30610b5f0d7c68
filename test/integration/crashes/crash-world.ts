import { ulid } from 'ulid';
import { keys } from '../../../shared/core/table/keys.ts';
import { tenantPrefix } from '../../../shared/core/tenancy/tenant-scope.ts';
import type { TestRun } from '../harness.ts';
import { call, type RawSocket, type SignedIn } from '../raw-client.ts';
import { connect, conversationOf } from '../people.ts';
import { StoredObjects } from '../attachments/stored-objects.ts';
import type { Tables } from '../system/tables.ts';
import { newPerson, type Person } from '../system/world.ts';
import { type DeskWorld, deskWorld } from './desk-world.ts';
import { type PresenceWorld, presenceWorld } from './presence-world.ts';

export interface CrashWorld {
  readonly test: TestRun;
  readonly tables: Tables;
  readonly slug: string;
  readonly prefix: string;
  readonly alice: Person;
  readonly bob: Person;
  readonly admin: Person;
  readonly target: Person;
  readonly visitor: Person;
  readonly changer: Person;
  readonly forgetful: Person;
  readonly conversation: string;
  /** Alice is the admin, Bob a participant. */
  readonly group: string;
  readonly aliceSocket: RawSocket;
  readonly bobSocket: RawSocket;
  readonly acknowledged: Set<string>;
  readonly sessions: SignedIn[];
  readonly desk: DeskWorld;
  readonly presence: PresenceWorld;
  readonly objects: StoredObjects;
}

const slug = 'crash';
const canary = 'crashing';

export async function crashWorld(test: TestRun, tables: Tables): Promise<CrashWorld> {
  const settings = { messagesPerMinute: null, registration: 'open', notificationMails: 'on' } as const;
  const created = await test.provision({ command: 'createTenant', slug, name: 'Crash', settings });
  if (!created.ok) throw new Error(created.problem.detail);
  const person = (name: string, role: 'member' | 'admin' = 'member') => newPerson(test, slug, canary, name, role);
  const [alice, bob, admin, target, visitor, changer, forgetful] = await Promise.all([
    person('alice'),
    person('bob'),
    person('admin', 'admin'),
    person('target'),
    person('visitor'),
    person('changer'),
    person('forgetful'),
  ] as const);
  const conversation = await conversationOf(test, alice, bob);
  const crew = { kind: 'group', name: 'Crew', participants: [{ userId: bob.userId }] };
  const founded = await call(test.url, 'POST', '/api/v1/conversations', { token: alice.token, body: crew });
  if (founded.status !== 201) throw new Error(founded.text);
  const group = founded.body.id as string;
  const [aliceSocket, bobSocket] = await Promise.all([connect(test, alice), connect(test, bob)]);
  const prefix = `${tenantPrefix}${alice.tenantId}#`;
  const presence = await presenceWorld(test, 'crew');
  const desk = await deskWorld(test, slug, canary, admin);
  return {
    ...{ presence, desk, objects: new StoredObjects(test), sessions: [] },
    ...{ test, tables, slug, prefix, conversation, group, aliceSocket, bobSocket },
    ...{ alice, bob, admin, target, visitor, changer, forgetful },
    acknowledged: new Set(),
  };
}

export function ask({ test }: CrashWorld, who: SignedIn | undefined, method: string, path: string, body?: unknown) {
  return call(test.url, method, path, { token: who?.token, ...(body === undefined ? {} : { body }) });
}

/** Stores a partial user. A full account would cost a password hash. */
export async function syntheticUser({ tables, prefix }: CrashWorld): Promise<string> {
  const userId = ulid();
  const { pk, sk } = keys.userAccess(userId);
  await tables.put({ pk: prefix + pk, sk, userId, role: 'member', status: 'active', synthetic: true });
  return userId;
}
