import { ulid } from 'ulid';
import { keys } from '../../../shared/core/table/keys.ts';
import { logAccess, rewriteEntry } from '../system/log-access.ts';
import { call, type HttpAnswer } from '../raw-client.ts';
import type { ActionName, OperationId } from '../system/operations.ts';
import { contendedSlots } from './contention.ts';
import { functionOf, send } from './implied-provocations.ts';
import type { Provocation } from './provocation.ts';
import { newMessage, type Stage, textLength } from './stage.ts';

/** How the problems of edits, deletions and reactions are provoked. */

/** Has Alice write a message and makes something of its item. Answers with its number. */
export async function messageWith(stage: Stage, changes: Readonly<Record<string, unknown>>): Promise<string> {
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
  return String(seq);
}

export const longAgo = { t: Date.now() - 24 * 60 * 60 * 1000 };
export const deleted = { u: 2, z: { q: 2, t: 1, s: 'somebody' } };
export const aSystemMessage = { k: 'n' };
export const fullOfReactions = {
  u: 2,
  r: Object.fromEntries([...'😀😁😂🤣😃😄😅😆😉😊😋😎😍😘😗😙😚🙂🤗🤩'].map((emoji) => [emoji, ['somebody']])),
};

/** Has Bob change his mind until he may not any more. Others go on. */
export async function tireBob(stage: Stage): Promise<void> {
  for (let count = 0; count <= 61; count += 1) {
    const params = { conversationId: stage.conversation, seq: '1', emoji: '👍' };
    const operation = count % 2 === 0 ? 'addReaction' : 'removeReaction';
    const answer = await send(stage, operation, { by: stage.bob, params });
    if (answer.status === 429) return;
  }
  throw new Error('Bob is not tired of reacting');
}

/** The operation on a message that is prepared for it. */
export function onMessage(
  operationId: OperationId,
  changes: Readonly<Record<string, unknown>> | ((stage: Stage) => Readonly<Record<string, unknown>>),
): Provocation {
  return {
    provoke: async (stage): Promise<HttpAnswer> => {
      const prepared = typeof changes === 'function' ? changes(stage) : changes;
      const params = { conversationId: stage.conversation, seq: await messageWith(stage, prepared), emoji: '🚀' };
      return send(stage, operationId, { params });
    },
    changes: 'the message is written for it',
  };
}

function common(operationId: OperationId) {
  const emoji = '👍';
  return {
    'conversation-not-found': { provoke: (stage: Stage) => send(stage, operationId, { by: stage.stranger }) },
    'message-not-found': {
      provoke: (stage: Stage) =>
        send(stage, operationId, { params: { conversationId: stage.conversation, seq: '999999999999', emoji } }),
    },
  } satisfies Record<string, Provocation>;
}

function limits(operationId: OperationId) {
  return {
    throttled: {
      provoke: async (stage: Stage) => {
        await tireBob(stage);
        return send(stage, operationId, { by: stage.bob });
      },
      changes: 'reactions are changed until it is too often',
    },
    'conversation-busy': {
      provoke: async (stage: Stage) => {
        const seq = await messageWith(stage, busyMessage(operationId, stage));
        const params = { conversationId: stage.conversation, seq, emoji: lifebuoy };
        return contendedSlots(stage, functionOf(operationId), () => send(stage, operationId, { params }));
      },
      changes: 'others get on in its place',
    },
  } satisfies Record<string, Provocation>;
}

export const lifebuoy = '🛟';

/** What can be taken back has to be there. */
export function busyMessage(name: OperationId | ActionName, { alice }: Stage): Readonly<Record<string, unknown>> {
  return name === 'removeReaction' || name === 'reaction.remove' ? { u: 2, r: { [lifebuoy]: [alice.userId] } } : {};
}

/** A message that somebody else wrote. */
export const bobs = ({ bob }: Stage) => ({ s: bob.userId });

const reaction = (operationId: 'addReaction' | 'removeReaction') => ({
  ...common(operationId),
  ...limits(operationId),
  'message-deleted': onMessage(operationId, deleted),
});

export const changeProvocations = {
  editMessage: {
    ...common('editMessage'),
    ...limits('editMessage'),
    'not-the-sender': onMessage('editMessage', bobs),
    'message-deleted': onMessage('editMessage', deleted),
    'edit-window-over': onMessage('editMessage', longAgo),
    'message-not-editable': {
      provoke: (stage: Stage) => send(stage, 'editMessage', { body: { location: { latitude: 1, longitude: 2 } } }),
    },
    'message-too-long': {
      provoke: (stage: Stage) => send(stage, 'editMessage', { body: { text: 'x'.repeat(textLength + 1) } }),
      pointers: ['/body/text'],
    },
    'clock-skew': {
      provoke: (stage: Stage) =>
        send(stage, 'editMessage', { body: { text: 'skewed', clientMessageId: ulid(Date.now() + 10 * 60_000) } }),
    },
    'idempotency-conflict': {
      provoke: async (stage: Stage) => {
        const clientMessageId = ulid();
        await send(stage, 'editMessage', { body: { text: `one ${clientMessageId.slice(-8)}`, clientMessageId } });
        return send(stage, 'editMessage', { body: { text: 'or other', clientMessageId } });
      },
      changes: 'the first of the two is done',
    },
  },
  deleteMessage: {
    ...common('deleteMessage'),
    ...limits('deleteMessage'),
    'not-the-sender': onMessage('deleteMessage', bobs),
    'message-not-editable': onMessage('deleteMessage', aSystemMessage),
    'edit-window-over': onMessage('deleteMessage', longAgo),
  },
  listMessageVersions: {
    ...common('listMessageVersions'),
    'message-deleted': onMessage('listMessageVersions', deleted),
  },
  addReaction: { ...reaction('addReaction'), 'too-many-reactions': onMessage('addReaction', fullOfReactions) },
  removeReaction: reaction('removeReaction'),
} as const;
