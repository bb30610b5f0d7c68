import { addReaction, removeReaction } from '../../../shared/contract/messages/reactions.ts';
import { keys } from '../../../shared/core/table/keys.ts';
import { logAccess, rewriteEntry } from '../system/log-access.ts';
import { call } from '../raw-client.ts';
import { newMessage } from '../system/new-message.ts';
import { contendedSlots } from './contention.ts';
import type { FrameProvocation, Provocation } from './provocation.ts';
import { sendRequest } from './send-request.ts';
import type { Stage } from './stage.ts';

/** How the problems of edits, deletions and reactions are provoked. */

type Attributes = Readonly<Record<string, unknown>>;

/** Sends a message as Alice and rewrites its stored entry. Answers with its number. */
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

/** Attributes that a stored entry gets. They are a function of the stage if they name a person. */
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
/** Alice's reaction with a lifebuoy, which she can take back. */
export const withLifebuoy: Rewrite = ({ alice }: Stage) => ({ u: 2, r: { [lifebuoy]: [alice.userId] } });
const asSent: Rewrite = {};

function rewrittenMessage(stage: Stage, rewrite: Rewrite): Promise<number> {
  return messageWith(stage, typeof rewrite === 'function' ? rewrite(stage) : rewrite);
}

/** Has Bob change his reactions until the limit. The limit holds for him alone. */
async function exhaustReactionsOfBob(stage: Stage): Promise<void> {
  for (let count = 0; count <= 61; count += 1) {
    const params = { conversationId: stage.conversation, seq: '1', emoji: '👍' };
    const route = count % 2 === 0 ? addReaction : removeReaction;
    const answer = await sendRequest(stage, route, { by: stage.bob, params });
    if (answer.status === 429) return;
  }
  throw new Error('Bob has no limit of reactions');
}

const writtenForIt = 'the message is written for it';
const untilTheLimit = 'reactions are changed until the limit';
const othersAdvance = 'others take the slots in its place';

/** The operation on a message that was rewritten for it. */
export function onMessage(rewrite: Rewrite): Provocation {
  return {
    provoke: async (stage, { send }) => {
      const seq = String(await rewrittenMessage(stage, rewrite));
      return send({ params: { conversationId: stage.conversation, seq, emoji: '🚀' } });
    },
    changes: writtenForIt,
  };
}

/** The action on a message that was rewritten for it. */
export function onMessageFrame(rewrite: Rewrite): FrameProvocation {
  return {
    provoke: async (stage, { send }) => send({ seq: await rewrittenMessage(stage, rewrite) }),
    changes: writtenForIt,
  };
}

/** The operation by a user who takes no part in the conversation. */
export const byStranger: Provocation = { provoke: (stage, { send }) => send({ by: stage.stranger }) };
export const byStrangerFrame: FrameProvocation = { provoke: (stage, { send }) => send({}, stage.stranger) };

/** Problems of each operation on a message. */
export const addressingProblems = {
  'conversation-not-found': byStranger,
  'message-not-found': {
    provoke: (stage, { send }) =>
      send({ params: { conversationId: stage.conversation, seq: '999999999999', emoji: '👍' } }),
  },
} as const satisfies Readonly<Record<string, Provocation>>;

/** Problems of each operation that changes a message; `rewrite` makes the message one that it can change. */
export function changeProblems(rewrite: Rewrite = asSent) {
  return {
    ...addressingProblems,
    throttled: {
      provoke: async (stage, { send }) => {
        await exhaustReactionsOfBob(stage);
        return send({ by: stage.bob });
      },
      changes: untilTheLimit,
    },
    'conversation-busy': {
      provoke: async (stage, { send, functionName }) => {
        const seq = String(await rewrittenMessage(stage, rewrite));
        const params = { conversationId: stage.conversation, seq, emoji: lifebuoy };
        return contendedSlots(stage, functionName, () => send({ params }));
      },
      changes: othersAdvance,
    },
  } as const satisfies Readonly<Record<string, Provocation>>;
}

/** The same for each frame that changes a message; `more` is in its data when the conversation is busy. */
export function changeFrameProblems(rewrite: Rewrite = asSent, more: Attributes = {}) {
  return {
    'conversation-not-found': byStrangerFrame,
    'message-not-found': { provoke: (_, { send }) => send({ seq: 999_999_999 }) },
    throttled: {
      provoke: async (stage, { send }) => {
        await exhaustReactionsOfBob(stage);
        return send({}, stage.bob);
      },
      changes: untilTheLimit,
    },
    'conversation-busy': {
      provoke: async (stage, { send, functionName }) => {
        const seq = await rewrittenMessage(stage, rewrite);
        return contendedSlots(stage, functionName, () => send({ ...more, seq }));
      },
      changes: othersAdvance,
    },
  } as const satisfies Readonly<Record<string, FrameProvocation>>;
}
