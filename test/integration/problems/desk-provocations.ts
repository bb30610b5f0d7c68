import { ulid } from 'ulid';
import { call, type HttpAnswer, type SignedIn } from '../raw-client.ts';
import { contendedSlots } from './contention.ts';
import type { Provocation } from './provocation.ts';
import { forgetAttempts, type Stage } from './stage.ts';

/** Sends a request that must succeed, and returns the body of the answer. */
export async function succeed(
  { test }: Pick<Stage, 'test'>,
  who: SignedIn,
  method: string,
  path: string,
  body?: object,
): Promise<HttpAnswer['body']> {
  const answer = await call(test.url, method, `/api/v1${path}`, { token: who.token, ...(body && { body }) });
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.text}`);
  return answer.body;
}

export type SupportIn = 'waiting' | 'active' | 'resolved' | 'closed';

/** A new support conversation of Alice. If it is active or was, its agent is the stage's `agent`. */
export async function newSupport(stage: Stage, status: SupportIn = 'waiting', fields: object = {}): Promise<string> {
  // Alice may be past her limit of new conversations.
  await forgetAttempts(stage);
  const { alice, agent } = stage;
  const { id } = await succeed(stage, alice, 'POST', '/conversations', { kind: 'support', ...fields });
  const path = `/conversations/${id}`;
  if (status === 'active' || status === 'resolved') {
    await succeed(stage, agent, 'POST', `${path}/assign`, { agentId: 'me' });
  }
  if (status === 'resolved') await succeed(stage, agent, 'POST', `${path}/resolve`);
  if (status === 'closed') await succeed(stage, agent, 'POST', `${path}/close`);
  return id as string;
}

type Body = Readonly<Record<string, unknown>>;

export const createdForIt = 'a conversation is created for this provocation';

export const inSupport = ({ agent, support }: Stage) => ({ by: agent, params: { conversationId: support } });

/** By an agent who is not in the team of the conversation. */
export const byOtherAgent: Provocation = { provoke: (stage, { send }) => send({ by: stage.colleague }) };

export const onDirect: Provocation = {
  provoke: (stage, { send }) => send({ params: { conversationId: stage.directOfAgent } }),
};

export function whenIn(status: SupportIn, body?: Body): Provocation {
  return {
    provoke: async (stage, { send }) => {
      const conversationId = await newSupport(stage, status);
      return send({ params: { conversationId }, ...(body && { body }) });
    },
    changes: createdForIt,
  };
}

export function whileBusy(status: SupportIn, body?: (stage: Stage) => Body): Provocation {
  return {
    provoke: async (stage, { send, functionName }) => {
      const conversation = await newSupport(stage, status);
      const request = { params: { conversationId: conversation }, ...(body && { body: body(stage) }) };
      return contendedSlots({ ...stage, conversation }, functionName, () => send(request));
    },
    changes: 'another writer takes the slots',
  };
}

/** A conversation in which the stage's `agent` replied as the second entry. */
export async function repliedSupport(stage: Stage, fields: object = {}): Promise<string> {
  const id = await newSupport(stage, 'waiting', fields);
  await reply(stage, id);
  return id;
}

export function reply(stage: Stage, conversationId: string): Promise<HttpAnswer['body']> {
  const body = { type: 'text', text: 'Hello', clientMessageId: ulid() };
  return succeed(stage, stage.agent, 'POST', `/conversations/${conversationId}/messages`, body);
}
