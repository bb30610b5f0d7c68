import type { FarRequest } from '../../../local/far-sides/far-sides.ts';
import { ulid } from 'ulid';
import { succeed } from '../desk/desk-calls.ts';
import type { TestRun } from '../harness.ts';
import { type SignedIn, signIn } from '../raw-client.ts';
import { password } from '../people.ts';

type Run = Pick<TestRun, 'run' | 'url'>;

export interface CreatedWebhook {
  readonly id: string;
  readonly secret: string;
  readonly host: string;
}

export const receiverAt = (name: string): string => `${name}.far-side.example`;

/** Subscribes a far side of the local run. */
export async function newWebhook(
  run: Run,
  admin: SignedIn,
  name: string,
  fields: object = { types: ['message.created'] },
): Promise<CreatedWebhook> {
  const host = receiverAt(name);
  const url = `https://${host}/hooks?key=of-${name}`;
  const { id, secret } = await succeed(run, admin, 'POST', '/admin/webhooks', { url, ...fields });
  return { id, secret, host };
}

export async function newAdmin(test: TestRun, tenant: string, username = 'admin'): Promise<SignedIn> {
  const email = `${username}@${tenant}.test`;
  const made = await test.provision({
    ...{ command: 'createUser', tenant, username, email, firstName: 'Ada', lastName: 'Test', password },
    ...{ role: 'admin', active: true },
  });
  if (!made.ok) throw new Error(made.problem.detail);
  return signIn(test.url, tenant, email, password);
}

/** Types that the tests of other features do not cause. */
export const quietTypes = { types: ['sla.changed', 'user.updated'] };

/** Sends an event to the tenant's webhooks, without the projector. @returns the ids of the webhook's deliveries. */
export async function announce(run: Run, admin: SignedIn, webhookId: string): Promise<readonly string[]> {
  const [bus] = run.run.assembly.ofType('AWS::Events::EventBus');
  const event = {
    ...{ id: ulid(), type: 'user.updated', version: 1, tenantId: admin.tenantId, sinks: ['webhooks'] },
    at: new Date(Date.now() + run.run.timers.clockOffsetMs).toISOString(),
    data: { userId: admin.userId, status: 'active' },
  };
  await run.run.aws.call('events', 'PutEvents', {
    Entries: [
      {
        ...{ EventBusName: bus?.physicalId, Source: 'switchboard', DetailType: event.type },
        Detail: JSON.stringify(event),
      },
    ],
  });
  await run.run.settled();
  return deliveryIdsOf(run, admin, webhookId);
}

/** Newest first. */
export async function deliveryIdsOf(run: Run, admin: SignedIn, webhookId: string): Promise<readonly string[]> {
  const { items } = await succeed(run, admin, 'GET', `/admin/webhooks/${webhookId}/deliveries`);
  return (items as readonly { readonly id: string }[]).map(({ id }) => id);
}

/** A webhook with two deliveries. */
export async function usedWebhook(
  run: Run,
  admin: SignedIn,
  name: string,
): Promise<{ readonly webhook: string; readonly delivery: string }> {
  const { id: webhook } = await newWebhook(run, admin, name, quietTypes);
  await announce(run, admin, webhook);
  const [delivery] = await announce(run, admin, webhook);
  if (delivery === undefined) throw new Error('A delivery is missing');
  return { webhook, delivery };
}

/** Moves the clock until the projector knows that the tenant has webhooks. */
export async function learnSinks({ run }: Run): Promise<void> {
  await run.settled();
  run.timers.advance(31_000);
}

/** The requests of a receiver, without repetitions of an id. */
export function receivedBy({ run }: Run, host: string): readonly FarRequest[] {
  const seen = new Set<string | undefined>();
  return run.farSides.requests(host).filter(({ headers }) => {
    const isNew = !seen.has(headers['webhook-id']);
    seen.add(headers['webhook-id']);
    return isNew;
  });
}

export interface SentEvent {
  readonly id: string;
  readonly type: string;
  readonly at: string;
  readonly tenantId: string;
  readonly data: { readonly conversationId: string; readonly seq: number };
}

export const eventIn = ({ body }: FarRequest): SentEvent => JSON.parse(body) as SentEvent;
