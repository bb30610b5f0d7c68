import { ulid } from 'ulid';
import { addReaction, removeReaction } from '../../../shared/contract/messages/reactions.ts';
import { keys } from '../../../shared/core/table/keys.ts';
import { logAccess, rewriteEntry } from '../system/log-access.ts';
import { succeed } from '../desk/desk-calls.ts';
import { call } from '../raw-client.ts';
import { newMessage } from '../system/new-message.ts';
import { contendedSlots, withOwnGroup } from './contention.ts';
import { createdForIt, newSupport } from './desk-provocations.ts';
import type { FrameProvocation, Provocation } from './provocation.ts';
import { sendRequest } from './send-request.ts';
import type { Stage } from './stage.ts';

type Attributes = Readonly<Record<string, unknown>>;

/** Sends a message as Alice, overwrites its entry and returns its seq. */
export async function messageWith(stage: Stage, changes: Attributes): Promise<number> {
  const { test, tables, prefix, alice, conversation } = stage;
  const path = `/api/v1/conversations/${conversation}/messages`;
  const sent = await call(test.url, 'POST', path, { token: alice.token, body: newMessage() });
  const seq = Number(sent.body.seq);
  const { pk, sk } = keys.logEntry(conversation, seq);
  const { s: senderId, t: createdAt, ...others } = changes as { s?: string; t?: number };
  if (senderId !== undefined || createdAt !== undefined) {
    const access = await logAccess(test.run, alice.tenantId);
    const as = { ...(senderId === undefined ? {} : { senderId }), ...(createdAt === undefined ? {} : { createdAt }) };
    await rewriteEntry(access, tables, conversation, seq, as);
  }
  for (const [name, value] of Object.entries(others)) await tables.set(prefix + pk, sk, name, value);
  return seq;
}

/** A function if the attributes contain a user id. */
type Rewrite = Attributes | ((stage: Stage) => Attributes);

export const longAgo: Rewrite = { t: Date.now() - 24 * 60 * 60 * 1000 };
export const deleted: Rewrite = { u: 2, z: { q: 2, t: 1, s: 'somebody' } };
export const aSystemMessage: Rewrite = { k: 'n' };
export const sentByBob: Rewrite = ({ bob }: Stage) => ({ s: bob.userId });
export const fullOfReactions: Rewrite = {
  u: 2,
  r: Object.fromEntries([...'😀😁😂🤣😃😄😅😆😉😊😋😎😍😘😗😙😚🙂🤗🤩'].map((emoji) => [emoji, ['somebody']])),
};
export const lifebuoy = '🛟';
export const withLifebuoy: Rewrite = ({ alice }: Stage) => ({ u: 2, r: { [lifebuoy]: [alice.userId] } });
const asSent: Rewrite = {};

function rewrittenMessage(stage: Stage, rewrite: Rewrite): Promise<number> {
  return messageWith(stage, typeof rewrite === 'function' ? rewrite(stage) : rewrite);
}

/** Uses a new group, so that no earlier change leaves the limit's minute. */
async function exhaustReactionsOfBob(stage: Stage): Promise<{ readonly conversation: string; readonly seq: number }> {
  const { conversation, ...own } = await withOwnGroup(stage);
  const seq = await messageWith({ ...own, conversation }, {});
  for (let count = 0; count <= 61; count += 1) {
    const params = { conversationId: conversation, seq: String(seq), emoji: '👍' };
    const route = count % 2 === 0 ? addReaction : removeReaction;
    const answer = await sendRequest(stage, route, { by: stage.bob, params });
    if (answer.status === 429) return { conversation, seq };
  }
  throw new Error('No limit rejected Bob’s reactions');
}

const writtenForIt = 'the message is sent for this provocation';
const untilTheLimit = 'reactions are changed until the limit';
const othersAdvance = 'another writer takes the slots';

export function onMessage(rewrite: Rewrite): Provocation {
  return {
    provoke: async (stage, { send }) => {
      const seq = String(await rewrittenMessage(stage, rewrite));
      return send({ params: { conversationId: stage.conversation, seq, emoji: '🚀' } });
    },
    changes: writtenForIt,
  };
}

export function onMessageFrame(rewrite: Rewrite): FrameProvocation {
  return {
    provoke: async (stage, { send }) => send({ seq: await rewrittenMessage(stage, rewrite) }),
    changes: writtenForIt,
  };
}

export const byStranger: Provocation = { provoke: (stage, { send }) => send({ by: stage.stranger }) };
export const byStrangerFrame: FrameProvocation = { provoke: (stage, { send }) => send({}, stage.stranger) };

export const addressingProblems = {
  'conversation-not-found': byStranger,
  'message-not-found': {
    provoke: (stage, { send }) =>
      send({ params: { conversationId: stage.conversation, seq: '999999999999', emoji: '👍' } }),
  },
} as const satisfies Readonly<Record<string, Provocation>>;

