import { ulid } from 'ulid';
import type { ProvisioningCommand } from '../../../shared/features/provisioning/commands.ts';
import { readyAttachment, textFile } from '../attachments/upload.ts';
import { type GuestPerson, newGuestPerson } from '../guests/guest-person.ts';
import type { TestRun } from '../harness.ts';
import { storeSuppression } from '../mail/stored-suppression.ts';
import { newIntegration, openTicketOf } from '../integrations/integration-calls.ts';
import { storeNotification } from '../notifications/mentioning.ts';
import { tenantPrefix } from '../../../shared/core/tenancy/tenant-scope.ts';
import { Tables } from './tables.ts';
import { bringOnline, formTemplate, newTeam, sentForm, startSupport, succeed } from '../desk/desk-calls.ts';
import { newWebhook, quietTypes, usedWebhook } from '../webhooks/webhook-calls.ts';
import { deliver, newSource } from '../incidents/incident-calls.ts';
import { newMessage } from './new-message.ts';
import { call, signIn, type SignedIn } from '../raw-client.ts';

export const password = 'Correct-Horse-7!';

type NewUser = Extract<ProvisioningCommand, { command: 'createUser' }>;

export interface Person extends SignedIn {
  readonly email: string;
  readonly username: string;
}

export interface TenantWorld {
  readonly slug: string;
  readonly tenantId: string;
  /** In every name, address and text of this tenant only. */
  readonly canary: string;
  /** In message texts, with characters that URLs and JSON encode. */
  readonly textCanary: string;
  readonly admin: Person;
  readonly agent: Person;
  /** Has `conversation` with `bob`. */
  readonly alice: Person;
  readonly bob: Person;
  /** Has `otherConversation` with `agent`. */
  readonly carol: Person;
  readonly guest: GuestPerson;
  readonly conversation: string;
  readonly otherConversation: string;
  /** Alice is the admin, Bob a participant. */
  readonly group: string;
  /** Alice's, for `conversation`. `otherAttachment` is the agent's. */
  readonly attachment: string;
  readonly otherAttachment: string;
  readonly template: string;
  /** May be deleted. */
  readonly spareTemplate: string;
  /** Alice's, unread. `otherNotification` is Bob's. */
  readonly notification: string;
  readonly otherNotification: string;
  /** The agent's. */
  readonly team: string;
  /** Has no agent. */
  readonly otherTeam: string;
  /** May be deleted. */
  readonly spareTeam: string;
  /** May be deleted. */
  readonly suppression: string;
  /** The guest's, of `team`, active with `agent`, with an answer and a note. */
  readonly support: string;
  /** A template, and the number of its copy in `support`. */
  readonly form: string;
  readonly formSeq: number;
  /** Bob's, of `otherTeam`. It waits. */
  readonly otherSupport: string;
  /** Alice's. May be wiped. */
  readonly spareSupport: string;
  /** With a ticket in `support`. */
  readonly integration: string;
  readonly inboundSecret: string;
  /** May be deleted. */
  readonly spareIntegration: string;
  readonly webhook: string;
  /** Of `webhook`. */
  readonly webhookDelivery: string;
  /** May be deleted. */
  readonly spareWebhook: string;
  /** A source of incidents with a secret as its token, and what it received. `spareSource` may be deleted. */
  readonly source: string;
  readonly delivery: string;
  readonly spareSource: string;
}

export interface WorldSettings {
  readonly registration?: 'open' | 'approval' | 'closed';
}

