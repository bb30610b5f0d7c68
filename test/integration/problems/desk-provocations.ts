import { ulid } from 'ulid';
import type { PlannedCall } from '../../../local/fault-plan.ts';
import type { Key } from '../../../shared/core/table/keys.ts';
import { startSupport, succeed } from '../desk/desk-calls.ts';
import type { HttpAnswer } from '../raw-client.ts';
import { contendedSlots } from './contention.ts';
import type { Provocation } from './provocation.ts';
import { forgetAttempts, type Stage } from './stage.ts';

export type SupportIn = 'waiting' | 'active' | 'resolved' | 'closed';

/** A new support conversation of Alice. If it is active or was, its agent is the stage's `agent`. */
export async function newSupport(stage: Stage, status: SupportIn = 'waiting', fields: object = {}): Promise<string> {
  // Alice may be past her limit of new conversations.
  await forgetAttempts(stage);
  const { alice, agent } = stage;
  const id = await startSupport(stage.test, alice, fields);
  const path = `/conversations/${id}`;
  if (status === 'active' || status === 'resolved') {
    await succeed(stage.test, agent, 'POST', `${path}/assign`, { agentId: 'me' });
  }
  if (status === 'resolved') await succeed(stage.test, agent, 'POST', `${path}/resolve`);
  if (status === 'closed') await succeed(stage.test, agent, 'POST', `${path}/close`);
  return id;
}

type Body = Readonly<Record<string, unknown>>;

export const createdForIt = 'a conversation is created for this provocation';

export const inSupport = ({ agent, support }: Stage) => ({ by: agent, params: { conversationId: support } });

/** By an agent who is not in the team of the conversation. */
export const byOtherAgent: Provocation = { provoke: (stage, { send }) => send({ by: stage.colleague }) };

export const onDirect: Provocation = {
  provoke: (stage, { send }) => send({ params: { conversationId: stage.directOfAgent } }),
};

export function whenIn(status: SupportIn, body?: (stage: Stage) => Body): Provocation {
  return {
    provoke: async (stage, { send }) => {
      const conversationId = await newSupport(stage, status);
      return send({ params: { conversationId }, ...(body && { body: body(stage) }) });
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
  return succeed(stage.test, stage.agent, 'POST', `/conversations/${conversationId}/messages`, body);
}

/** The agent's availability changes before each of the function's writes. */
export async function contendedAgent<Result>(
  { tables, prefix, faults }: Stage,
  { pk, sk }: Key,
  functionName: string,
  work: () => Promise<Result>,
): Promise<Result> {
  const before = Number((await tables.get(prefix + pk, sk))?.['availabilityAt']);
  let at = before;
  const isWrite = ({ operation, input }: PlannedCall) =>
    operation === 'UpdateItem' && (input['Key'] as { pk?: { S?: string } } | undefined)?.pk?.S === prefix + pk;
  const result = await faults.during((planned) => {
    if (planned.functionName !== functionName || !isWrite(planned)) return undefined;
    at += 1;
    return { kind: 'wait', until: tables.set(prefix + pk, sk, 'availabilityAt', at) };
  }, work);
  await tables.set(prefix + pk, sk, 'availabilityAt', before);
  return result;
}