/** A message of Alice in a closed conversation. Its reaction can be removed if `isReacted`. */
async function closedMessage(stage: Stage, isReacted: boolean): Promise<{ readonly id: string; readonly seq: number }> {
  const id = await newSupport(stage);
  const path = `/conversations/${id}`;
  const { seq } = await succeed(stage.test, stage.alice, 'POST', `${path}/messages`, newMessage());
  const reaction = `${path}/messages/${seq}/reactions/${encodeURIComponent(lifebuoy)}`;
  if (isReacted) await succeed(stage.test, stage.alice, 'PUT', reaction);
  await succeed(stage.test, stage.agent, 'POST', `${path}/close`);
  return { id, seq: seq as number };
}

/** `rewrite` makes the message one that the operation can change. */
export function changeProblems(rewrite: Rewrite = asSent) {
  return {
    ...addressingProblems,
    'conversation-closed': {
      provoke: async (stage, { send }) => {
        const { id, seq } = await closedMessage(stage, rewrite === withLifebuoy);
        return send({ params: { conversationId: id, seq: String(seq), emoji: lifebuoy } });
      },
      changes: createdForIt,
    },
    throttled: {
      provoke: async (stage, { send }) => {
        const { conversation, seq } = await exhaustReactionsOfBob(stage);
        return send({ by: stage.bob, params: { conversationId: conversation, seq: String(seq), emoji: '🚀' } });
      },
      changes: untilTheLimit,
    },
    'conversation-busy': {
      provoke: async (stage, { send, functionName }) => {
        const own = await withOwnGroup(stage);
        const seq = String(await rewrittenMessage(own, rewrite));
        const params = { conversationId: own.conversation, seq, emoji: lifebuoy };
        return contendedSlots(own, functionName, () => send({ params }));
      },
      changes: othersAdvance,
    },
  } as const satisfies Readonly<Record<string, Provocation>>;
}

/** `more` is added to the data when the conversation is busy. */
export function changeFrameProblems(rewrite: Rewrite = asSent, more: Attributes = {}) {
  return {
    'conversation-not-found': byStrangerFrame,
    'message-not-found': { provoke: (_, { send }) => send({ seq: 999_999_999 }) },
    'conversation-closed': {
      provoke: async (stage, { send }) => {
        const { id, seq } = await closedMessage(stage, rewrite === withLifebuoy);
        return send({ ...more, seq, conversationId: id });
      },
      changes: createdForIt,
    },
    throttled: {
      provoke: async (stage, { send }) => {
        const { conversation, seq } = await exhaustReactionsOfBob(stage);
        return send({ conversationId: conversation, seq }, stage.bob);
      },
      changes: untilTheLimit,
    },
    'conversation-busy': {
      provoke: async (stage, { send, functionName }) => {
        const own = await withOwnGroup(stage);
        const seq = await rewrittenMessage(own, rewrite);
        return contendedSlots(own, functionName, () => send({ ...more, seq, conversationId: own.conversation }));
      },
      changes: othersAdvance,
    },
  } as const satisfies Readonly<Record<string, FrameProvocation>>;
}

const reactedForIt = 'a message with a reaction is created for this provocation';

/** The id of the reaction is used again for another change. */
async function reactionWithId(stage: Stage) {
  const seq = await messageWith(stage, {});
  const clientMessageId = ulid();
  const params = { conversationId: stage.conversation, seq: String(seq), emoji: '🧭' };
  await sendRequest(stage, addReaction, { by: stage.alice, params, query: { clientMessageId } });
  return { seq, clientMessageId };
}

/** Ten minutes ahead of the server's clock. */
const skewedId = () => ulid(Date.now() + 10 * 60_000);

export const reactionIdProblems = {
  'clock-skew': { provoke: (_, { send }) => send({ query: { clientMessageId: skewedId() } }) },
  'idempotency-conflict': {
    provoke: async (stage, { send }) => {
      const { seq, clientMessageId } = await reactionWithId(stage);
      const params = { conversationId: stage.conversation, seq: String(seq), emoji: lifebuoy };
      return send({ params, query: { clientMessageId } });
    },
    changes: reactedForIt,
  },
} as const satisfies Readonly<Record<string, Provocation>>;

export const reactionIdFrameProblems = {
  'clock-skew': { provoke: (_, { send }) => send({ clientMessageId: skewedId() }) },
  'idempotency-conflict': {
    provoke: async (stage, { send }) => {
      const { seq, clientMessageId } = await reactionWithId(stage);
      return send({ seq, emoji: lifebuoy, clientMessageId });
    },
    changes: reactedForIt,
  },
} as const satisfies Readonly<Record<string, FrameProvocation>>;
