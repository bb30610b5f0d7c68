import type { AttemptLimit } from '../../../shared/features/identity/attempt-limits.ts';
import { keys } from '../../../shared/core/table/keys.ts';
import { tenantPrefix } from '../../../shared/core/tenancy/tenant-scope.ts';
import { readyAttachment } from '../attachments/upload.ts';
import { type GuestPerson, newGuestPerson } from '../guests/guest-person.ts';
import { environmentsForRaces, startTestRun, type TestRun } from '../harness.ts';
import { deliver, newSource, type TestSource } from '../incidents/incident-calls.ts';
import { storeNotification } from '../notifications/mentioning.ts';
import { conversationOf } from '../people.ts';
import { newToken, Phones } from '../push/phones.ts';
import { call } from '../raw-client.ts';
import type { Faults } from '../system/faults.ts';
import type { Tables } from '../system/tables.ts';
import { newMessage } from '../system/new-message.ts';
import { newAccount, newPerson, type Person } from '../system/world.ts';
import { setDesk, type StageDesk } from './stage-desk.ts';

export interface Stage extends StageDesk {
  readonly test: TestRun;
  readonly tables: Tables;
  readonly faults: Faults;
  readonly prefix: string;
  readonly alice: Person;
  readonly bob: Person;
  readonly admin: Person;
  /** Has the lowest role. */
  readonly guest: GuestPerson;
  /** Not a participant of `conversation`. */
  readonly stranger: Person;
  readonly pending: { readonly email: string; readonly userId: string };
  readonly suspended: { readonly email: string; readonly userId: string };
  /** Of the tenant that requires verified addresses. */
  readonly unverified: { readonly email: string; readonly username: string };
  readonly conversation: string;
  /** Alice is the admin, Bob a participant. */
  readonly group: string;
  /** Alice's text file, ready to be sent in `conversation`. */
  readonly attachment: string;
  /** A canned reply. */
  readonly template: string;
  readonly globalTemplate: string;
  /** Alice's. */
  readonly notification: string;
  /** The guest's. */
  readonly device: string;
  /** A conversation for which Alice has a draft. */
  readonly drafted: string;
  /** Of incidents. */
  readonly source: TestSource;
  /** A delivery of the source. */
  readonly delivery: string;
}

export const slug = 'trouble';
export const closedSlug = 'closed';
export const strictSlug = 'strict';
export const textLength = 20;
/** For each sender in each conversation. */
export const messagesPerMinute = 40;
export const groupSize = 4;
/** A user's quota has room for one such file. */
export const attachmentBytes = 1_000_000;
const userQuotaBytes = 1_500_000;

const canary = 'trouble';

export async function startStage(faults: Faults): Promise<TestRun> {
  // A provocation may delete an event's message. The event's retries must end soon.
  return startTestRun({
    environmentsPerFunction: environmentsForRaces,
    faults: faults.plan,
    pace: { queueRetryAfterMs: 20 },
  });
}

