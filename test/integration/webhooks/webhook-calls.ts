import type { FarRequest } from '../../../local/far-sides/far-sides.ts';
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

export async function newAdmin(test: TestRun, tenant: string): Promise<SignedIn> {
  const email = `admin@${tenant}.test`;
  const made = await test.provision({
    ...{ command: 'createUser', tenant, username: 'admin', email, firstName: 'Ada', lastName: 'Test', password },
    ...{ role: 'admin', active: true },
  });
  if (!made.ok) throw new Error(made.problem.detail);
  return signIn(test.url, tenant, email, password);
}

/** Moves the clock until the projector knows that the tenant has webhooks. */
export async function learnSinks({ run }: Run): Promise<void> {
  await run.settled();
  run.timers.advance(31_000);
}

/** What a receiver got, without repetitions of an id. */
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
