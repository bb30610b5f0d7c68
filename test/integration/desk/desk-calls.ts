import { ulid } from 'ulid';
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

/** The fields of `formTemplate`. */
const formFields = [
  { id: 'host', type: 'text', label: 'Which host?', required: true },
  { id: 'log', type: 'file', label: 'The log' },
] as const;

/** A global form. */
export async function formTemplate(test: Pick<TestRun, 'provision'>): Promise<string> {
  const form = { kind: 'form', key: 'hosts', name: 'Hosts', language: 'en', text: 'Which host?' } as const;
  const templates = [{ ...form, fields: formFields.map((field) => ({ ...field })) }];
  const loaded = await test.provision({ command: 'loadTemplates', templates });
  const id = loaded.ok && 'templates' in loaded ? loaded.templates[0]?.id : undefined;
  if (id === undefined) throw new Error('No form was loaded');
  return id;
}

export interface FormInConversation {
  readonly conversationId: string;
  readonly formSeq: number;
}

/** Sends the form as an agent. */
export async function sentForm(
  test: Pick<TestRun, 'url' | 'provision'>,
  agent: SignedIn,
  conversationId: string,
): Promise<FormInConversation> {
  const body = { templateId: await formTemplate(test), clientMessageId: ulid() };
  const { seq } = await succeed(test, agent, 'POST', `/conversations/${conversationId}/forms`, body);
  return { conversationId, formSeq: seq as number };
}

export function answersTo({ formSeq }: Pick<FormInConversation, 'formSeq'>, answers: object = { host: 'web-3' }) {
  return { formSeq, answers, clientMessageId: ulid() };
}
