import { createHmac } from 'node:crypto';
import type { TestRun } from '../harness.ts';
import { call, type HttpAnswer, type SignedIn } from '../raw-client.ts';
import { succeed } from '../desk/desk-calls.ts';

type Run = Pick<TestRun, 'url'>;

export interface TestSource {
  readonly id: string;
  readonly secret: string;
}

export const allRules = [{ name: 'All incidents' }];

/** A source that sends its secret as a token, and whose rule fits every incident. */
export async function newSource(run: Run, admin: SignedIn, fields: object = {}): Promise<TestSource> {
  const standard = { name: 'Monitor', kind: 'generic', authentication: { mode: 'token' }, rules: allRules };
  const body = { ...standard, ...fields };
  const { source, secret } = await succeed(run, admin, 'POST', '/admin/sources', body);
  return { id: source.id as string, secret: (secret ?? (body as { secret?: string }).secret) as string };
}

export interface SentDelivery {
  readonly raw: string | Uint8Array<ArrayBuffer>;
  readonly headers: Readonly<Record<string, string>>;
}

export function sendRaw({ url }: Run, sourceId: string, delivery: SentDelivery): Promise<HttpAnswer> {
  return call(url, 'POST', `/in/${sourceId}`, delivery);
}

export function withToken({ secret }: TestSource, payload: unknown): SentDelivery {
  return { raw: JSON.stringify(payload), headers: { authorization: `Bearer ${secret}` } };
}

/** Sends a payload with the token of the source. */
export function deliver(run: Run, source: TestSource, payload: unknown): Promise<HttpAnswer> {
  return sendRaw(run, source.id, withToken(source, payload));
}

export function hmac(secret: string | Buffer, text: string, encoding: 'hex' | 'base64' = 'hex', algorithm = 'sha256') {
  return createHmac(algorithm, secret).update(text).digest(encoding);
}

export async function deliveriesOf(
  run: Run,
  admin: SignedIn,
  { id }: TestSource,
  query = '',
): Promise<readonly HttpAnswer['body'][]> {
  return allPages(run, admin, `/admin/sources/${id}/deliveries?limit=100${query}`);
}

async function allPages(run: Run, who: SignedIn, path: string): Promise<readonly HttpAnswer['body'][]> {
  const found: HttpAnswer['body'][] = [];
  let cursor = '';
  do {
    const { items, nextCursor } = await succeed(run, who, 'GET', path + cursor);
    found.push(...items);
    cursor = nextCursor === null ? '' : `&cursor=${nextCursor}`;
  } while (cursor !== '');
  return found;
}

/** Result of the first incident of a delivery. */
export async function resultOf(
  run: Run,
  admin: SignedIn,
  { id }: TestSource,
  deliveryId: string,
): Promise<HttpAnswer['body']> {
  const { results } = await succeed(run, admin, 'GET', `/admin/sources/${id}/deliveries/${deliveryId}`);
  return results[0];
}

/** The texts of the service's messages in a conversation. */
export async function textsIn(run: Run, who: SignedIn, conversationId: string): Promise<readonly string[]> {
  const { items } = await succeed(run, who, 'GET', `/conversations/${conversationId}/messages?limit=100`);
  return (items as { readonly type: string; readonly text?: string }[])
    .filter(({ type }) => type === 'text')
    .map(({ text }) => text ?? '');
}

export function supportConversations(run: Run, who: SignedIn, status: string): Promise<readonly HttpAnswer['body'][]> {
  return allPages(run, who, `/conversations?kind=support&view=all&status=${status}&limit=100`);
}
