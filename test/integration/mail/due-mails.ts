import { ulid } from 'ulid';
import { answerMailKey, type Key, notificationKeys } from '../../../shared/core/table/keys.ts';
import { tenantPrefix } from '../../../shared/core/tenancy/tenant-scope.ts';
import { startSupport, succeed } from '../desk/desk-calls.ts';
import type { TestRun } from '../harness.ts';
import type { WalkScene } from '../iam/walk-scene.ts';
import { newUser } from '../iam/walker.ts';
import { mention } from '../notifications/mentioning.ts';
import { conversationOf, password } from '../people.ts';
import { signIn, type SignedIn } from '../raw-client.ts';
import { newMessage } from '../system/new-message.ts';
import type { Tables } from '../system/tables.ts';
import { mailsOf, type SentMail } from './sent-mails.ts';

/** The item of the timer, if it waits. */
export async function waitingMail(tables: Tables, tenantId: string, { pk, sk }: Key) {
  const item = await tables.get(`${tenantPrefix}${tenantId}#${pk}`, sk);
  return item?.['wakeAt'] === undefined ? undefined : item;
}

/** Makes the timer of a mail due, without waiting minutes. */
export async function makeDue(tables: Tables, tenantId: string, { pk, sk }: Key): Promise<void> {
  await tables.set(`${tenantPrefix}${tenantId}#${pk}`, sk, 'wakeAt', Date.now() - 1);
}

/** As if the last digest had been sent more than an hour ago. */
export async function forgetDigest(tables: Tables, tenantId: string, { pk, sk }: Key): Promise<void> {
  const full = { pk: `${tenantPrefix}${tenantId}#${pk}`, sk };
  const item = await tables.get(full.pk, sk);
  await tables.put({ ...full, wakeAt: item?.['wakeAt'], since: item?.['since'] });
}

/** Answers a new conversation of a customer. @returns its id. */
export async function answered(test: Pick<TestRun, 'url'>, agent: SignedIn, customer: SignedIn): Promise<string> {
  const id = await startSupport(test, customer, {});
  await succeed(test, agent, 'POST', `/conversations/${id}/messages`, newMessage());
  return id;
}

/** The mail about an answer to a new customer, for the suite that removes grants. */
export async function walkToAnswer(scene: WalkScene): Promise<SentMail> {
  const { test, tables, admin } = scene.walker;
  const customer = await scene.session();
  const { tenantId } = customer;
  const id = await answered(test, admin, customer);
  const key = answerMailKey(id);
  await scene.eventually('the mail waits', async () => (await waitingMail(tables, tenantId, key)) !== undefined);
  await makeDue(tables, tenantId, key);
  const sent = () => mailsOf(test, tenantId, 'answer').find(({ text }) => text.includes(id));
  await scene.eventually('the mail is sent', async () => sent() !== undefined);
  await succeed(test, admin, 'POST', `/conversations/${id}/close`);
  return sent() as SentMail;
}

/** The digest of a new user who was mentioned. */
export async function walkToDigest(scene: WalkScene): Promise<SentMail> {
  const { walker } = scene;
  const { test, tables, cast, admin } = walker;
  const { email } = await newUser(walker);
  const mentioned = await signIn(test.url, cast.slug, email, password);
  await mention(test, admin, mentioned, await conversationOf(test, admin, mentioned));
  const { tenantId, userId } = mentioned;
  const key = notificationKeys.mail(userId);
  await scene.eventually('the mail waits', async () => (await waitingMail(tables, tenantId, key)) !== undefined);
  await makeDue(tables, tenantId, key);
  const sent = () => mailsOf(test, tenantId, 'digest').find(({ to }) => to.includes(email));
  await scene.eventually('the mail is sent', async () => sent() !== undefined);
  return sent() as SentMail;
}

/** The path of the address in the header, with its token. */
export function oneClickPath(mail: SentMail): string {
  const header = mail.headers?.find(({ Name }) => Name === 'List-Unsubscribe');
  const url = new URL(/<(.*)>/.exec(header?.Value ?? '')?.[1] ?? 'about:blank');
  return url.pathname + url.search;
}

/** Another address of the mailbox simulator each time. */
export function simulated(box: 'bounce' | 'complaint'): string {
  return `${box}+${ulid().toLowerCase()}@simulator.amazonses.com`;
}