/** Creates people concurrently, because each costs two password hashes. */
export async function tenantWorld(
  test: TestRun,
  name: string,
  { registration = 'open' }: WorldSettings = {},
): Promise<TenantWorld> {
  const slug = test.slugOf(name);
  const canary = `canary${name}`;
  const textCanary = `“${canary}” & ☂ text`;
  // Callers decide who has which conversation.
  const desk = { autoAssign: 'off', awayGraceSeconds: 3600 } as const;
  const settings = { registration, messagesPerMinute: null, ...desk };
  const created = await test.provision({ command: 'createTenant', slug, name: `${canary} tenant`, settings });
  if (!created.ok) throw new Error(created.problem.detail);

  const person = (name: string, role: NewUser['role'] = 'member') => newPerson(test, slug, canary, name, role);
  const [admin, agent, alice, bob, carol, guest] = await Promise.all([
    person('admin', 'admin'),
    person('agent', 'agent'),
    person('alice'),
    person('bob'),
    person('carol'),
    newGuestPerson(test, slug, canary),
  ] as const);
  const tenantId = alice.tenantId;

  const start = async (from: Person, to: Person, texts: number) => {
    const body = { kind: 'direct', userId: to.userId };
    const { body: conversation } = await expectSuccess(test, 'POST', '/api/v1/conversations', from, body);
    for (let number = 1; number <= texts; number += 1) {
      const message = { type: 'text', text: `${textCanary} ${number}`, clientMessageId: ulid() };
      await expectSuccess(test, 'POST', `/api/v1/conversations/${conversation.id}/messages`, from, message);
    }
    return conversation.id as string;
  };
  const [conversation, otherConversation] = await Promise.all([start(alice, bob, 3), start(agent, carol, 2)]);
  await start(alice, carol, 1);
  const crew = { kind: 'group', name: `${textCanary} crew`, participants: [{ userId: bob.userId }] };
  const { body: founded } = await expectSuccess(test, 'POST', '/api/v1/conversations', alice, crew);
  const group = founded.id as string;
  const file = textFile(textCanary, `${canary}.txt`);
  const [attachment, otherAttachment] = await Promise.all([
    readyAttachment(test, alice, conversation, file),
    readyAttachment(test, agent, otherConversation, file),
  ]);
  const reply = { kind: 'reply', name: `${textCanary} reply`, language: 'en', text: `${textCanary} {name}` };
  const [template, spareTemplate] = await Promise.all(
    ['first', 'spare'].map(async (key) => {
      const { body } = await expectSuccess(test, 'POST', '/api/v1/templates', admin, { ...reply, key });
      return body.id as string;
    }),
  );
  if (template === undefined || spareTemplate === undefined) throw new Error('A template is missing');
  const tables = new Tables(test.run);
  const prefix = `${tenantPrefix}${tenantId}#`;
  const [notification, otherNotification] = await Promise.all(
    ([alice, bob] as const).map(({ userId }) => storeNotification(tables, prefix, userId, conversation)),
  );
  if (notification === undefined || otherNotification === undefined) throw new Error('A notification is missing');
  const [team, otherTeam, spareTeam] = await Promise.all(
    ['crew', 'other crew', 'spare crew'].map((name) => newTeam(test, admin, `${canary} ${name}`)),
  );
  if (team === undefined || otherTeam === undefined || spareTeam === undefined) throw new Error('A team is missing');
  await bringOnline(test, admin, agent, { teams: [team] });
  const subject = `${canary} question`;
  const [support, otherSupport, spareSupport] = await Promise.all([
    startSupport(test, guest, { subject, teamId: team, message: newMessage(`${textCanary} help`) }),
    startSupport(test, bob, { subject, teamId: otherTeam }),
    startSupport(test, alice, { subject }),
  ]);
  await succeed(test, agent, 'POST', `/conversations/${support}/assign`, { agentId: 'me' });
  await succeed(test, agent, 'POST', `/conversations/${support}/messages`, newMessage(`${textCanary} answer`));
  await succeed(test, agent, 'POST', `/conversations/${support}/notes`, {
    text: `${textCanary} note`,
    clientMessageId: ulid(),
  });
  const sourceFields = { name: `${textCanary} source` };
  const [source, spareSource] = await Promise.all([
    newSource(test, admin, sourceFields),
    newSource(test, admin, sourceFields),
  ]);
  const incident = { incidentKey: canary, event: 'open', title: `${canary} incident` };
  const { body: received } = await deliver(test, source, incident);
  const form = await formTemplate(test);
  const { formSeq } = await sentForm(test, agent, support);
  const { id: integration, secret: inboundSecret } = await newIntegration(test, admin, `${canary} desk`);
  const { id: spareIntegration } = await newIntegration(test, admin, `${canary} spare desk`);
  await openTicketOf(test, agent, support, integration);
  const { webhook, delivery: webhookDelivery } = await usedWebhook(test, admin, canary);
  const { id: spareWebhook } = await newWebhook(test, admin, `${canary}-spare`, quietTypes);
  await test.run.settled();
  return {
    ...{ suppression: await storeSuppression(tables, prefix) },
    ...{ integration, inboundSecret, spareIntegration },
    ...{ team, otherTeam, spareTeam, support, otherSupport, spareSupport },
    ...{ template, spareTemplate, form, formSeq },
    ...{ source: source.id, spareSource: spareSource.id, delivery: received.deliveryId as string },
    ...{ slug, tenantId, canary, textCanary, admin, agent, alice, bob, carol, guest },
    ...{ conversation, otherConversation, group, attachment, otherAttachment },
    ...{ notification, otherNotification, webhook, webhookDelivery, spareWebhook },
  };
}

export async function staffWorld(test: TestRun): Promise<{ readonly canary: string; readonly staff: Person }> {
  const canary = 'canarystaff';
  return { canary, staff: await newPerson(test, 'platform', canary, 'staff', 'staff') };
}

export async function newPerson(
  test: TestRun,
  slug: string,
  canary: string,
  name: string,
  role: NewUser['role'] = 'member',
): Promise<Person> {
  const { email, username } = await newAccount(test, slug, canary, name, { role });
  return { ...(await signIn(test.url, slug === 'platform' ? undefined : slug, email, password)), email, username };
}

/** Creates no session. */
export async function newAccount(
  test: TestRun,
  slug: string,
  canary: string,
  name: string,
  more: Partial<Pick<NewUser, 'role' | 'active'>> = {},
): Promise<{ readonly email: string; readonly username: string; readonly userId: string }> {
  const email = `${canary}.${name}@people.test`;
  const username = `${canary}-${name}`;
  const names = { firstName: `${canary} First ${name}`, lastName: `${canary} Last ${name}` };
  const made = await test.provision({
    command: 'createUser',
    tenant: slug,
    ...{ email, username, ...names, password, role: 'member', active: true, ...more },
  });
  if (!made.ok) throw new Error(made.problem.detail);
  if (!('user' in made)) throw new Error('No account was created');
  return { email, username, userId: made.user.id };
}

async function expectSuccess(test: TestRun, method: string, path: string, who: Person, body: unknown) {
  const answer = await call(test.url, method, path, { token: who.token, body });
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.text}`);
  return answer;
}