export async function setStage(test: TestRun, tables: Tables, faults: Faults): Promise<Stage> {
  const limits = { messagesPerMinute, textLength, groupSize, attachmentBytes, userQuotaBytes };
  // Nothing must happen by itself: the provocations decide who has which conversation, and compare items.
  const escalation = { steps: [{ afterSeconds: 86_400, to: ['team' as const] }], repeatSeconds: 86_400 };
  const settings = { registration: 'open', autoAssign: 'off', escalation, ...limits } as const;
  for (const [name, more] of [
    [slug, settings],
    [closedSlug, { registration: 'closed' }],
    [strictSlug, { emailVerification: 'required' }],
  ] as const) {
    const created = await test.provision({ command: 'createTenant', slug: name, name, settings: more });
    if (!created.ok) throw new Error(created.problem.detail);
  }
  const [alice, bob, admin, guest, stranger, pending, suspended] = await Promise.all([
    newPerson(test, slug, canary, 'alice'),
    newPerson(test, slug, canary, 'bob'),
    newPerson(test, slug, canary, 'admin', 'admin'),
    newGuestPerson(test, slug, canary),
    newPerson(test, slug, canary, 'stranger'),
    newAccount(test, slug, canary, 'pending', { active: false }),
    newAccount(test, slug, canary, 'suspended'),
  ] as const);
  const unverified = await newUnverified(test, tables);
  const prefix = `${tenantPrefix}${alice.tenantId}#`;
  const path = `/api/v1/admin/users/${suspended.userId}/suspend`;
  const answer = await call(test.url, 'POST', path, { token: admin.token });
  if (answer.status !== 200) throw new Error(answer.text);
  const [conversation] = await Promise.all([conversationOf(test, alice, bob), conversationOf(test, alice, stranger)]);
  const group = await newGroup(test, alice, bob);
  const desk = await setDesk(test, slug, canary, { alice, bob, admin });
  const attachment = await readyAttachment(test, alice, conversation);
  const [template, globalTemplate] = await Promise.all([newTemplate(test, slug), newTemplate(test, undefined)]);
  const messages = `/api/v1/conversations/${conversation}/messages`;
  const first = await call(test.url, 'POST', messages, { token: alice.token, body: newMessage() });
  if (first.status !== 201) throw new Error(first.text);
  const notification = await storeNotification(tables, prefix, alice.userId, conversation);
  const draft = { token: alice.token, body: { text: 'later' } };
  const saved = await call(test.url, 'PUT', `/api/v1/conversations/${group}/draft`, draft);
  if (saved.status !== 200) throw new Error(saved.text);
  const device = 'stage-phone';
  const registered = await new Phones(test).register(guest, newToken(), { deviceId: device });
  if (registered.status !== 201) throw new Error(registered.text);
  const source = await newSource(test, admin);
  const received = await deliver(test, source, { incidentKey: 'stage', event: 'close', title: 'Over' });
  await test.run.settled();
  return {
    ...{ source, delivery: received.body.deliveryId as string },
    ...{ test, tables, faults, prefix, conversation, group, attachment, template, globalTemplate },
    ...{ notification, device, drafted: group, ...desk },
    ...{ alice, bob, admin, guest, stranger, pending, suspended, unverified },
  };
}

export const templateOfStage = { key: 'first', language: 'en', shortcut: 'first' } as const;

async function newTemplate(test: TestRun, tenant: string | undefined): Promise<string> {
  const reply = { kind: 'reply', name: 'First', text: 'Hello {name}', ...templateOfStage } as const;
  const loaded = await test.provision({
    ...{ command: 'loadTemplates', templates: [reply] },
    ...(tenant === undefined ? {} : { tenant }),
  });
  const id = loaded.ok && 'templates' in loaded ? loaded.templates[0]?.id : undefined;
  if (id === undefined) throw new Error('No template was loaded');
  return id;
}

/** As if the tenant had begun to require verified addresses later. */
async function newUnverified(test: TestRun, tables: Tables): Promise<Stage['unverified']> {
  const { email, username, userId } = await newAccount(test, strictSlug, canary, 'unverified');
  const { pk, sk } = keys.user(userId);
  const stored = (await tables.items()).find((item) => item.pk.endsWith(`#${pk}`) && item.sk === sk);
  if (stored === undefined) throw new Error('The account has no profile');
  await tables.set(stored.pk, stored.sk, 'emailUnverified', true);
  return { email, username };
}

export async function newGroup(test: TestRun, admin: Person, member: Person): Promise<string> {
  const body = { kind: 'group', name: 'Crew', participants: [{ userId: member.userId }] };
  const answer = await call(test.url, 'POST', '/api/v1/conversations', { token: admin.token, body });
  if (answer.status !== 201) throw new Error(answer.text);
  return answer.body.id as string;
}

export const inConversation = ({ alice, conversation }: Stage) => ({
  by: alice,
  params: { conversationId: conversation },
});

export const onFirstMessage = ({ alice, conversation }: Stage, more: { readonly emoji?: string } = {}) => ({
  by: alice,
  params: { conversationId: conversation, seq: '1', ...more },
});

export async function exhaust({ tables, prefix }: Stage, limit: AttemptLimit, subject: string): Promise<void> {
  const { pk, sk } = keys.attempts(`${limit.name}#${subject}`);
  await tables.put({ pk: prefix + pk, sk, filledTo: Date.now() + limit.burst * limit.intervalMs });
}

export async function forgetAttempts({ tables }: Stage): Promise<void> {
  const counted = (await tables.items()).filter(({ pk }) => pk.includes('ATTEMPTS#'));
  await Promise.all(counted.map(({ pk, sk }) => tables.delete(pk, sk)));
}
