import type { TestRun } from '../harness.ts';
import { call, type HttpAnswer, type SignedIn } from '../raw-client.ts';

type Run = Pick<TestRun, 'url'>;

/** Sends a request that must succeed, and returns the body of the answer. */
export async function succeed(
  { url }: Run,
  who: Pick<SignedIn, 'token'>,
  method: string,
  path: string,
  body?: object,
): Promise<HttpAnswer['body']> {
  const answer = await call(url, method, `/api/v1${path}`, { token: who.token, ...(body && { body }) });
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.text}`);
  return answer.body;
}

export async function newTeam(run: Run, admin: SignedIn, name: string): Promise<string> {
  return (await succeed(run, admin, 'POST', '/teams', { name })).id as string;
}

/** Sets the agent's availability to online. */
export async function bringOnline(run: Run, admin: SignedIn, agent: SignedIn, change: object = {}): Promise<void> {
  await succeed(run, admin, 'PATCH', `/agents/${agent.userId}`, { availability: 'online', ...change });
}

/** Starts a support conversation, or returns the open one of a guest. */
export async function startSupport(run: Run, customer: SignedIn, fields: object = {}): Promise<string> {
  return (await succeed(run, customer, 'POST', '/conversations', { kind: 'support', ...fields })).id as string;
}
